/**
 * MAP from measured merges (Li et al. 2024, arXiv 2406.07529): one surrogate per task, and the front that the surrogates predict
 * for the tasks that matter.
 */
import { sampledBox } from './design/design.ts';
import { nonDominated } from './front/dominance.ts';
import { type FrontPoint, predictFront } from './front/front.ts';
import { type Outcomes, outcomeValue, type Range } from './point.ts';
import { hypervolumeOrEstimate, type Volume } from './quality/hypervolume.ts';
import type { Metric } from './surrogate/link.ts';
import { predict, type Surrogate } from './surrogate/predict.ts';
import { emptyFits, observePoint, surrogatesOf } from './surrogate/surrogate.ts';
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
  /** Where the coefficients lie, if not in [0, 1]ᴺ. */
  readonly box?: readonly Range[];
}

/** Surrogates of the tasks that were measured often enough, by task. */
export function fitSurrogates({ observed, tasks, metrics = {}, box }: FitRequest): ReadonlyMap<string, Surrogate> {
  const fits = emptyFits(tasks, observed[0]?.coefficients.length ?? 0, { metrics, ...(box && { box }) });
  for (const { coefficients, outcomes } of observed) observePoint(fits, { coefficients, calibration: outcomes });
  return surrogatesOf(fits);
}

export interface FrontRequest {
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  /** Tasks whose front is wanted, two or more. */
  readonly goals: readonly string[];
  readonly observed: readonly Observed[];
  readonly seed: number;
  readonly candidates?: number;
  /** Of the goals, those that are to be small. */
  readonly minimised?: readonly string[];
}

/** The predicted front inside the sampled box; empty while a goal has no surrogate. One estimate per goal, in their order. */
export function frontOf({ surrogates, goals, observed, minimised = [], ...options }: FrontRequest): FrontPoint[] {
  const own = goals.flatMap((goal) => surrogates.get(goal) ?? []);
  const box = sampledBox(observed);
  if (!box || own.length < goals.length || goals.length < 2) return [];
  return predictFront(own, box, {
    ...options,
    known: observed.map(({ coefficients }) => coefficients),
    minimised: goals.map((goal) => minimised.includes(goal)),
  });
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

/** Measured values of the goals, all to be maximised, of the merges that have all of them. */
export function goalValues(
  observed: readonly Observed[],
  goals: readonly string[],
  minimised: readonly string[] = [],
): number[][] {
  return observed.flatMap(({ outcomes }) => {
    const values = goals.flatMap((goal) => {
      const outcome = outcomes[goal];
      return outcome ? [outcomeValue(outcome) * (minimised.includes(goal) ? -1 : 1)] : [];
    });
    return values.length === goals.length ? [values] : [];
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
