/** Cuts by magnitude: which of a task vector's entries are large enough to stay. Zeros elsewhere; the input is not changed. */
import type { Piece } from '../define.ts';
import { keptByRank, largest, type Scope, segmentsOf } from './order.ts';

/** The largest ⌊n·density⌋ entries of each segment, at least one; equals keep the lower index. */
export function largestPart(
  values: Float32Array,
  order: Uint32Array,
  piece: Piece,
  scope: Scope,
  density: number,
): Float32Array {
  return keptByRank(values, order, segmentsOf(piece, scope), largest(density));
}

/**
 * The fewest largest entries that hold at least `share` of Σ τ²; the one that crosses the bound stays.
 * @param order indices from the largest magnitude to the smallest
 */
export function largestEnergy(values: Float32Array, order: Uint32Array, share: number): Float32Array {
  if (share >= 1) return values.slice();
  const out = new Float32Array(values.length);
  let wanted = 0;
  for (let i = 0; i < values.length; i++) wanted += share * (values[i] as number) ** 2;
  for (let i = 0; i < order.length && wanted > 0; i++) {
    // In range: the order is a permutation.
    const index = order[i] as number;
    const value = values[index] as number;
    out[index] = value;
    wanted -= value * value;
  }
  return out;
}

/** Entries that differ from the mean of all by more than `factor` standard deviations (unbiased). */
export function farFromMean(values: Float32Array, factor: number): Float32Array {
  const { length } = values;
  let mean = 0;
  for (let i = 0; i < length; i++) mean += (values[i] as number) / length;
  let squares = 0;
  for (let i = 0; i < length; i++) squares += ((values[i] as number) - mean) ** 2;
  const bound = factor * Math.sqrt(squares / Math.max(1, length - 1));
  return values.map((value) => (Math.abs(value - mean) > bound ? value : 0));
}
