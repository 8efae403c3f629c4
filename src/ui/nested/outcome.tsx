import { selectNested, selectShares } from '../../store/nested.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectSpace } from '../../store/space.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList } from '../charts/coefficients.tsx';
import { percent, wholePercent } from '../charts/format.ts';
import { ExpertMark } from '../marks.tsx';
import type { Expert } from './experts.ts';
import { isSame } from './places.ts';
import { useCurrent } from './use-plot.ts';

type Score = { readonly correct: number; readonly n: number };

const share = (score: Score | null) => (score ? percent(score.correct / score.n) : '–');

/** What the root prefers: its coefficients are products along the paths; per task what was predicted and what was measured. */
export function Outcome({ experts }: { readonly experts: readonly Expert[] }) {
  const nested = useStudio(selectNested);
  const recipe = useStudio((state) => state.recipe);
  const adopt = useStudio((state) => state.adopt);
  const shares = useStudio(selectShares);
  const current = useCurrent();
  const space = useStudio(selectSpace);
  const root = nested?.nodes.at(-1);
  if (!nested?.result || !root?.pick || !recipe) return null;
  const { coefficients } = root.pick;
  const own = recipeAt(recipe, coefficients, space);
  const [first] = nested.result;
  const used = current !== undefined && isSame(coefficients, current);
  return (
    <section
      className="nested-outcome"
      aria-label="Preferred merge"
      data-state={root.state}
      data-coefficients={coefficients.join()}
    >
      <h3>
        {root.state === 'outdated' ? 'The merge that the root preferred before' : 'The merge that the weights prefer'}
      </h3>
      <p className="outcome-use">
        <CoefficientList recipe={own} />
        <button type="button" className="plain" disabled={used} onClick={() => adopt(own)}>
          {used ? 'On the sliders' : 'Set the sliders to it'}
        </button>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">task</th>
            <th scope="col">weight</th>
            <th scope="col">predicted</th>
            <th scope="col">measured, calibration{first?.calibration && `, n = ${first.calibration.n}`}</th>
            <th scope="col">test{first?.test && `, n = ${first.test.n}`}</th>
          </tr>
        </thead>
        <tbody>
          {nested.result.map(({ task, predicted, calibration, test }, i) => (
            <tr key={task} data-task={task}>
              <th scope="row">
                <ExpertMark index={experts[i]?.index ?? 0} size={11} /> {experts[i]?.name}
              </th>
              <td>{wholePercent(shares[i] ?? 0)}</td>
              <td>
                <i>{predicted ? percent(predicted.mean) : '–'}</i>
              </td>
              <td>
                <b>{share(calibration)}</b>
              </td>
              <td>{share(test)}</td>
            </tr>
          ))}
          <tr className="mean">
            <th scope="row">weighted mean</th>
            <td />
            <td>
              <i>
                {percent(
                  mean(
                    nested.result.map(({ predicted }) => predicted?.mean),
                    shares,
                  ) ?? 0,
                )}
              </i>
            </td>
            <td>
              <b>
                {written(
                  mean(
                    nested.result.map(({ calibration }) => ratio(calibration)),
                    shares,
                  ),
                )}
              </b>
            </td>
            <td>
              {written(
                mean(
                  nested.result.map(({ test }) => ratio(test)),
                  shares,
                ),
              )}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

const ratio = (score: Score | null) => (score ? score.correct / score.n : undefined);
const written = (value: number | undefined) => (value === undefined ? '–' : percent(value));

/** Undefined unless all are known. */
function mean(values: readonly (number | undefined)[], shares: readonly number[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value, i) => (sum === undefined || value === undefined ? undefined : sum + value * (shares[i] ?? 0)),
    0,
  );
}
