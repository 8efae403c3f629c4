import { useContext } from 'react';
import { written } from '../../store/metrics.ts';
import { measuredValue, type Pair, type PlotPoint, type Split } from '../../store/plotted.ts';
import { recipeAt } from '../../store/point-recipe.ts';
import type { ParetoPoint } from '../../store/state.ts';
import { useStudio } from '../../store/studio.ts';
import { CoefficientList } from '../charts/coefficients.tsx';
import { StarMark } from '../marks.tsx';
import { HoverContext } from './hover.ts';
import { type Metrics, type Predicted, useMetrics, useStar } from './use-plot.ts';

/** What the pointer or the focus is on; otherwise the merge on the screen. Always two lines, so that nothing jumps. */
export function DetailLine({ split }: { readonly split: Split }) {
  const { target } = useContext(HoverContext);
  const pair = useStudio((state) => state.view?.pair);
  if (!pair) return <p className="detail-line" />;
  return (
    <p className="detail-line">
      {target === undefined && <Now pair={pair} />}
      {target?.kind === 'measured' && <Measured plotted={target.plotted} split={split} pair={pair} />}
      {target?.kind === 'predicted' && <PredictedDetail predicted={target.predicted} pair={pair} />}
    </p>
  );
}

const both = ([a, b]: Metrics, x: number, y: number) => `${written(a, x)} · ${written(b, y)}`;

function Now({ pair }: { readonly pair: Pair }) {
  const star = useStar(pair);
  const metrics = useMetrics(pair);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  if (!star && elsewhere) return <span>Too few merges were measured to estimate others: click a point.</span>;
  if (!star) return <span>No merge was measured on these two tasks yet: move a slider, or measure points.</span>;
  const origin = {
    estimated: 'estimated',
    measuring: 'measuring …',
    measured: elsewhere ? 'measured elsewhere' : 'measured, test split',
  }[star.state];
  return (
    <>
      <span>
        <StarMark hollow={star.state === 'estimated'} /> {star.state === 'measuring' ? 'before' : 'now'}{' '}
        <b>{both(metrics, star.x, star.y)}</b> {origin}
      </span>
      <span className="faint">Click a point or the front to set the sliders to it.</span>
    </>
  );
}

function Measured(props: { readonly plotted: PlotPoint; readonly split: Split; readonly pair: Pair }) {
  const { plotted, split, pair } = props;
  const { point, x, y, n } = plotted;
  const metrics = useMetrics(pair);
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const other = split === 'test' ? 'calibration' : 'test';
  return (
    <>
      <span>
        <CoefficientList recipe={point.recipe} />
      </span>
      <span>
        <b>{both(metrics, x, y)}</b> {elsewhere ? 'measured elsewhere' : split}
        {n > 0 && `, n = ${n}`}
        {!elsewhere && <OtherScores point={point} pair={pair} split={other} />}
      </span>
    </>
  );
}

function OtherScores(props: { readonly point: ParetoPoint; readonly pair: Pair; readonly split: Split }) {
  const metrics = useMetrics(props.pair);
  const [x, y] = props.pair.map((task) => measuredValue(props.point, props.split, task));
  if (x === undefined || y === undefined) return null;
  return <span className="faint">{` · ${props.split} ${both(metrics, x, y)}`}</span>;
}

function PredictedDetail({ predicted, pair }: { readonly predicted: Predicted; readonly pair: Pair }) {
  const metrics = useMetrics(pair);
  const recipe = useStudio((state) => state.recipe);
  if (!recipe) return null;
  return (
    <>
      <span>
        <CoefficientList recipe={recipeAt(recipe, predicted.coefficients)} />
      </span>
      <span>
        <i>{both(metrics, predicted.x, predicted.y)}</i> predicted, not measured
      </span>
    </>
  );
}
