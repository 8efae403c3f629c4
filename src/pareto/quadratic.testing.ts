/** The specification's fixture: two sigmoids of quadratics over two coefficients, and reference algebra for tests. */
import { expect } from 'vitest';
import { features } from './surrogate/features.ts';
import { sigmoid } from './surrogate/link.ts';
import type { Surrogate } from './surrogate/predict.ts';
import { dot } from './surrogate/regression.ts';

export const BETAS = [
  [-2, -1, -1.5, 3, 0.5, -0.2],
  [-1.2, -2.2, -0.8, 0.4, 3.2, -0.5],
] as const;

/** The fixture's own quadratic as a surrogate without any uncertainty. */
export function exactSurrogate(beta: readonly number[], coefficients = 2): Surrogate {
  const p = beta.length;
  const factor = Float64Array.from({ length: p * p }, (_, i) => (i % (p + 1) === 0 ? 1 : 0));
  return {
    link: 'sigmoid',
    coefficients,
    beta: Float64Array.from(beta),
    factor,
    dispersion: 0,
    points: p,
    meanWeight: 1,
    looR2: 1,
    looRmse: 0,
  };
}

export function accuracyAt(beta: readonly number[], c: readonly number[]): number {
  return sigmoid(dot(features(c), beta));
}

/** Gaussian elimination with partial pivoting: slow, and written without looking at the code under test. */
export function solveDense(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const n = rows.length;
  const get = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++) if (Math.abs(get(i, k)) > Math.abs(get(pivot, k))) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = get(i, k) / get(k, k);
      rows[i] = (rows[i] ?? []).map((x, j) => x - factor * get(k, j));
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / get(i, i));
}

/** Fails with index, got and wanted. */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs((got[i] ?? Number.NaN) - (wanted[i] ?? 0));
    expect(difference, `at ${i}: ${got[i]} instead of ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  }
}
