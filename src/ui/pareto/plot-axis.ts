/** Limits of the axes, and which mark a pointer means. */

export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  /** The largest value is at the left or at the bottom: less is better. */
  readonly reversed?: boolean;
}

/** Room around the outermost marks, as accuracy. */
const MARGIN = 0.02;

/** Share of the other points that may lie below an axis: merges that collapsed would squeeze the rest into a corner. */
const LEFT_OUT = 0.3;

/**
 * Round limits, never beyond 0…1, with four to eight ticks.
 * @param kept accuracies that must lie within
 * @param others accuracies of which the lowest may lie below
 */
export function axisOver(kept: readonly number[], others: readonly number[] = []): Axis {
  const low = Math.max(0, Math.min(1, ...kept, quantile(others, LEFT_OUT)) - MARGIN);
  const high = Math.min(1, Math.max(0, ...kept, ...others) + MARGIN);
  const range = Math.max(0.05, high - low);
  const step = range > 0.6 ? 0.2 : range > 0.3 ? 0.1 : range > 0.12 ? 0.05 : 0.02;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(4)));
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks };
}

/** Ticks of an axis without natural ends, about this many. */
const TICKS = 5;

/**
 * Limits of values without natural ones, such as a loss. Where less is better the largest of the others may lie beyond, and the
 * axis runs the other way; else the least may.
 * @param kept values that must lie within
 */
export function axisAround(kept: readonly number[], others: readonly number[], reversed: boolean): Axis {
  const sorted = [...others].sort((a, b) => (reversed ? a - b : b - a));
  const worst = sorted[Math.ceil((1 - LEFT_OUT) * sorted.length) - 1];
  const all = [...kept, ...sorted.slice(0, 1), ...(worst === undefined ? [] : [worst])];
  const [low, high] = all.length > 0 ? [Math.min(...all), Math.max(...all)] : [0, 1];
  const step = roundStep((high - low || Math.abs(high) || 1) / TICKS);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)));
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks, ...(reversed && { reversed }) };
}

/** The least of 1, 2, 5 times a power of ten that is not below. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return (([1, 2, 5] as const).find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * sorted.length)] ?? 1;
}

/** The point nearest to a place in pixels, not farther than `reach`; undefined when there is none. */
export function nearest<P>(
  points: readonly P[],
  place: (point: P) => readonly [number, number],
  [x, y]: readonly [number, number],
  reach: number,
): P | undefined {
  let best: P | undefined;
  let least = reach;
  for (const point of points) {
    const [px, py] = place(point);
    const distance = Math.hypot(px - x, py - y);
    // Of equally near ones the last, which is drawn on top.
    if (distance <= least) {
      least = distance;
      best = point;
    }
  }
  return best;
}
