/** Measured merges as points of two tasks: what is drawn, what is on the front, how much it covers. Pure. */
import { hypervolume2, nonDominated } from '../pareto/front/dominance.ts';
import { outcomeValue, samplesOf } from '../pareto/point.ts';
import type { ParetoPoint } from './state.ts';

export type Split = 'calibration' | 'test';
export type Pair = readonly [string, string];

/** A measured merge at its place in the plot of two tasks. */
export interface PlotPoint {
  readonly point: ParetoPoint;
  /** Accuracies of the pair, 0…1. */
  readonly x: number;
  readonly y: number;
  /** Samples behind each of the two numbers, the smaller. */
  readonly n: number;
  /** Of the study on the screen: same method, experts and other controls. */
  readonly own: boolean;
  /** No other measured merge of the study is better on one task and as good on the other. */
  readonly best: boolean;
}

/** What was measured of a point for a task; undefined where nothing was. */
export function measuredValue(point: ParetoPoint, split: Split, task: string): number | undefined {
  const outcome = point[split][task];
  return outcome && outcome.n !== 0 ? outcomeValue(outcome) : undefined;
}

/** Points that have a score for both tasks on this split; those of other studies first, to lie underneath. */
export function plotPoints(
  points: readonly ParetoPoint[],
  pair: Pair,
  split: Split,
  study: string | undefined,
): readonly PlotPoint[] {
  const placed = points.flatMap((point) => {
    const [x, y] = pair.map((task) => measuredValue(point, split, task));
    if (x === undefined || y === undefined) return [];
    const n = Math.min(...pair.map((task) => samplesOf(point[split][task])));
    return [{ point, x, y, n, own: point.study === study, best: false }];
  });
  const own = placed.filter((each) => each.own);
  const front = new Set(nonDominated(own.map(({ x, y }) => [x, y])).map((i) => own[i]));
  return placed
    .map((each) => ({ ...each, best: front.has(each) }))
    .sort((a, b) => Number(a.own) - Number(b.own) || Number(a.best) - Number(b.best));
}

/** The worst of each task among the study's points: the reference where a metric has no natural worst value. */
export function worst(points: readonly PlotPoint[]): readonly [number, number] {
  const own = points.filter((point) => point.own);
  return [Math.min(...own.map(({ x }) => x)), Math.min(...own.map(({ y }) => y))];
}

/** Area that the study's measured points cover above a reference: of accuracies above 0 %, a share of the unit square. */
export function coverage(points: readonly PlotPoint[], reference: Readonly<[number, number]> = [0, 0]): number {
  return hypervolume2(
    points.filter((point) => point.own).map(({ x, y }) => [x, y]),
    [reference[0], reference[1]],
  );
}
