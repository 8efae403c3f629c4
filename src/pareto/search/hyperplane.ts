/**
 * The adaptive normalisation of NSGA-III (Deb & Jain 2014, § IV-C, with the safeguards of Blank, Deb & Roy 2019 as in pymoo). Here
 * objectives are costs, to be small: [count × M], row by row.
 */
import { row, rowsOf } from './population.ts';

/** What is remembered from generation to generation. */
export interface Scale {
  /** z: the least cost ever seen of each objective. */
  readonly ideal: Float64Array;
  /** The largest cost ever seen. */
  readonly worst: Float64Array;
  /** One extreme point per axis, [M × M]. */
  readonly extremes: Float64Array;
  readonly nadir: Float64Array;
}

/** Weight of the other axes in the search for an axis' extreme point. */
const OFF_AXIS = 1e6;
/** Differences to the ideal below this are none. */
const NEGLIGIBLE = 1e-3;
const LEAST_INTERCEPT = 1e-6;
/** Relative residual above which the plane's equations count as unsolved. */
const SOLVED = 1e-5;

/**
 * @param firstFront indices of the non-dominated rows
 * @param earlier of the generation before
 */
export function rescale(
  costs: Float64Array,
  objectives: number,
  firstFront: readonly number[],
  earlier?: Scale,
): Scale {
  const all = Array.from({ length: costs.length / objectives }, (_, i) => row(costs, i, objectives));
  const front = firstFront.map((i) => row(costs, i, objectives));
  const ideal = byAxis(Math.min, objectives, all, earlier?.ideal);
  const worst = byAxis(Math.max, objectives, all, earlier?.worst);
  const before = earlier ? rowsOf(earlier.extremes, objectives) : [];
  const extremes = extremePoints([...before, ...front], ideal);
  const nadir = planeNadir(extremes, ideal, worst) ?? byAxis(Math.max, objectives, front);
  const worstOfAll = byAxis(Math.max, objectives, all);
  for (let m = 0; m < objectives; m++) {
    if ((nadir[m] ?? 0) - (ideal[m] ?? 0) <= LEAST_INTERCEPT) nadir[m] = worstOfAll[m] ?? 0;
  }
  return { ideal, worst, extremes, nadir };
}

function byAxis(
  best: (...values: number[]) => number,
  objectives: number,
  rows: readonly Float64Array[],
  earlier?: Float64Array,
): Float64Array {
  return Float64Array.from({ length: objectives }, (_, m) => {
    const start = earlier?.[m] ?? rows[0]?.[m] ?? 0;
    return rows.reduce((value, point) => best(value, point[m] ?? value), start);
  });
}

/** Per axis the point of least max_m (f_m − z_m)·w_m, w = 1 on the axis: of equal ones the first, so earlier extremes stay. */
function extremePoints(points: readonly Float64Array[], ideal: Float64Array): Float64Array {
  const objectives = ideal.length;
  const extremes = new Float64Array(objectives * objectives);
  for (let axis = 0; axis < objectives; axis++) {
    let least = Number.POSITIVE_INFINITY;
    for (const point of points) {
      let largest = Number.NEGATIVE_INFINITY;
      for (let m = 0; m < objectives; m++) {
        const difference = (point[m] ?? 0) - (ideal[m] ?? 0);
        const weighted = difference < NEGLIGIBLE ? 0 : difference * (m === axis ? 1 : OFF_AXIS);
        largest = Math.max(largest, weighted);
      }
      if (largest >= least) continue;
      least = largest;
      extremes.set(point, axis * objectives);
    }
  }
  return extremes;
}

/** z + intercepts of the plane through the extreme points, at most the worst ever seen; undefined where there is no such plane. */
function planeNadir(extremes: Float64Array, ideal: Float64Array, worst: Float64Array): Float64Array | undefined {
  const objectives = ideal.length;
  const matrix = extremes.map((value, k) => value - (ideal[k % objectives] ?? 0));
  const plane = solveOnes(matrix, objectives);
  if (!plane) return undefined;
  const intercepts = plane.map((value) => 1 / value);
  if (!intercepts.every((intercept) => intercept > LEAST_INTERCEPT)) return undefined;
  return intercepts.map((intercept, m) => Math.min((ideal[m] ?? 0) + intercept, worst[m] ?? 0));
}

/** x with matrix · x = 1, by Gaussian elimination with partial pivoting; undefined when singular. */
function solveOnes(matrix: Float64Array, n: number): Float64Array | undefined {
  const rows = Array.from({ length: n }, (_, i) => [...row(matrix, i, n), 1]);
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(at(i, k)) > Math.abs(at(pivot, k))) pivot = i;
    if (at(pivot, k) === 0) return undefined;
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    for (let i = 0; i < n; i++) {
      const factor = at(i, k) / at(k, k);
      if (i !== k) rows[i] = (rows[i] ?? []).map((value, j) => value - factor * at(k, j));
    }
  }
  const x = Float64Array.from({ length: n }, (_, i) => at(i, n) / at(i, i));
  const solved = Array.from({ length: n }, (_, i) =>
    row(matrix, i, n).reduce((sum, value, j) => sum + value * (x[j] ?? 0), 0),
  );
  return solved.every((value) => Math.abs(value - 1) <= SOLVED) ? x : undefined;
}

/** f̂ = (f − z)/(nadir − z), [count × M] */
export function normalised(costs: Float64Array, { ideal, nadir }: Scale): Float64Array {
  const objectives = ideal.length;
  return costs.map((value, k) => {
    const m = k % objectives;
    const range = (nadir[m] ?? 0) - (ideal[m] ?? 0);
    // An objective that never varied says nothing.
    return range > 0 ? (value - (ideal[m] ?? 0)) / range : 0;
  });
}
