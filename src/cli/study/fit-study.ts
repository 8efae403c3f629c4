/** Surrogates fitted on a design of twice as many merges as unknowns, tried on random merges of the same box. */
import { design, pointsNeeded, samplingRange } from '../../pareto/design/design.ts';
import { fitSurrogates, type Observed } from '../../pareto/map.ts';
import { randomSearch } from '../../pareto/search/baselines.ts';
import type { Split } from '../measure-recipes.ts';
import { type HoldOut, holdOut } from './hold-out.ts';
import type { MeasuredMerges } from './measured-merges.ts';
import { type FitSet, RANDOM_SEED } from './sizes.ts';

/** A task's surrogate of one split. */
export interface TaskFit extends HoldOut {
  readonly looR2: number | undefined;
}

export interface FitResult {
  readonly experts: readonly string[];
  readonly seed: number;
  /** Merges that were fitted on. */
  readonly fitted: number;
  /** Merges that were held out. */
  readonly heldOut: number;
  readonly tasks: readonly { readonly task: string; readonly calibration: TaskFit; readonly test: TaskFit }[];
}

export async function fitStudy(
  merges: MeasuredMerges,
  { experts, seeds, holdOut: count }: FitSet,
): Promise<FitResult[]> {
  const axes = merges.axes(experts);
  const fitted = 2 * pointsNeeded(axes.length);
  const random = randomSearch(axes.map(samplingRange), count, RANDOM_SEED);
  const unseen = await onBothSplits((split) => merges.measure(experts, random, split));
  const results: FitResult[] = [];
  for (const seed of seeds) {
    const planned = design(axes, fitted, seed);
    const seen = await onBothSplits((split) => merges.measure(experts, planned, split));
    const calibration = taskFits(experts, seen.calibration, unseen.calibration);
    const test = taskFits(experts, seen.test, unseen.test);
    const tasks = calibration.flatMap((fit, i) => {
      const reported = test[i];
      return reported ? [{ task: fit.task, calibration: fit.fit, test: reported.fit }] : [];
    });
    results.push({ experts, seed, fitted, heldOut: count, tasks });
  }
  return results;
}

async function onBothSplits<T>(get: (split: Split) => Promise<T>): Promise<{ calibration: T; test: T }> {
  return { calibration: await get('calibration'), test: await get('test') };
}

function taskFits(
  tasks: readonly string[],
  seen: readonly Observed[],
  unseen: readonly Observed[],
): { readonly task: string; readonly fit: TaskFit }[] {
  const surrogates = fitSurrogates({ observed: seen, tasks });
  return tasks.map((task) => {
    const surrogate = surrogates.get(task);
    if (!surrogate) throw new Error(`${task} has no surrogate after ${seen.length} merges`);
    return { task, fit: { ...holdOut(surrogate, unseen, task), looR2: surrogate.looR2 } };
  });
}
