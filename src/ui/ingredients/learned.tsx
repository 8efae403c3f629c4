import { selectMergeId } from '../../store/selectors.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';
import { findMethod, type Recipe } from './methods.ts';

const TARGET = 'task-arithmetic';

/** More decimals change no answer, and make a link that nobody can read. */
const readable = (value: number) => Number(value.toFixed(4));

/** The same experts merged by Task Arithmetic with these coefficients. */
function asTaskArithmetic(recipe: Recipe, coefficients: readonly number[]): Recipe {
  const controls = Object.entries(findMethod(TARGET)?.controls ?? {}).map(([name, control]) => [
    name,
    control.per === 'expert' ? coefficients.map(readable) : control.default,
  ]);
  return { ...recipe, chain: [{ method: TARGET, controls: Object.fromEntries(controls) }] };
}

/** Coefficients that the method found by itself, to read and to take over; shown only for the recipe on the screen. */
export function LearnedCoefficients() {
  const recipe = useStudio((state) => state.recipe);
  const coefficients = useStudio((state) =>
    state.measurement?.mergeId === selectMergeId(state) ? state.measurement?.info?.readout?.coefficients : undefined,
  );
  const card = useStudio((state) => state.card);
  const adopt = useStudio((state) => state.adopt);
  if (!recipe || !coefficients || !card) return null;
  return (
    <section className="learned" aria-label="Learned coefficients">
      <h3>Learned λ</h3>
      <ul>
        {recipe.experts.map((id, i) => (
          <li key={id}>
            <ExpertMark index={card.experts.findIndex((expert) => expert.id === id)} />
            {id} <b>{(coefficients[i] ?? 0).toFixed(2).replace('-', '−')}</b>
          </li>
        ))}
      </ul>
      <button type="button" className="plain" onClick={() => adopt(asTaskArithmetic(recipe, coefficients))}>
        Copy to Task Arithmetic
      </button>
    </section>
  );
}
