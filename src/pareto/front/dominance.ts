/** Dominance among points whose every objective is to be large, and the area or volume that a front covers. */

/**
 * Indices of the points that no other dominates (at least as good everywhere, better somewhere). Of equal points the first is
 * kept. Two objectives are sorted, O(m log m), and come by falling first objective; more are filtered in O(m · |front|), best sum
 * first.
 */
export function nonDominated(points: readonly ArrayLike<number>[]): number[] {
  return (points[0]?.length ?? 0) === 2 ? sweep(points) : filter(points);
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

function filter(points: readonly ArrayLike<number>[]): number[] {
  const sums = points.map((point) => Array.from(point).reduce((sum, value) => sum + value, 0));
  const order = points.map((_, i) => i).sort((i, j) => (sums[j] ?? 0) - (sums[i] ?? 0) || i - j);
  const front: number[] = [];
  // A point can only be dominated by one of a larger sum, and then also by one that is kept; rounding may tie the sums of
  // two points, so a later point may still turn out to dominate an earlier one.
  for (const i of order) {
    if (!front.some((j) => covers(points[j], points[i]))) front.push(i);
  }
  return front.filter((i) => !front.some((j) => j !== i && sums[j] === sums[i] && covers(points[j], points[i])));
}

/** a is at least as good as b in every objective. */
function covers(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  const objectives = b?.length ?? 0;
  for (let k = 0; k < objectives; k++) if (at(a, k) < at(b, k)) return false;
  return true;
}

/**
 * Area that points of two objectives cover above a reference: what is better than the reference and not better than some
 * point. Points not better than the reference in both objectives add nothing.
 */
export function hypervolume2(points: readonly ArrayLike<number>[], reference: readonly [number, number]): number {
  const better = points.filter((point) => at(point, 0) > reference[0] && at(point, 1) > reference[1]);
  let area = 0;
  let height = reference[1];
  for (const i of nonDominated(better)) {
    const second = at(better[i], 1);
    area += (at(better[i], 0) - reference[0]) * (second - height);
    height = second;
  }
  return area;
}
