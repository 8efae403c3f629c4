/**
 * Non-dominated rows among many thousand, all objectives to be large. A row can only be dominated by one of a larger sum, and
 * then also by one that is kept, so the rows go by falling sum. Most pairs are told apart without reading their objectives:
 * each row's ranks, in 128 steps, are packed into two words, and one subtraction compares four ranks. Every index below is in
 * range by construction; `as number` only says so to the compiler.
 */

const STEPS = 128;
const BITS = 8;
const PACKED = 4;
/** The top bit of each rank's byte: it survives the subtraction of a rank that is not larger. */
const GUARD = 0x80808080 | 0;

/**
 * @param values [count × objectives], row by row
 * @returns indices, best sum first; of equal rows the first
 */
export function nonDominatedRows(values: Float64Array, objectives: number): number[] {
  const order = bySum(values, objectives);
  const [low, high] = [packedRanks(values, objectives, 0), packedRanks(values, objectives, PACKED)];
  const keptLow = new Int32Array(order.length);
  const keptHigh = new Int32Array(order.length);
  const front: number[] = [];
  for (const i of order) {
    const [rowLow, rowHigh] = [low[i] as number, high[i] as number];
    let dominated = false;
    for (let k = 0; k < front.length && !dominated; k++) {
      const notLess = ((keptLow[k] as number) - rowLow) & ((keptHigh[k] as number) - rowHigh) & GUARD;
      dominated = notLess === GUARD && covers(values, front[k] as number, i, objectives);
    }
    if (dominated) continue;
    keptLow[front.length] = rowLow | GUARD;
    keptHigh[front.length] = rowHigh | GUARD;
    front.push(i);
  }
  return front;
}

/** Rounding may tie the sums of a row and one that dominates it: the larger first differing objective then goes first. */
function bySum(values: Float64Array, objectives: number): number[] {
  const sums = new Float64Array(values.length / objectives);
  for (let i = 0; i < sums.length; i++) {
    let sum = 0;
    for (let m = 0; m < objectives; m++) sum += values[i * objectives + m] as number;
    sums[i] = sum;
  }
  const compare = (i: number, j: number) => {
    const [sumI, sumJ] = [sums[i] as number, sums[j] as number];
    if (sumI !== sumJ) return sumI > sumJ ? -1 : 1;
    for (let m = 0; m < objectives; m++) {
      const [a, b] = [values[i * objectives + m] as number, values[j * objectives + m] as number];
      if (a !== b) return a > b ? -1 : 1;
    }
    return i - j;
  };
  return Array.from(sums, (_, i) => i).sort(compare);
}

/** Ranks 0 … 127 of up to four objectives from `first` on, a byte each; equal values share a rank. */
function packedRanks(values: Float64Array, objectives: number, first: number): Int32Array {
  const count = values.length / objectives;
  const packed = new Int32Array(count);
  for (let m = first; m < Math.min(objectives, first + PACKED); m++) {
    const sorted = Float64Array.from({ length: count }, (_, i) => values[i * objectives + m] as number).sort();
    const limits = Float64Array.from(
      { length: STEPS - 1 },
      (_, k) => sorted[Math.floor(((k + 1) * count) / STEPS)] as number,
    );
    const shift = BITS * (m - first);
    for (let i = 0; i < count; i++) {
      packed[i] = (packed[i] as number) | (rank(limits, values[i * objectives + m] as number) << shift);
    }
  }
  return packed;
}

/** How many of the ascending limits are ≤ value. */
function rank(limits: Float64Array, value: number): number {
  let at = 0;
  for (let step = STEPS / 2; step >= 1; step /= 2) if (value >= (limits[at + step - 1] as number)) at += step;
  return at;
}

/** Row i is at least as good as row j in every objective. */
function covers(values: Float64Array, i: number, j: number, objectives: number): boolean {
  const [a, b] = [i * objectives, j * objectives];
  for (let m = 0; m < objectives; m++) if ((values[a + m] as number) < (values[b + m] as number)) return false;
  return true;
}
