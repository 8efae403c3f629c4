import { short } from '../../store/sentence.ts';
import { useStudio } from '../../store/studio.ts';
import { ExpertMark } from '../marks.tsx';
import { CurvePlot } from './curve-plot.tsx';
import { isTrained, stepOnPath } from './numbers.ts';

/** What the method found by itself: the coefficients it learned and the curves of its own steps. */
export function Readout() {
  const recipe = useStudio((state) => state.recipe);
  const card = useStudio((state) => state.card);
  const readout = useStudio((state) =>
    state.measurement?.recipe === state.recipe ? state.measurement?.info?.readout : undefined,
  );
  // What masks keep is told beside the size of a pack.
  if (!(readout?.coefficients || readout?.curves) || !recipe || !card) return null;
  const index = (id: string) => card.experts.findIndex((expert) => expert.id === id);
  const at = stepOnPath(recipe);
  const expertOf = (name: string) => recipe.experts.find((id) => name.endsWith(` ${id}`));
  const lines = (readout.curves ?? []).map((curve) => ({ ...curve, expert: expertOf(curve.name) }));
  const perExpert = lines.flatMap(({ expert, ...line }) =>
    expert === undefined ? [] : [{ ...line, name: expert, index: index(expert) }],
  );
  const found = isTrained(recipe) ? 'learned' : 'found on its way';
  return (
    <section className="readout" aria-label={`What the method ${found}`}>
      <h3>What it {found}</h3>
      {readout.coefficients && (
        <p>
          {recipe.experts.map((id, i) => (
            <span key={id} className="expert-value">
              <ExpertMark index={index(id)} size={11} />
              {id} {short(readout.coefficients?.[i] ?? 0)}
            </span>
          ))}
        </p>
      )}
      {lines
        .filter(({ expert }) => expert === undefined)
        .map(({ name, values, along }) => (
          <CurvePlot key={name} title={name} curves={[{ name, values }]} at={at} along={along} />
        ))}
      {perExpert.length > 0 && <CurvePlot title="coefficients" curves={perExpert} at={at} />}
    </section>
  );
}
