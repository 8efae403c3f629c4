/** Order statistics of magnitudes, exact over any number of separately sorted runs. */

/** Below this a comparison sort is faster than three passes over buckets. */
const SHORT = 1_000;
const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const SIGN = 0x80000000;

/** @returns |values| in ascending order, a new array */
export function sortedMagnitudes(values: Float32Array): Float32Array {
  const magnitudes = new Float32Array(values.length);
  // Zeros, of which sparse vectors are full, come first and need no sorting.
  let first = values.length;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value !== 0) magnitudes[--first] = Math.abs(value);
  }
  const rest = magnitudes.subarray(first);
  if (rest.length < SHORT) rest.sort();
  else sortPatterns(new Uint32Array(rest.buffer, rest.byteOffset, rest.length));
  return magnitudes;
}

/** @returns the values in ascending order, a new array */
export function sortedAscending(values: Float32Array): Float32Array {
  const sorted = values.slice();
  if (sorted.length < SHORT) return sorted.sort();
  const patterns = new Uint32Array(sorted.buffer);
  // Negative numbers are ordered against their patterns, and come first.
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i] as number;
    patterns[i] = pattern & SIGN ? ~pattern : pattern | SIGN;
  }
  sortPatterns(patterns);
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i] as number;
    patterns[i] = pattern & SIGN ? pattern & ~SIGN : ~pattern;
  }
  return sorted;
}

/** Sorts in place, by three digits of 11 bits. */
function sortPatterns(patterns: Uint32Array): void {
  const { length } = patterns;
  let from: Uint32Array = patterns;
  let to: Uint32Array = new Uint32Array(length);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    const next = new Uint32Array(BUCKETS + 1);
    for (let i = 0; i < length; i++) {
      // In range, here and below: a digit is less than the number of buckets.
      const bucket = (((from[i] as number) >>> shift) & (BUCKETS - 1)) + 1;
      next[bucket] = (next[bucket] as number) + 1;
    }
    for (let b = 0; b < BUCKETS; b++) next[b + 1] = (next[b + 1] as number) + (next[b] as number);
    for (let i = 0; i < length; i++) {
      const pattern = from[i] as number;
      const bucket = (pattern >>> shift) & (BUCKETS - 1);
      const at = next[bucket] as number;
      next[bucket] = at + 1;
      to[at] = pattern;
    }
    [from, to] = [to, from];
  }
  // Three passes end in the other array.
  patterns.set(from);
}

/** @returns how many entries of an ascending run are ≤ limit */
export function countAtMost(run: Float32Array, limit: number): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((run[middle] as number) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bits of float32 +∞: the largest magnitude there is. */
const INFINITY_BITS = 0x7f800000;

/**
 * The k-th smallest (from 1) of all entries of several ascending runs of magnitudes, without merging them: float32 bit
 * patterns of non-negative numbers are ordered as the numbers are, so 31 halvings of the pattern find the entry.
 * @throws RangeError when k is not in 1 … number of entries
 */
export function kthSmallestMagnitude(runs: readonly Float32Array[], k: number): number {
  const total = runs.reduce((sum, run) => sum + run.length, 0);
  if (!(k >= 1 && k <= total)) throw new RangeError(`kthSmallestMagnitude: k is ${k}, must be between 1 and ${total}`);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  const magnitudeOf = (pattern: number): number => {
    bits[0] = pattern;
    return value[0] as number;
  };
  let low = 0;
  let high = INFINITY_BITS;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const limit = magnitudeOf(middle);
    const count = runs.reduce((sum, run) => sum + countAtMost(run, limit), 0);
    if (count >= k) high = middle;
    else low = middle + 1;
  }
  return magnitudeOf(low);
}
