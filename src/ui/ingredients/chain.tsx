import { useStudio } from '../../store/studio.ts';
import { Icon } from '../icons.tsx';
import { findMethod, type MethodMetadata, methodsOfKind, type Recipe } from './methods.ts';

const stages = { pre: 'before the merge', merge: 'the merge', post: 'after the merge' } as const;

interface StepHeadProps {
  readonly recipe: Recipe;
  readonly at: number;
  readonly method: MethodMetadata;
}

/** Name and place of a step on its card, and the buttons that move it among its kind or take it out. */
export function StepHead({ recipe, at, method }: StepHeadProps) {
  const removeStep = useStudio((state) => state.removeStep);
  const moveStep = useStudio((state) => state.moveStep);
  const sameKind = (by: number) => findMethod(recipe.chain[at + by]?.method ?? '')?.kind === method.kind;
  const moves = [
    { by: -1, name: 'earlier', icon: 'up' },
    { by: 1, name: 'later', icon: 'down' },
  ] as const;
  return (
    <header className="step-head">
      <span className="step-number">{at + 1}</span>
      <h3>{method.name}</h3>
      <span className="hint">{stages[method.kind]}</span>
      {method.kind !== 'merge' && (
        <span className="step-buttons">
          {moves.map(
            ({ by, name, icon }) =>
              (sameKind(1) || sameKind(-1)) && (
                <button
                  key={name}
                  type="button"
                  className="flat-icon"
                  aria-label={`Apply ${method.name} ${name}`}
                  disabled={!sameKind(by)}
                  onClick={() => moveStep(method.id, by)}
                >
                  <Icon name={icon} size={12} />
                </button>
              ),
          )}
          <button
            type="button"
            className="flat-icon"
            aria-label={`Remove ${method.name}`}
            onClick={() => removeStep(method.id)}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
    </header>
  );
}

/** Lists of steps that can be put before and after the merge. */
export function AddStep({ recipe }: { readonly recipe: Recipe }) {
  const chooseMethod = useStudio((state) => state.chooseMethod);
  const lists = (['pre', 'post'] as const).map((kind) => ({
    kind,
    free: methodsOfKind(kind).filter(({ id }) => !recipe.chain.some((step) => step.method === id)),
  }));
  return (
    <div className="add-step">
      {lists.map(
        ({ kind, free }) =>
          free.length > 0 && (
            <select
              key={kind}
              aria-label={`Add a step ${stages[kind]}`}
              value=""
              onChange={(event) => chooseMethod(event.currentTarget.value)}
            >
              <option value="" disabled>
                + {stages[kind]}
              </option>
              {free.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          ),
      )}
    </div>
  );
}
