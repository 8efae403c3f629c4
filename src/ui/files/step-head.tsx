import { useFiles } from '../../store/files/store.ts';
import { Icon } from '../icons.tsx';
import { findMethod, type MethodMetadata, type Recipe } from '../ingredients/methods.ts';

const MOVES = [
  { by: -1, name: 'earlier', icon: 'up' },
  { by: 1, name: 'later', icon: 'down' },
] as const;

/** Name of a step on its card, and the buttons that move it among its kind or take it out. */
export function OwnStepHead({ recipe, method }: { readonly recipe: Recipe; readonly method: MethodMetadata }) {
  const remove = useFiles((state) => state.stepRemoved);
  const move = useFiles((state) => state.stepMoved);
  const at = recipe.chain.findIndex((step) => step.method === method.id);
  const sameKind = (by: number) => findMethod(recipe.chain[at + by]?.method ?? '')?.kind === method.kind;
  const movable = sameKind(1) || sameKind(-1);
  return (
    <header className="step-head">
      <h3>{method.name}</h3>
      {method.kind !== 'merge' && (
        <span className="step-buttons">
          {movable &&
            MOVES.map(({ by, name, icon }) => (
              <button
                key={name}
                type="button"
                className="flat-icon"
                aria-label={`Apply ${method.name} ${name}`}
                disabled={!sameKind(by)}
                onClick={() => move(method.id, by)}
              >
                <Icon name={icon} size={12} />
              </button>
            ))}
          <button
            type="button"
            className="flat-icon"
            aria-label={`Remove ${method.name}`}
            onClick={() => remove(method.id)}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
    </header>
  );
}
