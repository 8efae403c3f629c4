/**
 * Which merge to measure next, given what is measured. Mean hypervolume of the evaluated merges of three experts after 2, 3 and 4
 * times p+N evaluations on a toy: Sobol' .728/.742/.753, variance .716/.754/.772, front .758/.798/.809, Thompson
 * .799/.811/.816; the front of the surrogate itself is the same for all, so the choice matters for measured points.
 */
import type { Random } from '../../core/random/counter.ts';
import { nonDominated } from '../front/dominance.ts';
import { drawSurrogate, hasDispersion } from '../surrogate/draw.ts';
import { metricsOf, type Objective } from '../surrogate/objective.ts';
import { objectiveValues, type Sources } from '../surrogate/objective-values.ts';
import { deviation, relativeVariance, type Surrogate } from '../surrogate/predict.ts';
import { thinned } from '../thinned.ts';
import { type Axis, design } from './design.ts';

/** More of a drawn front are not compared: each costs a hypervolume. */
const COMPARED = 80;

/** Covered volume above a reference of points whose every objective is to be large. */
export type Hypervolume = (points: readonly ArrayLike<number>[], reference: ArrayLike<number>) => number;

/** What Sobol' points come after `measured` ones of the same design. */
export function continueDesign(axes: readonly Axis[], measured: number, count: number, seed: number): number[][] {
  return design(axes, measured + count, seed).slice(measured);
}

/**
 * Index of the candidate with the largest variance of the quadratics, summed over surrogates: where one more merge teaches the
 * fits most. In units of each fit's own dispersion while one of them cannot tell it yet.
 * @throws Error without candidates
 */
export function byVariance(candidates: readonly ArrayLike<number>[], surrogates: readonly Surrogate[]): number {
  const known = surrogates.every(hasDispersion);
  return best(candidates, (c) =>
    surrogates.reduce((sum, each) => sum + (known ? each.dispersion : 1) * relativeVariance(each, c), 0),
  );
}

/**
 * Index of the point of a predicted front whose metrics are least certain: largest sum of standard deviations, each in its
 * metric's own unit.
 * @throws Error without points
 */
export function byFrontUncertainty(front: readonly ArrayLike<number>[], surrogates: readonly Surrogate[]): number {
  const known = surrogates.every(hasDispersion);
  const rated = surrogates.map((surrogate) => (known ? surrogate : { ...surrogate, dispersion: 1 }));
  return best(front, (c) => rated.reduce((sum, each) => sum + deviation(each, c), 0));
}

export interface ThompsonRequest {
  readonly candidates: readonly (readonly number[])[];
  readonly objectives: readonly Objective[];
  readonly sources: Sources;
  /** Measured merges as `objectiveValues` would tell them: every objective to be large. */
  readonly measured: readonly ArrayLike<number>[];
  /** Worst values that count, of the same kind. */
  readonly reference: ArrayLike<number>;
  readonly hypervolume: Hypervolume;
}

/**
 * Thompson sampling: one possible quadratic is drawn for each metric, and of its non-dominated candidates (at most 80, evenly
 * chosen) the one is taken that adds most to what the measured merges cover. Draw again for each merge of a batch.
 * @returns index of a candidate; undefined while a surrogate has only as many points as unknowns, for nothing can be drawn then
 * @throws Error without candidates, or when a surrogate is missing
 */
export function byThompson(request: ThompsonRequest, random: Random): number | undefined {
  const { candidates, objectives, sources, measured, reference, hypervolume } = request;
  const metrics = new Set(objectives.flatMap(metricsOf));
  const used = [...sources.surrogates].filter(([metric]) => metrics.has(metric));
  if (!used.every(([, surrogate]) => hasDispersion(surrogate))) return undefined;
  const surrogates = new Map(used.map(([metric, surrogate]) => [metric, drawSurrogate(surrogate, random)]));
  const values = candidates.map(objectiveValues(objectives, { ...sources, surrogates }));
  const front = thinned(nonDominated(values), COMPARED);
  // What lies behind adds nothing and would only make every hypervolume slower.
  const covered = nonDominated(measured).map((i) => measured[i] ?? []);
  return front[best(front, (i) => hypervolume([...covered, values[i] ?? []], reference))];
}

/** Index of the largest score, the lowest of equal ones. */
function best<T>(items: readonly T[], score: (item: T) => number): number {
  if (items.length === 0) throw new Error('there is no candidate to choose from');
  let [index, highest] = [0, Number.NEGATIVE_INFINITY];
  for (const [i, item] of items.entries()) {
    const value = score(item);
    if (value > highest) [index, highest] = [i, value];
  }
  return index;
}
