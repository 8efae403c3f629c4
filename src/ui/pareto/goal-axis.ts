import { useMemo } from 'react';
import { useStudio } from '../../store/studio.ts';
import { percent } from '../charts/format.ts';
import type { Place } from './use-place.ts';
import type { Plot } from './use-plot.ts';

/** One axis of a scatter: what is drawn along it, from where to where, and how its values are written. */
export interface GoalAxis {
  readonly goal: string;
  readonly name: string;
  readonly domain: readonly [number, number];
  /** Its low end is to the right, or above: small is good. Such an axis has no floor. */
  readonly reversed?: boolean;
  readonly format: (value: number) => string;
}

export type GoalAxes = readonly [GoalAxis, GoalAxis];

/** '80 %', '80.5 %' */
export const percentText = (value: number): string => `${percent(value).replace(/\.0$/, '')} %`;

/** The axes of the plot of two goals: horizontal, then vertical. */
export function useGoalAxes({ pair, x, y }: Plot): GoalAxes {
  const tasks = useStudio((state) => state.card?.tasks);
  return useMemo(() => {
    const axis = (goal: string, domain: GoalAxis['domain']): GoalAxis => ({
      goal,
      name: tasks?.find(({ id }) => id === goal)?.name ?? goal,
      domain,
      format: percentText,
    });
    return [axis(pair[0], x.domain), axis(pair[1], y.domain)];
  }, [tasks, pair, x, y]);
}

type Spot = readonly [number, number];

/** The values of both axes at a place of the drawing; beyond the axes their ends. */
export function valuesAt([x, y]: GoalAxes, { area }: Pick<Place, 'area'>, [left, top]: Spot): Spot {
  const along = ({ domain: [low, high], reversed = false }: GoalAxis, share: number) => {
    const inside = Math.min(1, Math.max(0, share));
    return low + (reversed ? 1 - inside : inside) * (high - low);
  };
  return [along(x, (left - area.x) / area.width), along(y, 1 - (top - area.y) / area.height)];
}
