/**
 * Ranks and crowding of a population (Deb et al. 2002, NSGA-II), all objectives to be large. Every index below is in range by
 * construction; `as number` only says so to the compiler.
 */

/**
 * Fast non-dominated sort, O(M · n²): the first front is dominated by nobody, the next only by earlier ones.
 * @param values [count × objectives], row by row
 * @returns indices by front, ascending inside each; equal rows share a front
 */
export function sortIntoFronts(values: Float64Array, objectives: number): number[][] {
  const count = values.length / objectives;
  const dominators = new Int32Array(count);
  const dominated: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const better = compare(values, i, j, objectives);
      if (better === 0) continue;
      const [winner, loser] = better > 0 ? [i, j] : [j, i];
      (dominated[winner] as number[]).push(loser);
      dominators[loser] = (dominators[loser] as number) + 1;
    }
  }
  const fronts: number[][] = [];
  let current = Array.from(dominators, (_, i) => i).filter((i) => dominators[i] === 0);
  while (current.length > 0) {
    fronts.push(current);
    const next: number[] = [];
    for (const i of current) {
      for (const j of dominated[i] as number[]) {
        dominators[j] = (dominators[j] as number) - 1;
        if (dominators[j] === 0) next.push(j);
      }
    }
    current = next.sort((i, j) => i - j);
  }
  return fronts;
}

/** 1 when row i dominates row j, −1 when j dominates i, 0 otherwise. */
export function compare(values: Float64Array, i: number, j: number, objectives: number): -1 | 0 | 1 {
  const [a, b] = [i * objectives, j * objectives];
  let wins = false;
  let loses = false;
  for (let m = 0; m < objectives; m++) {
    const difference = (values[a + m] as number) - (values[b + m] as number);
    if (difference > 0) wins = true;
    else if (difference < 0) loses = true;
    if (wins && loses) return 0;
  }
  if (wins === loses) return 0;
  return wins ? 1 : -1;
}

/**
 * Crowding distance of the members of one front, in their order: infinite at both ends of an objective, else the gap between
 * both neighbours as a share of the objective's range, averaged over objectives. The mean, as in pymoo and DEAP; the paper sums.
 */
export function crowding(values: Float64Array, objectives: number, members: readonly number[]): Float64Array {
  const distances = new Float64Array(members.length);
  for (let m = 0; m < objectives; m++) {
    const value = (k: number) => values[(members[k] as number) * objectives + m] as number;
    const order = members.map((_, k) => k).sort((k, l) => value(k) - value(l) || k - l);
    const first = order[0] as number;
    const last = order[order.length - 1] as number;
    const range = value(last) - value(first);
    distances[first] = Number.POSITIVE_INFINITY;
    distances[last] = Number.POSITIVE_INFINITY;
    if (range === 0) continue;
    for (let k = 1; k < order.length - 1; k++) {
      const gap = value(order[k + 1] as number) - value(order[k - 1] as number);
      const at = order[k] as number;
      distances[at] = (distances[at] as number) + gap / (range * objectives);
    }
  }
  return distances;
}
