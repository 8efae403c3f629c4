/** Measured merges as points of two objectives: what is drawn, what is on the front, how much it covers. Pure. */
import { hypervolume2, nonDominated } from '../pareto/front/dominance.ts';
import { measuredObjective, referenceOf } from '../pareto/map.ts';
import type { Outcomes } from '../pareto/point.ts';
import { directionOf, metricsOf } from '../pareto/surrogate/objective.ts';
import type { Goal } from './objectives.ts';
import type { ParetoPoint } from './state.ts';

export type Split = 'calibration' | 'test';

/** A measured merge at its place in the plot of two tasks. */
export interface PlotPoint {
  readonly point: ParetoPoint;
  /** Values of the pair, on their own scales. */
  readonly x: number;
  readonly y: number;
  /** Samples behind each of the numbers, the fewest; 0 where none were counted. */
  readonly n: number;
  /** Of the study on the screen: same method, experts and other controls. */
  readonly own: boolean;
  /** No other measured merge of the study is better in one and as good in the other. */
  readonly best: boolean;
}

/** What was measured of a point, by goal; undefined where one of its metrics was not. */
export const measuredIn = (point: ParetoPoint, split: Split, goals: readonly Goal[]): (number | undefined)[] =>
  goals.map(({ objective }) => measuredObjective(objective, point[split]));

/** Points that have all metrics of both objectives on this split; those of other studies first, to lie underneath. */
export function plotPoints(
  points: readonly ParetoPoint[],
  goals: readonly Goal[],
  split: Split,
  study: string | undefined,
): readonly PlotPoint[] {
  const placed = points.flatMap((point) => {
    const [x, y] = measuredIn(point, split, goals);
    if (x === undefined || y === undefined) return [];
    return [{ point, x, y, n: samplesBehind(point[split], goals), own: point.study === study, best: false }];
  });
  const own = placed.filter((each) => each.own);
  const front = new Set(nonDominated(own.map((each) => upward(each, goals))).map((i) => own[i]));
  return placed
    .map((each) => ({ ...each, best: front.has(each) }))
    .sort((a, b) => Number(a.own) - Number(b.own) || Number(a.best) - Number(b.best));
}

/** Samples behind the goals, the fewest of a metric that was counted; 0 where none was. */
export function samplesBehind(outcomes: Outcomes, goals: readonly Goal[]): number {
  const counts = goals.flatMap(({ objective }) => metricsOf(objective).flatMap((metric) => outcomes[metric]?.n ?? []));
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/** Both values with more being better. */
const upward = ({ x, y }: Pick<PlotPoint, 'x' | 'y'>, goals: readonly Goal[]): number[] =>
  [x, y].map((value, m) => value * (goals[m] ? directionOf(goals[m].objective) : 1));

export interface Coverage {
  /** In the unit of one axis times that of the other; of shares that of the unit square. */
  readonly volume: number;
  /** By goal, on its own scale: 0 for what is to be large, the worst of the points for what is to be small. */
  readonly reference: readonly number[];
}

/** What the study's measured points cover. */
export function coverage(points: readonly PlotPoint[], goals: readonly Goal[]): Coverage {
  const objectives = goals.map(({ objective }) => objective);
  const values = points.filter((point) => point.own).map((each) => upward(each, goals));
  const reference = referenceOf(values, objectives);
  const [x = 0, y = 0] = reference;
  return {
    volume: values.length === 0 ? 0 : hypervolume2(values, [x, y]),
    reference: reference.map((value, m) => value * (objectives[m] ? directionOf(objectives[m]) : 1)),
  };
}
