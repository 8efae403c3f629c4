import { type Measure, type Place, valueAt } from '../../store/inspect/landscape.ts';
import type { Behaviour, SeenModel } from '../../store/inspect/subject.ts';
import { percent, wholePercent } from '../charts/format.ts';
import { AxisTicks } from './axis-ticks.tsx';
import { ModelName } from './models.tsx';
import { ticksOver } from './ticks.ts';
import type { Measured } from './use-measuring.ts';

const WIDTH = 360;
const HEIGHT = 150;

interface LinePlotProps {
  readonly places: readonly Place[];
  readonly scores: readonly Measured[];
  readonly ends: readonly [SeenModel, SeenModel];
  readonly tasks: Behaviour['tasks'];
  readonly task: string | null;
  readonly measure: Measure;
  readonly samples: number;
}

export const valueText = (value: number | undefined, measure: Measure): string =>
  value === undefined ? '–' : measure === 'accuracy' ? `${percent(value)}\u00a0%` : `${value.toFixed(3)}\u00a0nats`;

/** Accuracy or loss between two networks. */
export function LinePlot({ places, scores, ends: [a, b], task, tasks, measure }: LinePlotProps) {
  const values = places.map((_, i) => {
    const own = scores[i];
    return own && valueAt(own, task, measure);
  });
  const known = values.filter((value) => value !== undefined);
  const low = known.length > 0 ? Math.min(...known) : 0;
  const high = known.length > 0 ? Math.max(...known) : 1;
  const x = (i: number) => 5 + (i / (places.length - 1)) * (WIDTH - 10);
  const ticks = ticksOver(low, high);
  const [bottom = 0, top = 1] = [ticks[0], ticks.at(-1)];
  const y = (value: number) => HEIGHT - 8 - ((value - bottom) / (top - bottom)) * (HEIGHT - 16);
  const step = (ticks[1] ?? 1) - bottom;
  const tickText = (value: number) =>
    measure === 'loss' ? value.toFixed(step < 0.1 ? 2 : 1) : step < 0.01 ? `${percent(value)} %` : wholePercent(value);
  const what = `${measure === 'accuracy' ? 'Accuracy' : 'Loss'} ${task === null ? 'over all tasks' : `on ${tasks.find(({ id }) => id === task)?.name}`}`;
  const worst = measure === 'accuracy' ? low : high;
  const summary =
    known.length === 0
      ? 'Nothing is measured yet.'
      : `${what}: ${valueText(values[0], measure)} at ${a.name}, ${valueText(values.at(-1), measure)} at ${b.name}; between ${valueText(low, measure)} and ${valueText(high, measure)} along the way, worst at t = ${places[values.indexOf(worst)]?.x.toFixed(2)}.`;
  return (
    <figure
      className="inspect-figure axis-figure line-plot"
      data-start={values[0] ?? ''}
      data-end={values.at(-1) ?? ''}
      data-known={known.length}
    >
      <AxisTicks ticks={ticks.map((value) => ({ at: y(value) / HEIGHT, text: tickText(value) }))} />
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summary}>
        {ticks.map((value) => (
          <line key={value} className="axis" x1={0} x2={WIDTH} y1={y(value)} y2={y(value)} />
        ))}
        <g className="ink-line">
          <polyline
            points={values
              .flatMap((value, i) => (value === undefined ? [] : `${x(i).toFixed(1)},${y(value).toFixed(1)}`))
              .join(' ')}
          />
          {values.map((value, i) =>
            value === undefined ? null : (
              <circle key={places[i]?.x} cx={x(i)} cy={y(value)} r={2.5}>
                <title>{`t = ${places[i]?.x.toFixed(2)}: ${valueText(value, measure)}`}</title>
              </circle>
            ),
          )}
        </g>
      </svg>
      <figcaption className="axis-ends">
        <span>
          <ModelName model={a} />
        </span>
        <span>t from 0 to 1</span>
        <span>
          <ModelName model={b} />
        </span>
      </figcaption>
      <p>{summary}</p>
    </figure>
  );
}
