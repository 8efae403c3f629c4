/**
 * Weighted ridge regression that grows by one row at a time. Only sums are kept (ΦᵀWΦ, ΦᵀWz, Σw), so a row costs p² operations
 * to add and the order of arrival does not matter; the rows themselves stay for leverages.
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
    const scaled = sign * weight * (phi[i] ?? 0);
    for (let j = 0; j <= i; j++) gram[i * p + j] = (gram[i * p + j] ?? 0) + scaled * (phi[j] ?? 0);
    moment[i] = (moment[i] ?? 0) + scaled * z;
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
 */
export function solve(sums: Sums, lambda: number): Solution {
  const { p, gram, moment, weight } = sums;
  const factor = Float64Array.from(gram);
  for (let i = 0; i < p - 1; i++) factor[i * p + i] = (factor[i * p + i] ?? 0) + lambda * weight;
  cholesky(factor, p);
  return { beta: backward(factor, forward(factor, moment)), factor };
}

/** In place; the lower triangle becomes L, the upper one is not touched. */
function cholesky(a: Float64Array, p: number): void {
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * p + j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (a[i * p + k] ?? 0) * (a[j * p + k] ?? 0);
      if (i > j) a[i * p + j] = sum / (a[j * p + j] ?? 1);
      else if (sum > 0) a[i * p + i] = Math.sqrt(sum);
      else
        throw new Error(`the measured points do not determine feature ${i} of ${p}: pivot is ${sum}, wanted above 0`);
    }
  }
}

/** L⁻¹x */
export function forward(factor: Float64Array, x: ArrayLike<number>): Float64Array {
  const p = x.length;
  const y = new Float64Array(p);
  for (let i = 0; i < p; i++) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (factor[i * p + k] ?? 0) * (y[k] ?? 0);
    y[i] = sum / (factor[i * p + i] ?? 1);
  }
  return y;
}

/** L⁻ᵀy */
function backward(factor: Float64Array, y: Float64Array): Float64Array {
  const p = y.length;
  const x = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let sum = y[i] ?? 0;
    for (let k = i + 1; k < p; k++) sum -= (factor[k * p + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (factor[i * p + i] ?? 1);
  }
  return x;
}

/** Share of a row in its own fit: w·φᵀ(ΦᵀWΦ + λΣwD)⁻¹φ, between 0 and 1. */
export function leverage(factor: Float64Array, row: Row): number {
  return row.weight * squaredLength(forward(factor, row.phi));
}

export function squaredLength(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
