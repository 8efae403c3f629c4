/** Counts in equal bins over a range, and what lies beside it. */
import { deviationOf, type Moments } from './moments.ts';

export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** Values in [low + i·w, low + (i + 1)·w); the last bin has its upper end too. */
  readonly counts: Float64Array;
  readonly below: number;
  readonly above: number;
}

/** Values further from the mean than so many standard deviations would squeeze all others into a few bins. */
const FAR = 4;

/** The range in which several distributions are seen side by side: their means ± 4σ, within what occurs. */
export function sharedRange(all: readonly Moments[]): readonly [number, number] {
  const some = all.filter(({ count }) => count > 0);
  if (some.length === 0) return [0, 1];
  const low = Math.min(...some.map((one) => Math.max(one.least, one.mean - FAR * deviationOf(one))));
  const high = Math.max(...some.map((one) => Math.min(one.most, one.mean + FAR * deviationOf(one))));
  // Of a constant: a range around it.
  const margin = high > low ? 0 : Math.max(Math.abs(low), 1) / 2;
  return [low - margin, high + margin];
}

export const emptyHistogram = ([low, high]: readonly [number, number], bins: number): Histogram => ({
  low,
  high,
  counts: new Float64Array(bins),
  below: 0,
  above: 0,
});

/** The histogram with more values in it; what is no number is left out. Its counts are the same array. */
export function countInto(histogram: Histogram, values: Float32Array): Histogram {
  const { low, high, counts } = histogram;
  const scale = counts.length / (high - low);
  let { below, above } = histogram;
  for (let i = 0; i < values.length; i++) {
    const x = values[i] as number;
    if (x < low) below++;
    else if (x > high) above++;
    else if (x - x === 0) {
      const bin = Math.min(counts.length - 1, Math.floor((x - low) * scale));
      counts[bin] = (counts[bin] as number) + 1;
    }
  }
  return { ...histogram, below, above };
}
