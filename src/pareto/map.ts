/**
 * MAP from measured merges (Li et al. 2024, arXiv 2406.07529): one surrogate per task, and the front that the surrogates predict
 * for the tasks that matter.
 */
import { sampledBox } from './design/design.ts';
import { nonDominated } from './front/dominance.ts';
import { type FindRequest, type FoundPoint, foundFront, type Search } from './front/find.ts';
import { type Outcomes, outcomeValue, type Range } from './point.ts';
import { hypervolumeOrEstimate, type Volume } from './quality/hypervolume.ts';
import type { Metric } from './surrogate/link.ts';
import { directionOf, metricsOf, type Objective } from './surrogate/objective.ts';
import { combine } from './surrogate/objective-values.ts';
import { predict, type Surrogate } from './surrogate/predict.ts';
import { emptyFits, type Fits, observePoint, surrogatesOf } from './surrogate/surrogate.ts';
import { thinned } from './thinned.ts';

export interface Observed {
  readonly coefficients: readonly number[];
  readonly outcomes: Outcomes;
}

export interface FitRequest {
  readonly observed: readonly Observed[];
  readonly tasks: readonly string[];
  /** By task; accuracy where none is told. */
  readonly metrics?: Readonly<Record<string, Metric>>;
  /** Where the coefficients are sampled, which they are measured in widths of; [0, 1]ᴺ where none is told. */
  readonly box?: readonly Range[];
}

/** Surrogates of the tasks that were measured often enough, by task. */
export function fitSurrogates(request: FitRequest): ReadonlyMap<string, Surrogate> {
  const fits = fitsFor(request);
  for (const { coefficients, outcomes } of request.observed)
    observePoint(fits, { coefficients, calibration: outcomes });
  return surrogatesOf(fits);
}

/** Fits of a request before any point was seen. */
export function fitsFor({ observed, tasks, metrics = {}, box }: FitRequest): Fits {
  return emptyFits(tasks, observed[0]?.coefficients.length ?? 0, { metrics, ...(box && { box }) });
}

export interface FrontRequest {
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  /** Two or more. */
  readonly objectives: readonly Objective[];
  readonly observed: readonly Observed[];
  readonly seed: number;
  /** `candidates` unless told. */
  readonly search?: Search;
  readonly candidates?: number;
}

/** How to look for the front inside the sampled box; undefined while an objective has no surrogate. */
export function searchOf({
  surrogates,
  objectives,
  observed,
  search,
  ...options
}: FrontRequest): FindRequest | undefined {
  const box = sampledBox(observed);
  const ready = objectives.every((objective) => metricsOf(objective).every((metric) => surrogates.has(metric)));
  if (!box || !ready || objectives.length < 2) return undefined;
  const known = observed.map(({ coefficients }) => coefficients);
  return { ...options, objectives, sources: { surrogates }, box, known, search: search ?? 'candidates' };
}

/** The predicted front inside the sampled box; empty while an objective has no surrogate. */
export function frontOf(request: FrontRequest): readonly FoundPoint[] {
  const search = searchOf(request);
  return search ? foundFront(search).points : [];
}

/** An objective of a measured merge on its own scale; undefined where one of its metrics was not measured. */
export function measuredObjective(objective: Objective, outcomes: Outcomes): number | undefined {
  const values = metricsOf(objective).flatMap((metric) => {
    const outcome = outcomes[metric];
    return outcome && outcome.n !== 0 ? [outcomeValue(outcome)] : [];
  });
  return values.length === metricsOf(objective).length ? combine(objective, values) : undefined;
}

/**
 * R² of a task's surrogate on the very merges that it was fitted on (a number without meaning when there are as many merges as
 * unknowns: look at the leave-one-out R² instead); undefined where all values are equal.
 */
export function fittedR2(surrogate: Surrogate, observed: readonly Observed[], task: string): number | undefined {
  const pairs = observed.flatMap(({ coefficients, outcomes }) => {
    const outcome = outcomes[task];
    return outcome ? [{ value: outcomeValue(outcome), fitted: predict(surrogate, coefficients).mean }] : [];
  });
  const mean = pairs.reduce((sum, { value }) => sum + value, 0) / pairs.length;
  const spread = pairs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const missed = pairs.reduce((sum, { value, fitted }) => sum + (value - fitted) ** 2, 0);
  return spread > 0 ? 1 - missed / spread : undefined;
}

/** Measured objectives, all to be maximised, of the merges that have all of them. */
export function goalValues(observed: readonly Observed[], objectives: readonly Objective[]): number[][] {
  return observed.flatMap(({ outcomes }) => {
    const values = objectives.flatMap((objective) => {
      const value = measuredObjective(objective, outcomes);
      return value === undefined ? [] : [value * directionOf(objective)];
    });
    return values.length === objectives.length ? [values] : [];
  });
}

/** Volume that the best of the points cover above a reference, and how many those are. */
export function coverageOf(
  values: readonly (readonly number[])[],
  reference: readonly number[],
): { readonly volume: Volume; readonly members: number } {
  const front = nonDominated(values).map((i) => values[i] ?? []);
  return { volume: hypervolumeOrEstimate(front, reference), members: front.length };
}

/**
 * How the covered volume grew with the measured merges: at most `most` pairs [merges so far, volume], the last one with all.
 * @param values goals in the order of measuring, all to be maximised
 */
export function volumeHistory(
  values: readonly (readonly number[])[],
  reference: readonly number[],
  most: number,
): (readonly [number, number])[] {
  const counts = thinned(
    values.map((_, i) => i + 1),
    most,
  );
  return counts.map((count) => [count, coverageOf(values.slice(0, count), reference).volume.value] as const);
}

/** The least of every goal among the points: the reference for metrics that have no natural zero. */
export function worstOf(values: readonly (readonly number[])[], goals: number): number[] {
  return Array.from({ length: goals }, (_, m) => Math.min(...values.map((row) => row[m] ?? 0)));
}

/** Where volumes begin: at 0 for what is to be large, at the worst measured value for what is to be small, with its sign turned. */
export function referenceOf(values: readonly (readonly number[])[], objectives: readonly Objective[]): number[] {
  const worst = worstOf(values, objectives.length);
  return objectives.map((objective, m) =>
    objective.sense === 'maximise' ? Math.min(0, worst[m] ?? 0) : (worst[m] ?? 0),
  );
}
