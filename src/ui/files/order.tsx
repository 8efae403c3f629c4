import { nameOf } from '../../store/files/asked.ts';
import { useFiles } from '../../store/files/store.ts';
import { expertColour } from '../experts.ts';
import { Icon } from '../icons.tsx';
import { findMethod, type Recipe } from '../ingredients/methods.ts';

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
    <section aria-label="Order of the models">
      <p className="control-head">order of the models</p>
      <ol>
        {experts.map((id, place) => (
          <li key={id} className="step-head">
            <h3 className="model-name" style={{ color: expertColour(place) }}>
              {place + 1}. {nameOf({ models }, id)}
            </h3>
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
