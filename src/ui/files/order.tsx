import { nameOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';
import { Icon } from '../icons.tsx';
import { findMethod, type Recipe } from '../ingredients/methods.ts';
import { ExpertMark } from '../marks.tsx';

const MOVES = [
  { by: -1, name: 'earlier', icon: 'up' },
  { by: 1, name: 'later', icon: 'down' },
] as const;

/** The experts one after the other, where another order is another merge. */
export function OwnOrder({ recipe: { experts, chain } }: { readonly recipe: Recipe }) {
  const models = useFiles((state) => state.models);
  const move = useFiles((state) => state.expertMoved);
  if (experts.length < 2 || !chain.some(({ method }) => findMethod(method)?.needs.order)) return null;
  return (
    <section className="own-order" aria-label="Order of the models">
      <p className="control-head">Order of the models: another one gives another merge</p>
      <ol>
        {experts.map((id, place) => (
          <li key={id} className="step-head">
            <ExpertMark index={place} />
            <span className="model-name" title={nameOf({ models }, id)}>
              {place + 1}. {nameOf({ models }, id)}
            </span>
            <span className="step-buttons">
              {MOVES.map(({ by, name, icon }) => (
                <button
                  key={name}
                  type="button"
                  className="flat-icon"
                  aria-label={`${nameOf({ models }, id)} ${name}`}
                  disabled={experts[place + by] === undefined}
                  onClick={() => move(id, by)}
                >
                  <Icon name={icon} size={12} />
                </button>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
