/** Which lines the brushes and floors keep, and what a key or a drag makes of a brush. */
import { roundBelow, tidy } from './layout.ts';
import type { ParallelAxis, ParallelLine, ParallelPlotProps, Ranges } from './types.ts';

export type Range = readonly [number, number];
type Floors = ParallelPlotProps['floors'];
type Bounded = Pick<ParallelAxis, 'domain'>;
type Limited = Pick<ParallelAxis, 'id' | 'kind' | 'domain' | 'turned'>;

interface Condition {
  readonly index: number;
  readonly least: number;
  readonly most: number;
}

/** An end of a brush at the end of its axis is no limit: values beyond the domain are drawn there. */
function conditionOf(axis: Limited, index: number, brushes: Ranges, floors: Floors): Condition | undefined {
  const { id, kind, domain, turned = false } = axis;
  const brush = brushes[id];
  const limit = kind === 'coefficient' ? undefined : floors[id];
  if (!brush && limit === undefined) return undefined;
  const [low, high] = brush ?? domain;
  const least = low > domain[0] ? low : Number.NEGATIVE_INFINITY;
  const most = high < domain[1] ? high : Number.POSITIVE_INFINITY;
  if (limit === undefined) return { index, least, most };
  return turned ? { index, least, most: Math.min(most, limit) } : { index, least: Math.max(least, limit), most };
}

/**
 * For each line, whether it meets every brush and every floor. A value that was not measured meets none:
 * nobody can say that it lies within.
 */
export function selectionOf(
  axes: readonly Limited[],
  lines: readonly Pick<ParallelLine, 'values'>[],
  brushes: Ranges,
  floors: Floors,
): readonly boolean[] {
  const conditions = axes.flatMap((axis, index) => conditionOf(axis, index, brushes, floors) ?? []);
  return lines.map(({ values }) =>
    conditions.every(({ index, least, most }) => {
      const value = values[index];
      return value !== undefined && value >= least && value <= most;
    }),
  );
}

/** Whether any axis of the plot is brushed or has a floor. */
export function isLimited(axes: readonly Limited[], brushes: Ranges, floors: Floors): boolean {
  return axes.some((axis, index) => conditionOf(axis, index, brushes, floors) !== undefined);
}

export type End = 'least' | 'most';

/** The whole axis is no brush. */
function asBrush({ domain }: Bounded, [low, high]: Range): Range | undefined {
  return low <= domain[0] && high >= domain[1] ? undefined : [low, high];
}

/** The brush between two values in either order. */
export function between(axis: Bounded, a: number, b: number): Range | undefined {
  return asBrush(axis, a < b ? [a, b] : [b, a]);
}

/** The brush with one end at a value, which stops at the other end. */
export function withEnd(axis: Bounded, brush: Range | undefined, end: End, value: number): Range | undefined {
  const [low, high] = brush ?? axis.domain;
  return asBrush(axis, end === 'least' ? [Math.min(value, high), high] : [low, Math.max(value, low)]);
}

/** The brush moved by a distance, in round steps and as far as its axis reaches. */
export function moved(axis: Bounded, [low, high]: Range, distance: number): Range {
  const [first, last] = axis.domain;
  const grid = gridOf(axis);
  const by = Math.min(last - high, Math.max(first - low, Math.round(distance / grid) * grid));
  return [tidy(low + by, grid), tidy(high + by, grid)];
}

const STEPS = 100;
const PAGE = 10;

/** The value that a key leads to, within the domain; undefined for keys that move nothing. */
export function stepped({ domain }: Bounded, value: number, key: string): number | undefined {
  const [low, high] = domain;
  const step = (high - low) / STEPS;
  const by = (steps: number) => Math.min(high, Math.max(low, tidy(value + steps * step, step)));
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return by(1);
    case 'ArrowDown':
    case 'ArrowLeft':
      return by(-1);
    case 'PageUp':
      return by(PAGE);
    case 'PageDown':
      return by(-PAGE);
    case 'Home':
      return low;
    case 'End':
      return high;
    default:
      return undefined;
  }
}

/** Round, and finer than a hundredth of the axis. */
const gridOf = ({ domain: [low, high] }: Bounded) => roundBelow((high - low || 1) / STEPS);

/** A drag stops at round values, and at the axis' ends exactly. */
export function dragged(axis: Bounded, value: number): number {
  const [low, high] = axis.domain;
  if (value <= low || value >= high) return value <= low ? low : high;
  const grid = gridOf(axis);
  return Math.min(high, Math.max(low, tidy(Math.round(value / grid) * grid, grid)));
}
