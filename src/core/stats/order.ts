/** Order statistics of magnitudes, exact over any number of separately sorted runs. */

/** @returns |values| in ascending order, a new array */
export function sortedMagnitudes(values: Float32Array): Float32Array {
  const magnitudes = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) magnitudes[i] = Math.abs(values[i] as number);
  return magnitudes.sort();
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
