/** Dominance among points whose every objective is to be large, and the area that a front of two covers. */
import { nonDominatedRows } from './filter.ts';

/**
 * Indices of the points that no other dominates (at least as good everywhere, better somewhere). Of equal points the first is
 * kept. Two objectives are sorted, O(m log m), and come by falling first objective; more are filtered in O(m · |front|), best sum
 * first.
 */
export function nonDominated(points: readonly ArrayLike<number>[]): number[] {
  const objectives = points[0]?.length ?? 0;
  if (objectives === 0) return points.length > 0 ? [0] : [];
  return objectives === 2 ? sweep(points) : nonDominatedRows(flattened(points, objectives), objectives);
}

/** [count × columns], row by row; a missing number is the worst one. */
export function flattened(points: readonly ArrayLike<number>[], columns: number): Float64Array {
  const values = new Float64Array(points.length * columns);
  for (const [i, point] of points.entries()) {
    for (let m = 0; m < columns; m++) values[i * columns + m] = at(point, m);
  }
  return values;
}

const at = (point: ArrayLike<number> | undefined, objective: number) => point?.[objective] ?? Number.NEGATIVE_INFINITY;

function sweep(points: readonly ArrayLike<number>[]): number[] {
  const order = points.map((_, i) => i);
  order.sort((i, j) => at(points[j], 0) - at(points[i], 0) || at(points[j], 1) - at(points[i], 1) || i - j);
  let best = Number.NEGATIVE_INFINITY;
  return order.filter((i) => {
    const second = at(points[i], 1);
    if (second <= best) return false;
    best = second;
    return true;
  });
}

/**
 * Area that points of two objectives cover above a reference: what is better than the reference and not better than some
 * point. Points not better than the reference in both objectives add nothing.
 */
export function hypervolume2(points: readonly ArrayLike<number>[], reference: ArrayLike<number>): number {
  const better = points.filter((point) => at(point, 0) > at(reference, 0) && at(point, 1) > at(reference, 1));
  let area = 0;
  let height = at(reference, 1);
  for (const i of nonDominated(better)) {
    const second = at(better[i], 1);
    area += (at(better[i], 0) - at(reference, 0)) * (second - height);
    height = second;
  }
  return area;
}
