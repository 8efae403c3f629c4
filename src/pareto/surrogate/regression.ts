/**
 * Weighted ridge regression that grows by one row at a time. Only sums are kept (ΦᵀWΦ, ΦᵀWz, Σw), so a row costs p² operations
 * to add and the order of arrival does not matter; the rows themselves stay for leverages. Every index below is in range by
 * construction; `as number` only says so to the compiler.
 */

/** Running sums of one regression. Mutable: `addRow` changes it. */
export interface Sums {
  readonly p: number;
  /** ΦᵀWΦ, [p × p], lower triangle. */
  readonly gram: Float64Array;
  /** ΦᵀWz, [p]. */
  readonly moment: Float64Array;
  weight: number;
}

export interface Row {
  readonly phi: Float64Array;
  readonly z: number;
  readonly weight: number;
}

export function emptySums(p: number): Sums {
  return { p, gram: new Float64Array(p * p), moment: new Float64Array(p), weight: 0 };
}

/** @param sign −1 takes an earlier row out again */
export function addRow(sums: Sums, { phi, z, weight }: Row, sign: 1 | -1 = 1): void {
  const { p, gram, moment } = sums;
  for (let i = 0; i < p; i++) {
    const scaled = sign * weight * (phi[i] as number);
    const start = i * p;
    for (let j = 0; j <= i; j++) gram[start + j] = (gram[start + j] as number) + scaled * (phi[j] as number);
    moment[i] = (moment[i] as number) + scaled * z;
  }
  sums.weight += sign * weight;
}

export interface Solution {
  readonly beta: Float64Array;
  /** Lower Cholesky factor L of ΦᵀWΦ + λ·Σw·D, [p × p]. */
  readonly factor: Float64Array;
}

/**
 * β = (ΦᵀWΦ + λ·Σw·D)⁻¹ΦᵀWz with D the identity but for 0 on the last feature, the constant. With Σw as the penalty's scale the
 * result is that of weights scaled to mean 1 and a penalty of λ·K, whatever arrives later.
 * @throws Error when the rows do not determine a feature
 */
export function solve(sums: Sums, lambda: number): Solution {
  const { p, gram, moment, weight } = sums;
  const factor = Float64Array.from(gram);
  for (let i = 0; i < p - 1; i++) factor[i * p + i] = (factor[i * p + i] as number) + lambda * weight;
  cholesky(factor, p);
  return { beta: backward(factor, forward(factor, moment)), factor };
}

/**
 * In place; the lower triangle becomes L, the upper one is not touched. Column by column, four rows at a time: one pass over
 * row j serves four sums, none of which waits for another.
 */
function cholesky(a: Float64Array, p: number): void {
  for (let j = 0; j < p; j++) {
    const top = j * p;
    let pivot = a[top + j] as number;
    for (let k = 0; k < j; k++) pivot -= (a[top + k] as number) ** 2;
    if (!(pivot > 0)) {
      throw new Error(`the measured points do not determine feature ${j} of ${p}: pivot is ${pivot}, wanted above 0`);
    }
    pivot = Math.sqrt(pivot);
    a[top + j] = pivot;
    let i = j + 1;
    for (; i + 3 < p; i += 4) fourBelow(a, p, i, j, pivot);
    for (; i < p; i++) {
      let sum = a[i * p + j] as number;
      for (let k = 0; k < j; k++) sum -= (a[i * p + k] as number) * (a[top + k] as number);
      a[i * p + j] = sum / pivot;
    }
  }
}

/** Entries (i … i+3, j) of L. */
function fourBelow(a: Float64Array, p: number, i: number, j: number, pivot: number): void {
  const top = j * p;
  const row0 = i * p;
  const row1 = row0 + p;
  const row2 = row1 + p;
  const row3 = row2 + p;
  let sum0 = a[row0 + j] as number;
  let sum1 = a[row1 + j] as number;
  let sum2 = a[row2 + j] as number;
  let sum3 = a[row3 + j] as number;
  for (let k = 0; k < j; k++) {
    const entry = a[top + k] as number;
    sum0 -= (a[row0 + k] as number) * entry;
    sum1 -= (a[row1 + k] as number) * entry;
    sum2 -= (a[row2 + k] as number) * entry;
    sum3 -= (a[row3 + k] as number) * entry;
  }
  a[row0 + j] = sum0 / pivot;
  a[row1 + j] = sum1 / pivot;
  a[row2 + j] = sum2 / pivot;
  a[row3 + j] = sum3 / pivot;
}

/** L⁻¹x */
export function forward(factor: Float64Array, x: Float64Array): Float64Array {
  const p = x.length;
  const y = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    const row = i * p;
    let sum = x[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[row + k] as number) * (y[k] as number);
    y[i] = sum / (factor[row + i] as number);
  }
  return y;
}

/** L⁻ᵀy */
export function backward(factor: Float64Array, y: Float64Array): Float64Array {
  const p = y.length;
  const x = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let sum = y[i] as number;
    for (let k = i + 1; k < p; k++) sum -= (factor[k * p + i] as number) * (x[k] as number);
    x[i] = sum / (factor[i * p + i] as number);
  }
  return x;
}

export function squaredLength(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) ** 2;
  return sum;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  const length = a.length;
  for (let i = 0; i < length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
