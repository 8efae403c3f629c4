/**
 * Choosing one point of a front, all objectives to be large. Points are [count × M] in the units that are shown (accuracies,
 * say). Each choice is an index, undefined only without points; of equally good ones the first.
 */
import type { Range } from '../point.ts';
import { ascend, type Objective } from './ascent.ts';

type Points = readonly ArrayLike<number>[];

/** argmax Σ w·f; only the proportions of the weights count. */
export function weightedPick(points: Points, weights: ArrayLike<number>): number | undefined {
  return best(points, (point) => {
    let sum = 0;
    for (let m = 0; m < point.length; m++) sum += (weights[m] ?? 0) * (point[m] ?? 0);
    return sum;
  });
}

/** The vector of the weighted pick, after 20 projected gradient steps on Σ w·f inside the box (MAP-live, S6). */
export function preferredVector(
  front: { readonly coefficients: readonly ArrayLike<number>[]; readonly values: Points },
  weights: ArrayLike<number>,
  objectives: readonly Objective[],
  box: readonly Range[],
): number[] | undefined {
  const from = front.coefficients[weightedPick(front.values, weights) ?? -1];
  return from && ascend(from, weights, objectives, box);
}

/** The point farthest beyond the plane through the best of each objective, every objective scaled to the front's own 0 … 1. */
export function kneePoint(front: Points): number | undefined {
  const scale = unitScale(front);
  return best(front, (point) => scale(point).reduce((sum, value) => sum + value, 0));
}

/** Max-min: the point whose worst objective, scaled to the front's own 0 … 1, is best; of equal ones that of the larger sum. */
export function balancedPoint(front: Points): number | undefined {
  const scale = unitScale(front);
  return bestMinimum(front, scale);
}

export interface Aspired {
  readonly index: number;
  /** Every wish is met or exceeded. */
  readonly reached: boolean;
}

/** Weight of the mean beside the worst objective, so that of equal minima the point that gives more is taken. */
const AUGMENTATION = 1e-4;

/**
 * The point that best achieves what is wished (Wierzbicki 1980): the one whose largest shortfall, in ranges of the front, is
 * least, or, when all wishes can be met, whose smallest surplus is largest.
 */
export function aspirationPoint(front: Points, wish: ArrayLike<number>): Aspired | undefined {
  const ranges = rangesOf(front);
  const surplus = (point: ArrayLike<number>) =>
    ranges.map(({ min, max }, m) => ((point[m] ?? 0) - (wish[m] ?? 0)) / (max > min ? max - min : 1));
  const index = bestMinimum(front, surplus);
  const point = index === undefined ? undefined : front[index];
  if (index === undefined || !point) return undefined;
  return { index, reached: ranges.every((_, m) => (point[m] ?? 0) >= (wish[m] ?? Number.NEGATIVE_INFINITY)) };
}

/** Indices of the points with no objective below its floor; an undefined floor demands nothing. */
export function aboveFloors(points: Points, floors: readonly (number | undefined)[]): number[] {
  return points.flatMap((point, i) =>
    floors.every((floor, m) => floor === undefined || (point[m] ?? Number.NEGATIVE_INFINITY) >= floor) ? [i] : [],
  );
}

function bestMinimum(points: Points, scale: (point: ArrayLike<number>) => readonly number[]): number | undefined {
  return best(points, (point) => {
    const values = scale(point);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return Math.min(...values) + AUGMENTATION * mean;
  });
}

function best(points: Points, value: (point: ArrayLike<number>) => number): number | undefined {
  let index: number | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const [i, point] of points.entries()) {
    const height = value(point);
    if (index === undefined || height > highest) [index, highest] = [i, height];
  }
  return index;
}

function rangesOf(points: Points): Range[] {
  return Array.from({ length: points[0]?.length ?? 0 }, (_, m) => {
    const values = points.map((point) => point[m] ?? 0);
    return { min: Math.min(...values), max: Math.max(...values) };
  });
}

/** An objective in which all points are equal tells none from another: it counts as met. */
function unitScale(points: Points): (point: ArrayLike<number>) => number[] {
  const ranges = rangesOf(points);
  return (point) => ranges.map(({ min, max }, m) => (max > min ? ((point[m] ?? 0) - min) / (max - min) : 1));
}
