/** Brushes and floors as conditions on a merge's values: what is kept is the same in every plot. Pure. */
import { taskAxis } from './parallel.ts';
import type { StudioState } from './state.ts';

export type Limits = Pick<StudioState, 'brushes' | 'floors'>;
type Range = readonly [number, number];

/** What the value at one index of a merge's axes has to meet. */
export interface Condition {
  readonly index: number;
  readonly least: number;
  readonly most: number;
}

/**
 * The conditions that brushes and floors make on these axes; those on axes that a merge does not have are not heeded.
 * @param axes ids as in the parallel plot: `λ digits`, `task digits`
 * @param smaller objectives of which less is better: their floor is a ceiling
 */
export function conditionsOf(
  axes: readonly string[],
  tasks: readonly string[],
  limits: Limits,
  smaller: readonly string[] = [],
): readonly Condition[] {
  const ceilings = new Set(smaller.map(taskAxis));
  const floors = new Map(tasks.map((task) => [taskAxis(task), limits.floors[task]]));
  return axes.flatMap((axis, index) => {
    const brush = limits.brushes[axis];
    const floor = floors.get(axis);
    if (!brush && floor === undefined) return [];
    const [low, high] = brush ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (floor === undefined) return [{ index, least: low, most: high }];
    return ceilings.has(axis)
      ? [{ index, least: low, most: Math.min(high, floor) }]
      : [{ index, least: Math.max(low, floor), most: high }];
  });
}

/** Whether every condition is met. A value that is not known meets none: nobody can say that it lies within. */
export const meets = (conditions: readonly Condition[], value: (index: number) => number | undefined): boolean =>
  conditions.every(({ index, least, most }) => {
    const known = value(index);
    return known !== undefined && known >= least && known <= most;
  });

/** A brush as it is kept: an end at the end of its axis is no limit, for values beyond are drawn there. */
export function openEnded([low, high]: Range, [first, last]: Range): Range {
  return [low <= first ? Number.NEGATIVE_INFINITY : low, high >= last ? Number.POSITIVE_INFINITY : high];
}

/** A brush as an axis draws it. */
export function withinAxis([low, high]: Range, [first, last]: Range): Range {
  const clamp = (value: number) => Math.min(last, Math.max(first, value));
  return [clamp(low), clamp(high)];
}
