/** Association and niching of NSGA-III (Deb & Jain 2014, algorithms 3 and 4). */
import { dot } from '../../core/linalg/matrix.ts';
import type { Random } from '../../core/random/counter.ts';

/** By normalised point: the direction at the least perpendicular distance, of equally near ones the first. */
export interface Association {
  readonly niche: Int32Array;
  readonly distance: Float64Array;
}

/**
 * @param points normalised costs, [count × M]
 * @param directions [D × M]
 */
export function associate(points: Float64Array, directions: readonly (readonly number[])[]): Association {
  const objectives = directions[0]?.length ?? 1;
  const count = points.length / objectives;
  const niche = new Int32Array(count);
  const distance = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (const [d, direction] of directions.entries()) {
    const w = Float64Array.from(direction);
    const length = dot(w, 0, w, 0, objectives);
    for (let i = 0; i < count; i++) {
      const along = dot(points, i * objectives, w, 0, objectives) / length;
      let squared = 0;
      for (let m = 0; m < objectives; m++) {
        squared += ((points[i * objectives + m] as number) - along * (w[m] as number)) ** 2;
      }
      const far = Math.sqrt(squared);
      if (far >= (distance[i] as number)) continue;
      distance[i] = far;
      niche[i] = d;
    }
  }
  return { niche, distance };
}

/**
 * Which members of the last front to add: again and again one of the least crowded direction that still has some, the nearest
 * to it when nobody is there yet, else any.
 * @param accepted members of the earlier fronts
 */
export function fillNiches(
  { niche, distance }: Association,
  accepted: readonly number[],
  last: readonly number[],
  wanted: number,
  random: Random,
): number[] {
  const crowd = new Map<number, number>();
  for (const i of accepted) crowd.set(niche[i] ?? 0, (crowd.get(niche[i] ?? 0) ?? 0) + 1);
  const waiting = new Map<number, number[]>();
  for (const i of last) waiting.set(niche[i] ?? 0, [...(waiting.get(niche[i] ?? 0) ?? []), i]);
  const chosen: number[] = [];
  while (chosen.length < wanted && waiting.size > 0) {
    const count = (direction: number) => crowd.get(direction) ?? 0;
    const least = Math.min(...[...waiting.keys()].map(count));
    const candidates = [...waiting.keys()].filter((direction) => count(direction) === least);
    const direction = candidates[random.integer(candidates.length)] ?? 0;
    const members = waiting.get(direction) ?? [];
    const at = least === 0 ? nearest(members, distance) : random.integer(members.length);
    chosen.push(...members.splice(at, 1));
    if (members.length === 0) waiting.delete(direction);
    crowd.set(direction, count(direction) + 1);
  }
  return chosen;
}

function nearest(members: readonly number[], distance: Float64Array): number {
  let best = 0;
  for (const [k, i] of members.entries()) {
    if ((distance[i] ?? 0) < (distance[members[best] ?? 0] ?? 0)) best = k;
  }
  return best;
}
