/** Limits of the axes, and which mark a pointer means. */

export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
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

/** Round limits around values of any size. Empty and constant values get an axis, too. */
export function axisAround(values: readonly number[]): Axis {
  const low = values.length > 0 ? Math.min(...values) : 0;
  const high = values.length > 0 ? Math.max(...values) : 1;
  const range = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(range / TICKS));
  const step = power * ([1, 2, 5].find((digit) => digit * power * TICKS >= range) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1], ticks };
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
