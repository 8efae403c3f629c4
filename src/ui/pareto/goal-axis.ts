import { useMemo } from 'react';
import type { Goal, Unit } from '../../store/objectives.ts';
import { percent } from '../charts/format.ts';
import type { Axis } from './plot-axis.ts';
import { goalName, valueWithUnit } from './units.ts';
import type { Place } from './use-place.ts';
import type { Plot } from './use-plot.ts';

/** One axis of a scatter: what is drawn along it, from where to where, and how its values are written. */
export interface GoalAxis {
  /** Id of the objective. */
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

const textOf = (unit: Unit) => (unit === 'share' ? percentText : (value: number) => valueWithUnit(unit, value));

/** The axes of the plot of two goals: horizontal, then vertical. */
export function useGoalAxes({ goals, x, y }: Plot): GoalAxes {
  return useMemo(() => {
    const axis = (goal: Goal | undefined, { domain, reversed = false }: Axis): GoalAxis => ({
      goal: goal?.objective.id ?? '',
      name: goal ? goalName(goal) : '',
      domain,
      reversed,
      format: textOf(goal?.unit ?? 'share'),
    });
    return [axis(goals[0], x), axis(goals[1], y)];
  }, [goals, x, y]);
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
