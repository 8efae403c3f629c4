/**
 * How near a front F is to a reference front R, and which of two fronts is better. All objectives are to be large, so a
 * "plus" distance counts only where f falls short of z. Fronts are [points × M] and hold at least one point.
 */
import { randomStream } from '../../core/random/counter.ts';
import { hypervolume } from './hypervolume.ts';

type Front = readonly ArrayLike<number>[];

/** Generational distance: mean over F of the Euclidean distance to the nearest point of R (a plain mean). Not Pareto-compliant. */
export function gd(front: Front, reference: Front): number {
  return meanNearest(front, reference, distance);
}

/** GD⁺ (Ishibuchi et al. 2015): a point of F is only as far as it falls short of R. */
export function gdPlus(front: Front, reference: Front): number {
  return meanNearest(front, reference, shortfall);
}

/** Inverted generational distance: mean over R of the distance to the nearest point of F. Not Pareto-compliant. */
export function igd(front: Front, reference: Front): number {
  return meanNearest(reference, front, distance);
}

/** IGD⁺: weakly Pareto-compliant. */
export function igdPlus(front: Front, reference: Front): number {
  return meanNearest(reference, front, (z, f) => shortfall(f, z));
}

/** Additive ε: how much must be added to every objective of F so that F covers R; negative when F is better everywhere. */
export function additiveEpsilon(front: Front, reference: Front): number {
  refuseEmpty(front, reference);
  return Math.max(...reference.map((z) => nearest(z, front, largestShortfall)));
}

/**
 * Share of objective-wise comparisons that points of A win against points of B, equal values counting half: two equal fronts
 * have ½. Blind to joint trade-offs (MAP, Li et al. 2024); the paper compares 100 points of each front, see `drawn`.
 */
export function winRate(a: Front, b: Front): number {
  refuseEmpty(a, b);
  const objectives = a[0]?.length ?? 0;
  let won = 0;
  for (let m = 0; m < objectives; m++) {
    const theirs = Float64Array.from(b, (point) => point[m] ?? 0).sort();
    for (const point of a)
      won += (countBelow(theirs, point[m] ?? 0, false) + countBelow(theirs, point[m] ?? 0, true)) / 2;
  }
  return won / (objectives * a.length * b.length);
}

/** `count` different points of a front in random order, all of them when it has fewer. */
export function drawn<Point>(front: readonly Point[], count: number, seed: number): Point[] {
  return randomStream(seed, 'points of a front')
    .shuffle([...front])
    .slice(0, count);
}

/** A task whose expert is nearer to the base than this has no scale to measure gains by. */
const LEAST_GAIN = 0.01;

/**
 * Hypervolume of gains: each task's accuracy runs from 0 at the base's to 1 at its expert's, and the base is the reference.
 * May exceed 1. Undefined when some expert gains less than a hundredth over the base.
 */
export function relativeHypervolume(
  points: Front,
  base: ArrayLike<number>,
  experts: ArrayLike<number>,
): number | undefined {
  const gains = Array.from(base, (from, m) => (experts[m] ?? from) - from);
  if (gains.some((gain) => gain < LEAST_GAIN)) return undefined;
  const scaled = points.map((point) => gains.map((gain, m) => ((point[m] ?? 0) - (base[m] ?? 0)) / gain));
  return hypervolume(
    scaled,
    gains.map(() => 0),
  );
}

/** Differences of predicted and measured objectives of the same points, over all points and objectives. */
export interface Gap {
  /** Mean and largest absolute difference. */
  readonly mean: number;
  readonly max: number;
  /** Mean of predicted − measured: above 0 the surrogates promise too much. */
  readonly bias: number;
}

/** @throws Error when the lists differ in length */
export function predictionGap(predicted: Front, measured: Front): Gap {
  if (predicted.length !== measured.length || predicted.length === 0) {
    throw new Error(
      `${predicted.length} predicted points and ${measured.length} measured ones; wanted as many, at least 1`,
    );
  }
  const differences = predicted.flatMap((point, i) => Array.from(point, (value, m) => value - (measured[i]?.[m] ?? 0)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const sizes = differences.map(Math.abs);
  return { mean: mean(sizes), max: Math.max(...sizes), bias: mean(differences) };
}

type Measure = (from: ArrayLike<number>, to: ArrayLike<number>) => number;

function meanNearest(from: Front, to: Front, measure: Measure): number {
  refuseEmpty(from, to);
  return from.reduce((sum, point) => sum + nearest(point, to, measure), 0) / from.length;
}

function nearest(point: ArrayLike<number>, others: Front, measure: Measure): number {
  let least = Number.POSITIVE_INFINITY;
  for (const other of others) least = Math.min(least, measure(point, other));
  return least;
}

function distance(f: ArrayLike<number>, z: ArrayLike<number>): number {
  let sum = 0;
  for (let m = 0; m < f.length; m++) sum += ((f[m] ?? 0) - (z[m] ?? 0)) ** 2;
  return Math.sqrt(sum);
}

/** ‖max(z − f, 0)‖ */
function shortfall(f: ArrayLike<number>, z: ArrayLike<number>): number {
  let sum = 0;
  for (let m = 0; m < f.length; m++) sum += Math.max((z[m] ?? 0) - (f[m] ?? 0), 0) ** 2;
  return Math.sqrt(sum);
}

function largestShortfall(z: ArrayLike<number>, f: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let m = 0; m < f.length; m++) largest = Math.max(largest, (z[m] ?? 0) - (f[m] ?? 0));
  return largest;
}

/** How many of the ascending values are below a limit, or with `orEqual` at most it. */
function countBelow(ascending: Float64Array, limit: number, orEqual: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = ascending[middle] ?? 0;
    if (value < limit || (orEqual && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function refuseEmpty(a: Front, b: Front): void {
  if (a.length === 0 || b.length === 0) {
    throw new Error(`a front of ${a.length} points cannot be compared with one of ${b.length}; wanted at least 1 each`);
  }
}
