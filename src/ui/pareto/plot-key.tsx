import { asReference, isAccuracy } from '../../store/metrics.ts';
import { coverage, worst } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { SOURCES } from './point-mark.tsx';
import type { Plot } from './use-plot.ts';

/** Which samples the marks stand for, said plainly, and how much the measured points cover. */
export function PlotKey({ plot }: { readonly plot: Plot }) {
  const { points, drawn, metrics } = plot;
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const outside = points.length - drawn.length;
  const own = points.filter((point) => point.own);
  const others = points.length - own.length;
  const n = points.length > 0 ? Math.min(...points.map((point) => point.n)) : 0;
  const [least, lowest] = worst(points);
  const reference = [isAccuracy(metrics[0]) ? 0 : least, isAccuracy(metrics[1]) ? 0 : lowest] as const;
  const sources = Object.entries(SOURCES).filter(([id]) => own.some(({ point }) => point.source === id));
  return (
    <p className="plot-key">
      <span>{elsewhere ? `points: measured elsewhere${n > 0 ? `, n ≥ ${n} per task` : ''}` : splitOf(plot, n)}</span>
      {sources.map(([id, { name, path }]) => (
        <span key={id}>
          <svg width="10" height="10" viewBox="-5 -5 10 10" aria-hidden="true" focusable="false">
            <path d={path} />
          </svg>
          {name}
        </span>
      ))}
      {others > 0 && <span>pale: {others} of other methods or mixes</span>}
      {outside > 0 && <span>{outside} weaker ones below the axes</span>}
      {own.length > 1 && (
        <span title="The area that the measured points of this study cover, from the reference on">
          hypervolume {coverage(points, reference).toFixed(3)}, reference{' '}
          {metrics.map((metric, i) => asReference(metric, reference[i === 0 ? 0 : 1])).join(', ')}
        </span>
      )}
    </p>
  );
}

function splitOf({ points, split }: Plot, n: number): string {
  const counted = points.length > 0 ? `n = ${n} per task` : '';
  return split === 'calibration'
    ? `points: calibration split${counted && `, ${counted}`}, used to choose; star, base and experts: test split`
    : `points and star: test split${counted && `, points ${counted}`}; front: fitted on calibration`;
}
