import type { Goal } from '../../store/objectives.ts';
import { type Coverage, coverage } from '../../store/plotted.ts';
import { useStudio } from '../../store/studio.ts';
import { SOURCES } from './point-mark.tsx';
import { valueWithUnit } from './units.ts';
import type { Plot } from './use-plot.ts';

function volumeWords({ volume, reference }: Coverage, goals: readonly Goal[]): string {
  const words = goals.map(({ unit }, m) => valueWithUnit(unit, reference[m] ?? 0));
  return `hypervolume ${volume.toFixed(3)}, reference ${words.join(', ')}`;
}

/** Which samples the marks stand for, said plainly, and how much the measured points cover. */
export function PlotKey({ plot }: { readonly plot: Plot }) {
  const { points, drawn, split, goals } = plot;
  const elsewhere = useStudio((state) => state.elsewhere !== null);
  const predictions = useStudio((state) => state.predictions);
  const outside = points.length - drawn.length;
  const own = points.filter((point) => point.own);
  const others = points.length - own.length;
  const n = points.length > 0 ? Math.min(...points.map((point) => point.n)) : 0;
  const foretold = split === 'calibration' && own.some(({ point }) => predictions[point.mergeId]);
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
      {foretold && (
        <span>
          <svg
            className="predictions"
            width="16"
            height="10"
            viewBox="-3.5 -5 16 10"
            aria-hidden="true"
            focusable="false"
          >
            <line x2="9" />
            <circle r="3" />
          </svg>
          predicted before it was measured
        </span>
      )}
      {others > 0 && <span>pale: {others} of other methods or mixes</span>}
      {outside > 0 && <span title="Weaker merges, left out of the drawing">{outside} beyond the axes</span>}
      {own.length > 1 && (
        <span title="The area between the measured points of this study and the reference">
          {volumeWords(coverage(points, goals), goals)}
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
