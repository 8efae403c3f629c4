/**
 * Looks at very many magnitudes, given as the bits of float32, which are in the order of the numbers: how many are where, and which ones
 * lie between two bounds. None reaches 2³¹. Counts of numbers are multiples of 4; what fills the last four up is −1, which is below all.
 */
import { append, totalOf } from './lanes.ts';
import { heapStart, reserve } from './weights.ts';

export { heapStart, reserve };

/** Adds to the counters at `out` how many are in each step of 2^shift from `low` on. */
export function count(list: usize, end: usize, low: i32, shift: i32, out: usize): void {
  for (; list < end; list += 4) {
    const at = out + ((<usize>((load<i32>(list) - low) >> shift)) << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
}

/** How many are larger than `below`. */
export function larger(list: usize, end: usize, below: i32): i32 {
  const least = i32x4.splat(below);
  let found = i32x4.splat(0);
  for (; list < end; list += 16) found = i32x4.sub(found, i32x4.gt_s(v128.load(list), least));
  return totalOf(found);
}

/** In their order, both bounds included. @param out room for all of them, and four more @returns where they end */
export function between(list: usize, end: usize, low: i32, high: i32, out: usize): usize {
  const below = i32x4.splat(low - 1);
  const above = i32x4.splat(high);
  for (; list < end; list += 16) {
    const four = v128.load(list);
    const lanes = i32x4.bitmask(v128.andnot(i32x4.gt_s(four, below), i32x4.gt_s(four, above)));
    if (lanes !== 0) out = append(four, lanes, out);
  }
  return out;
}
