import { useContext } from 'react';
import { selectPairGoals } from '../../store/objectives.ts';
import { measuredIn, type PlotPoint, type Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectExtrapolated } from '../../store/sampled.ts';
import { selectSpace } from '../../store/space.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList } from '../charts/coefficients.tsx';
import { StarMark } from '../marks.tsx';
import { HoverContext } from './hover.ts';
import { Foretold } from './prediction-error.tsx';
import { valueText } from './units.ts';
import { type Predicted, useStar } from './use-plot.ts';

/** What the pointer or the focus is on; otherwise the merge on the screen. Always two lines, so that nothing jumps. */
export function DetailLine({ split }: { readonly split: Split }) {
  const { target } = useContext(HoverContext);
  return (
    <p className="detail-line">
      {target === undefined && <Now />}
      {target?.kind === 'measured' && <Measured {...target} split={split} />}
      {target?.kind === 'predicted' && <PredictedDetail predicted={target.predicted} />}
    </p>
  );
}

function Now() {
  const star = useStar();
  const text = useValues();
  const extrapolated = useStudio(selectExtrapolated);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  if (!star && elsewhere) return <span>Too few merges were measured to estimate others: click a point.</span>;
  if (!star) return <span>No merge was measured on these two tasks yet: move a slider, or measure points.</span>;
  const guess = extrapolated ? 'extrapolated: outside what was sampled' : 'estimated';
  const measured = elsewhere ? 'measured elsewhere' : 'measured, test split';
  const origin = { estimated: guess, measuring: 'measuring …', measured }[star.state];
  return (
    <>
      <span>
        <StarMark hollow={star.state === 'estimated'} /> {star.state === 'measuring' ? 'before' : 'now'}{' '}
        <b>{text(star.x, star.y)}</b> {origin}
      </span>
      <span className="faint">Click a point or the front to set the sliders to it.</span>
    </>
  );
}

function Measured(props: { readonly plotted: PlotPoint; readonly set?: string; readonly split: Split }) {
  const { plotted, set, split } = props;
  const text = useValues();
  const { point, x, y, n } = plotted;
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const other = split === 'test' ? 'calibration' : 'test';
  return (
    <>
      <span>
        {set && `${set} `}
        <CoefficientList recipe={point.recipe} />
      </span>
      <span>
        <b>{text(x, y)}</b> {elsewhere ? 'measured elsewhere' : split}
        {n > 0 && `, n = ${n}`}
        {!elsewhere && <Foretold point={point} split={split} />}
        {!elsewhere && <OtherScores point={point} split={other} />}
      </span>
    </>
  );
}

function OtherScores({ point, split }: { readonly point: ParetoPoint; readonly split: Split }) {
  const goals = useStudio(selectPairGoals);
  const text = useValues();
  const [x, y] = measuredIn(point, split, goals);
  if (x === undefined || y === undefined) return null;
  return <span className="faint">{` · ${split} ${text(x, y)}`}</span>;
}

function PredictedDetail({ predicted }: { readonly predicted: Predicted }) {
  const recipe = useStudio((state) => state.recipe);
  const text = useValues();
  const space = useStudio(selectSpace);
  if (!recipe) return null;
  return (
    <>
      <span>
        <CoefficientList recipe={recipeAt(recipe, predicted.coefficients, space)} />
      </span>
      <span>
        <i>{text(predicted.x, predicted.y)}</i> predicted, not measured
      </span>
    </>
  );
}

/** Both values of a place in the plot, each in its unit. */
function useValues(): (x: number, y: number) => string {
  const goals = useStudio(selectPairGoals);
  return (x, y) => [x, y].map((value, i) => valueText(goals[i]?.unit ?? 'share', value)).join(' · ');
}
