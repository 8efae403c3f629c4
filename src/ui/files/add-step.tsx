import { useFiles } from '../../store/files/store.ts';
import { methodsOfKind, type Recipe } from '../ingredients/methods.ts';
import { refusalOf } from './refusals.ts';

/** Lists of steps that can be put before and after the merge. */
export function AddOwnStep({ recipe }: { readonly recipe: Recipe }) {
  const choose = useFiles((state) => state.methodChosen);
  const check = useFiles((state) => state.check);
  const lists = [
    { kind: 'pre', name: 'Add a step before the merge' },
    { kind: 'post', name: 'Add a step after the merge' },
  ] as const;
  return (
    <div className="add-step">
      {lists.map(({ kind, name }) => (
        <select key={kind} aria-label={name} value="" onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{kind === 'pre' ? '+ before …' : '+ after …'}</option>
          {methodsOfKind(kind)
            .filter(({ id }) => !recipe.chain.some((step) => step.method === id))
            .map((method) => (
              <option key={method.id} value={method.id} disabled={refusalOf(check, method.id) !== null}>
                {method.name}
              </option>
            ))}
        </select>
      ))}
    </div>
  );
}
