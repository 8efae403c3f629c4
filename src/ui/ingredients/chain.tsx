import { Icon } from '../icons.tsx';
import { findMethod, type MethodMetadata, methodsOfKind, type Recipe } from './methods.ts';
import type { Mix } from './mix.ts';

const stages = { pre: 'before the merge', merge: 'the merge', post: 'after the merge' } as const;

interface StepHeadProps {
  readonly mix: Mix;
  readonly at: number;
  readonly method: MethodMetadata;
}

/** Name and place of a step on its card, and the buttons that move it among its kind or take it out. */
export function StepHead({ mix: { recipe, onMoveStep, onRemoveStep }, at, method }: StepHeadProps) {
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
                  onClick={() => onMoveStep(method.id, by)}
                >
                  <Icon name={icon} size={12} />
                </button>
              ),
          )}
          <button
            type="button"
            className="flat-icon"
            aria-label={`Remove ${method.name}`}
            onClick={() => onRemoveStep(method.id)}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      )}
    </header>
  );
}

interface AddStepProps {
  readonly recipe: Recipe;
  readonly onAdd: (method: string) => void;
  readonly isRefused?: (method: string) => boolean;
}

/** Lists of steps that can be put before and after the merge. */
export function AddStep({ recipe, onAdd, isRefused }: AddStepProps) {
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
              onChange={(event) => onAdd(event.currentTarget.value)}
            >
              <option value="" disabled>
                + {stages[kind]}
              </option>
              {free.map(({ id, name }) => (
                <option key={id} value={id} disabled={isRefused?.(id)}>
                  {name}
                </option>
              ))}
            </select>
          ),
      )}
    </div>
  );
}
