/** Competition of parameters within an expert and between experts (PCB-Merging, Du et al. 2024, and its three official codes). */

/** 'a': pcb-merging.py, 'b': pcb.py, 'c': pcb_ES.py of the official repository; 'paper': the formula of the paper. */
export type Version = 'a' | 'b' | 'c' | 'paper';

/** The magnitudes of a task vector are clipped to this range, and that range becomes 0…1. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * The c and 1 − c quantiles of |τ| as the official code takes them: even with c = 0 and few entries they are entries of τ.
 * @param order indices from the largest magnitude to the smallest
 * @param c undefined for the smallest and the largest magnitude
 */
export function rangeOf(values: Float32Array, order: Uint32Array, c: number | undefined): Range {
  const { length } = values;
  const ascending = (k: number) => Math.abs(values[order[length - 1 - k] ?? 0] ?? 0);
  if (c === undefined) return { low: ascending(0), high: ascending(length - 1) };
  return { low: ascending(Math.floor(length * c)), high: ascending(Math.max(0, Math.trunc(length * (1 - c) - 1))) };
}

export const clipped = (value: number, { low, high }: Range): number =>
  Math.sign(value) * Math.min(high, Math.max(low, Math.abs(value)));

/** x from low…high to 0…1; 0 where the range is a point. */
const normaliser = ({ low, high }: Range) => {
  const scale = high > low ? 1 / (high - low) : 0;
  return (x: number) => (x - low) * scale;
};

function extremes(values: ArrayLike<number>): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** Σ_t of one entry each, for all entries. */
function summed(rows: readonly Float32Array[]): Float64Array {
  const total = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (row[i] as number);
  return total;
}

/** The balance of each entry of each task vector: how large it is in its own expert, times how well the others agree. */
export function balances(
  vectors: readonly Float32Array[],
  ranges: readonly Range[],
  version: Version,
): readonly Float32Array[] {
  if (version === 'paper') return paperBalances(vectors);
  const experts = vectors.length;
  const normal = vectors.map((vector, t) => {
    const range = ranges[t] as Range;
    const scale = range.high > range.low ? 1 / (range.high - range.low) : 0;
    const out = new Float32Array(vector.length);
    for (let i = 0; i < out.length; i++) {
      const value = vector[i] as number;
      const size = Math.min(range.high, Math.max(range.low, Math.abs(value)));
      out[i] = Math.sign(value) * (size - range.low) * scale;
    }
    return out;
  });
  const inter = version === 'c' ? pairwise(normal) : againstAll(vectors, summed(version === 'a' ? vectors : normal));
  return normal.map((row, t) => {
    const agreement = inter[t] as Float64Array;
    const out = new Float32Array(row.length);
    for (let i = 0; i < out.length; i++) {
      out[i] = Math.exp(experts * (row[i] as number) ** 2) * (agreement[i] as number);
    }
    return out;
  });
}

/** tanh(τ_t ⊙ total). */
const againstAll = (vectors: readonly Float32Array[], total: Float64Array): Float64Array[] =>
  vectors.map((vector) => Float64Array.from(vector, (value, i) => Math.tanh(value * (total[i] as number))));

/** tanh x for |x| ≤ 1: Lambert's continued fraction to the seventh term, exact to 1e-9, ten times as fast as Math.tanh. */
function tanhOfUnit(x: number): number {
  const y = x * x;
  return (x * (135135 + y * (17325 + y * (378 + y)))) / (135135 + y * (62370 + y * (3150 + y * 28)));
}

/** Σ_j tanh(n̂_t ⊙ n̂_j); each pair is looked at once. */
function pairwise(rows: readonly Float32Array[]): Float64Array[] {
  const sums = rows.map((row) => new Float64Array(row.length));
  for (const [t, row] of rows.entries()) {
    for (let j = 0; j <= t; j++) {
      const [other, own, its] = [rows[j] as Float32Array, sums[t] as Float64Array, sums[j] as Float64Array];
      for (let i = 0; i < row.length; i++) {
        const value = tanhOfUnit((row[i] as number) * (other[i] as number));
        own[i] = (own[i] as number) + value;
        if (j < t) its[i] = (its[i] as number) + value;
      }
    }
  }
  return sums;
}

/** softmax_P(T·Nm(τ²)) ⊙ Σ_j softmax_P(Nm(τ ⊙ τ_j)), times the square of the number of entries, which cancels later. */
function paperBalances(vectors: readonly Float32Array[]): readonly Float32Array[] {
  const experts = vectors.length;
  return vectors.map((vector) => {
    const inter = new Float64Array(vector.length);
    for (const other of vectors) {
      const share = softmax(
        Float64Array.from(vector, (value, i) => value * (other[i] as number)),
        1,
      );
      for (let i = 0; i < inter.length; i++) inter[i] = (inter[i] as number) + (share[i] as number);
    }
    const intra = softmax(
      Float64Array.from(vector, (value) => value * value),
      experts,
    );
    return Float32Array.from(vector, (_, i) => (intra[i] as number) * (inter[i] as number));
  });
}

/** n · softmax(steepness · Nm(x)) of the n entries of x, in place. */
function softmax(x: Float64Array, steepness: number): Float64Array {
  const toUnit = normaliser(extremes(x));
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    const value = Math.exp(steepness * toUnit(x[i] as number));
    x[i] = value;
    total += value;
  }
  for (let i = 0; i < x.length; i++) x[i] = ((x[i] as number) * x.length) / total;
  return x;
}

/**
 * How much of each entry counts: the balances above the cut as 0…1 in the official codes, the largest balances themselves in
 * the paper's formula; 0 elsewhere.
 * @param sorted the same balances in ascending order
 * @param ratio part of the entries that is kept
 */
export function scales(balance: Float32Array, sorted: Float32Array, ratio: number, version: Version): Float32Array {
  const { length } = balance;
  if (version === 'paper') {
    const least = sorted[length - Math.max(1, Math.floor(length * ratio))] as number;
    return balance.map((value) => (value >= least ? value : 0));
  }
  const low = sorted[Math.min(length - 1, Math.floor(length * (1 - ratio)))] as number;
  const high = sorted[length - 1] as number;
  const out = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const value = balance[i] as number;
    if (value > low) out[i] = (value - low) / (high - low);
  }
  return out;
}
