import { useContext } from 'react';
import { measuredValue, type Pair, type PlotPoint, type Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import { selectExtrapolated } from '../../store/sampled.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList } from '../charts/coefficients.tsx';
import { percent } from '../charts/format.ts';
import { StarMark } from '../marks.tsx';
import { HoverContext } from './hover.ts';
import { type Predicted, useStar } from './use-plot.ts';

/** What the pointer or the focus is on; otherwise the merge on the screen. Always two lines, so that nothing jumps. */
export function DetailLine({ split }: { readonly split: Split }) {
  const { target } = useContext(HoverContext);
  const pair = useStudio((state) => state.view?.pair);
  if (!pair) return <p className="detail-line" />;
  return (
    <p className="detail-line">
      {target === undefined && <Now pair={pair} />}
      {target?.kind === 'measured' && <Measured plotted={target.plotted} split={split} pair={pair} />}
      {target?.kind === 'predicted' && <PredictedDetail predicted={target.predicted} />}
    </p>
  );
}

function Now({ pair }: { readonly pair: Pair }) {
  const star = useStar(pair);
  const extrapolated = useStudio(selectExtrapolated);
  if (!star) return <span>No merge was measured on these two tasks yet: move a slider, or measure points.</span>;
  const guess = extrapolated ? 'extrapolated: outside what was sampled' : 'estimated';
  const origin = { estimated: guess, measuring: 'measuring …', measured: 'measured, test split' }[star.state];
  return (
    <>
      <span>
        <StarMark hollow={star.state === 'estimated'} /> {star.state === 'measuring' ? 'before' : 'now'}{' '}
        <b>{`${percent(star.x)} · ${percent(star.y)}`}</b> {origin}
      </span>
      <span className="faint">Click a point or the front to set the sliders to it.</span>
    </>
  );
}

function Measured(props: { readonly plotted: PlotPoint; readonly split: Split; readonly pair: Pair }) {
  const { plotted, split, pair } = props;
  const { point, x, y, n } = plotted;
  const other = split === 'test' ? 'calibration' : 'test';
  return (
    <>
      <span>
        <CoefficientList recipe={point.recipe} />
      </span>
      <span>
        <b>{`${percent(x)} · ${percent(y)}`}</b> {split}, n = {n}
        <OtherScores point={point} pair={pair} split={other} />
      </span>
    </>
  );
}

function OtherScores(props: { readonly point: ParetoPoint; readonly pair: Pair; readonly split: Split }) {
  const [x, y] = props.pair.map((task) => measuredValue(props.point, props.split, task));
  if (x === undefined || y === undefined) return null;
  return <span className="faint">{` · ${props.split} ${percent(x)} · ${percent(y)}`}</span>;
}

function PredictedDetail({ predicted }: { readonly predicted: Predicted }) {
  const recipe = useStudio((state) => state.recipe);
  if (!recipe) return null;
  return (
    <>
      <span>
        <CoefficientList recipe={recipeAt(recipe, predicted.coefficients)} />
      </span>
      <span>
        <i>{`${percent(predicted.x)} · ${percent(predicted.y)}`}</i> predicted, not measured
      </span>
    </>
  );
}
