/**
 * Surrogates of per-task accuracy as functions of the merging coefficients: the idea of MAP (Li et al. 2024, arXiv 2406.07529),
 * fitted in closed form. With k of n correct, q = (k+½)/(n+1), z = ln(q/(1−q)) is regressed on the quadratic features with weight
 * n·q(1−q), the inverse variance of z; ridge penalty 1e-4·K at weights scaled to mean 1, none on the constant.
 */

import type { MeasuredPoint, Score } from '../point.ts';
import { featureCount, features } from './features.ts';
import { type Surrogate, sigmoid } from './predict.ts';
import { addRow, dot, emptySums, leverage, type Row, type Sums, solve } from './regression.ts';

/** Larger ones flatten the surrogate (1e-2 costs .2 of R²), smaller ones let duplicated points through. */
const RIDGE = 1e-4;
/** A row with all the leverage has no leave-one-out prediction; this keeps the division finite. */
const LEAST_FREEDOM = 1e-9;

interface Observation extends Row {
  /** Measured share of correct answers. */
  readonly accuracy: number;
  readonly n: number;
}

/** What was measured for one task. Mutable: `observe` changes it. */
export interface Fit {
  readonly coefficients: number;
  readonly sums: Sums;
  /** By coefficients, so that a point measured again on more samples replaces itself. */
  readonly observations: Map<string, Observation>;
}

export function emptyFit(coefficients: number): Fit {
  return { coefficients, sums: emptySums(featureCount(coefficients)), observations: new Map() };
}

/**
 * Adds one measurement; of two at the same coefficients the one on more samples counts. Points may arrive in any order.
 * @throws Error when the count of coefficients is wrong, one is not finite, or the score is impossible
 */
export function observe(fit: Fit, c: readonly number[], { correct, n }: Score): void {
  if (c.length !== fit.coefficients || !c.every(Number.isFinite)) {
    throw new Error(`a point has the coefficients [${c.join(', ')}]; wanted ${fit.coefficients} finite numbers`);
  }
  if (!(n > 0 && correct >= 0 && correct <= n)) {
    throw new Error(`a point has ${correct} correct of ${n}; wanted 0 to n correct of at least 1`);
  }
  const q = (correct + 0.5) / (n + 1);
  const row = { phi: features(c), z: Math.log(q / (1 - q)), weight: n * q * (1 - q), accuracy: correct / n, n };
  const key = c.join();
  const earlier = fit.observations.get(key);
  if (earlier && earlier.n > n) return;
  if (earlier) addRow(fit.sums, earlier, -1);
  addRow(fit.sums, row);
  fit.observations.set(key, row);
}

/** The task's surrogate, or undefined while there are fewer points than unknowns. */
export function surrogateOf(fit: Fit): Surrogate | undefined {
  const rows = [...fit.observations.values()];
  if (rows.length < fit.sums.p) return undefined;
  const { beta, factor } = solve(fit.sums, RIDGE);
  const mean = rows.reduce((sum, row) => sum + row.accuracy, 0) / rows.length;
  let trace = 0;
  let residuals = 0;
  let missed = 0;
  let spread = 0;
  for (const row of rows) {
    const h = leverage(factor, row);
    const residual = row.z - dot(row.phi, beta);
    // Exact for a fixed penalty: the prediction of the fit that never saw this row.
    const unseen = sigmoid(row.z - residual / Math.max(1 - h, LEAST_FREEDOM));
    trace += h;
    residuals += row.weight * residual ** 2;
    missed += (row.accuracy - unseen) ** 2;
    spread += (row.accuracy - mean) ** 2;
  }
  const freedom = rows.length - trace;
  return {
    coefficients: fit.coefficients,
    beta,
    factor,
    dispersion: rows.length > fit.sums.p ? residuals / freedom : Number.POSITIVE_INFINITY,
    points: rows.length,
    looR2: spread > 0 ? 1 - missed / spread : undefined,
    looRmse: Math.sqrt(missed / rows.length),
  };
}

/** Fits of several tasks over the same coefficients. */
export type Fits = ReadonlyMap<string, Fit>;

export function emptyFits(tasks: readonly string[], coefficients: number): Fits {
  return new Map(tasks.map((task) => [task, emptyFit(coefficients)]));
}

/** Adds a point's calibration scores to the fits of the tasks that it has; test scores are never fitted. */
export function observePoint(fits: Fits, point: MeasuredPoint): void {
  for (const [task, fit] of fits) {
    const score = point.calibration[task];
    if (score) observe(fit, point.coefficients, score);
  }
}

/** Surrogates of all tasks that have points enough. */
export function surrogatesOf(fits: Fits): ReadonlyMap<string, Surrogate> {
  const solved = [...fits].map(([task, fit]) => [task, surrogateOf(fit)] as const);
  return new Map(solved.flatMap(([task, surrogate]) => (surrogate ? [[task, surrogate] as const] : [])));
}
