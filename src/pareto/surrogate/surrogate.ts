/**
 * Surrogates of per-task metrics as functions of the merging coefficients: the idea of MAP (Li et al. 2024, arXiv 2406.07529),
 * fitted in closed form. Each measurement is taken to the scale of the quadratic with the weight of its variance there (see
 * `toLink`) and regressed on the quadratic features; ridge penalty 1e-4·K at weights scaled to mean 1, none on the constant.
 */

import type { MeasuredPoint, Outcome, Range } from '../point.ts';
import { featureCount, features } from './features.ts';
import { leverages } from './leverage.ts';
import { ACCURACY, fromLink, type Linked, type Metric, toLink } from './link.ts';
import type { Surrogate } from './predict.ts';
import { addRow, dot, emptySums, type Row, type Sums, solve } from './regression.ts';
import { boxToNormalise, fromUnitBox, toUnitBox } from './unit-box.ts';

/** Larger ones flatten the surrogate (1e-2 costs .2 of R²), smaller ones let duplicated points through. */
const RIDGE = 1e-4;
/** A row with all the leverage has no leave-one-out prediction; this keeps the division finite. */
const LEAST_FREEDOM = 1e-9;

export type Observation = Row & Linked;

/** What was measured for one task. Mutable: `observe` changes it. */
export interface Fit {
  readonly coefficients: number;
  readonly metric: Metric;
  /** Coefficients are measured in widths of it; undefined for [0, 1]ᴺ. */
  readonly box: readonly Range[] | undefined;
  readonly sums: Sums;
  /** By coefficients, so that a point measured again on more samples replaces itself. */
  readonly observations: Map<string, Observation>;
}

export interface FitOptions {
  /** Accuracy unless told. */
  readonly metric?: Metric;
  /** Where the coefficients are sampled; [0, 1]ᴺ unless told. */
  readonly box?: readonly Range[];
}

/** @throws Error when the box has another number of axes or an axis without width */
export function emptyFit(coefficients: number, { metric = ACCURACY, box }: FitOptions = {}): Fit {
  return {
    coefficients,
    metric,
    box: box && boxToNormalise(box, coefficients),
    sums: emptySums(featureCount(coefficients)),
    observations: new Map(),
  };
}

/**
 * Adds one measurement; of two at the same coefficients the one on more samples counts. Points may arrive in any order.
 * @param phi features of c in the unit box, if they are known already
 * @throws Error when the count of coefficients is wrong, one is not finite, or the outcome is impossible
 */
export function observe(fit: Fit, c: readonly number[], outcome: Outcome, phi = featuresFor(fit, c)): void {
  const linked = toLink(fit.metric, outcome);
  const key = c.join();
  const earlier = fit.observations.get(key);
  if (earlier && earlier.n > linked.n) return;
  if (earlier) addRow(fit.sums, earlier, -1);
  const row = { phi, ...linked };
  addRow(fit.sums, row);
  fit.observations.set(key, row);
}

function featuresFor({ coefficients, box }: Pick<Fit, 'coefficients' | 'box'>, c: readonly number[]): Float64Array {
  if (c.length !== coefficients || !c.every(Number.isFinite)) {
    throw new Error(`a point has the coefficients [${c.join(', ')}]; wanted ${coefficients} finite numbers`);
  }
  return features(toUnitBox(c, box));
}

/** The task's surrogate, or undefined while there are fewer points than unknowns. */
export function surrogateOf(fit: Fit): Surrogate | undefined {
  const { sums, metric, coefficients, box } = fit;
  const rows = [...fit.observations.values()];
  if (rows.length < sums.p) return undefined;
  const { beta, factor } = solve(sums, RIDGE);
  const { freedom, residuals, looR2, looRmse } = quality(rows, beta, factor, metric);
  return {
    ...metric,
    coefficients,
    beta: fromUnitBox(beta, box),
    factor,
    ...(box && { box }),
    dispersion: rows.length > sums.p ? residuals / freedom : Number.POSITIVE_INFINITY,
    points: rows.length,
    meanWeight: sums.weight / rows.length,
    looR2,
    looRmse,
  };
}

/** K − tr H, Σw·r² on the scale of the quadratic, and how well values are predicted by the fits that never saw them. */
function quality(rows: readonly Observation[], beta: Float64Array, factor: Float64Array, metric: Metric) {
  const mean = rows.reduce((sum, row) => sum + row.value, 0) / rows.length;
  const shares = leverages(factor, rows);
  let trace = 0;
  let residuals = 0;
  let missed = 0;
  let spread = 0;
  for (const [i, row] of rows.entries()) {
    const h = shares[i] ?? 0;
    const residual = row.z - dot(row.phi, beta);
    // Exact for a fixed penalty: the prediction of the fit that never saw this row.
    const unseen = fromLink(metric, row.z - residual / Math.max(1 - h, LEAST_FREEDOM));
    trace += h;
    residuals += row.weight * residual ** 2;
    missed += (row.value - unseen) ** 2;
    spread += (row.value - mean) ** 2;
  }
  return {
    freedom: rows.length - trace,
    residuals,
    looR2: spread > 0 ? 1 - missed / spread : undefined,
    looRmse: Math.sqrt(missed / rows.length),
  };
}

/** Leverage of every observation of a fit, by its coefficients joined with commas. Empty while `surrogateOf` is undefined. */
export function leveragesOf(fit: Fit): ReadonlyMap<string, number> {
  const rows = [...fit.observations];
  if (rows.length < fit.sums.p) return new Map();
  const { factor } = solve(fit.sums, RIDGE);
  const shares = leverages(
    factor,
    rows.map(([, row]) => row),
  );
  return new Map(rows.map(([key], i) => [key, shares[i] ?? 0]));
}

/** Fits of several tasks over the same coefficients, and over the same box. */
export type Fits = ReadonlyMap<string, Fit>;

export interface FitsOptions {
  /** By task; accuracy where none is told. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  readonly box?: readonly Range[];
}

export function emptyFits(tasks: readonly string[], coefficients: number, options: FitsOptions = {}): Fits {
  const { metrics = {}, box } = options;
  return new Map(
    tasks.map((task) => [task, emptyFit(coefficients, { metric: metrics[task] ?? ACCURACY, ...(box && { box }) })]),
  );
}

/** A measured point whose outcomes may also be values. */
export interface ObservedPoint {
  readonly coefficients: readonly number[];
  readonly calibration: Readonly<Record<string, Outcome>>;
}

/** Adds a point's calibration scores to the fits of the tasks that it has; test scores are never fitted. */
export function observePoint(fits: Fits, { coefficients, calibration }: MeasuredPoint | ObservedPoint): void {
  let phi: Float64Array | undefined;
  for (const [task, fit] of fits) {
    const outcome = calibration[task];
    if (!outcome) continue;
    phi ??= featuresFor(fit, coefficients);
    observe(fit, coefficients, outcome, phi);
  }
}

/** Surrogates of all tasks that have points enough. */
export function surrogatesOf(fits: Fits): ReadonlyMap<string, Surrogate> {
  const solved = [...fits].map(([task, fit]) => [task, surrogateOf(fit)] as const);
  return new Map(solved.flatMap(([task, surrogate]) => (surrogate ? [[task, surrogate] as const] : [])));
}
