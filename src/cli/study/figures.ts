/** What is read off the results: means over tasks, designs and expert sets, and whether the goals are met. */
import type { FitResult, TaskFit } from './fit-study.ts';
import type { FrontResult, WayName } from './front-study.ts';
import { R2_GOAL } from './sizes.ts';
import { type Spread, spread, type Volumes } from './volumes.ts';

export interface FitFigures {
  /** Distinct expert sets and designs behind the figures. */
  readonly sets: number;
  readonly designs: number;
  readonly r2: Spread;
  readonly looR2: Spread;
  /** Mean, of accuracies 0…1. */
  readonly rmse: number;
  /** Mean standard deviation of the accuracies held out. */
  readonly deviation: number;
  /** R² of surrogates fitted on test scores, for merges measured on the test split. */
  readonly testR2: Spread;
}

/** A task whose measured values are all equal has no R² and does not count. */
export function fitFigures(results: readonly FitResult[]): FitFigures {
  const tasks = results.flatMap((result) => result.tasks);
  const all = (value: (fit: TaskFit) => number | undefined, split: 'calibration' | 'test' = 'calibration') =>
    spread(tasks.flatMap((task) => value(task[split]) ?? []));
  return {
    sets: new Set(results.map(({ experts }) => experts.join())).size,
    designs: results.length,
    r2: all(({ r2 }) => r2),
    looR2: all(({ looR2 }) => looR2),
    rmse: all(({ rmse }) => rmse).mean,
    deviation: all(({ deviation }) => deviation).mean,
    testR2: all(({ r2 }) => r2, 'test'),
  };
}

/** Results by what they have in common, in the order of their first. */
export function grouped<Item, Key>(items: readonly Item[], key: (item: Item) => Key): [Key, Item[]][] {
  const groups = new Map<Key, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups];
}

/** Share of the reference's volume over the runs of one way, of all the given results. */
export function shareOf(
  results: readonly FrontResult[],
  name: WayName,
  above: keyof Volumes,
  split: 'calibration' | 'test',
): Spread {
  const runs = results.flatMap(({ ways }) => ways.filter((way) => way.name === name).flatMap((way) => way.runs));
  return spread(runs.map((run) => run[above][split]));
}

export interface Verdict {
  readonly what: string;
  readonly wanted: string;
  readonly measured: Spread;
  readonly met: boolean;
}

/** The goals; a mean over expert sets and designs has to meet each. */
export function verdicts(fits: readonly FitResult[], fronts: readonly FrontResult[]): Verdict[] {
  const r2 = grouped(fits, ({ experts }) => experts.length)
    .filter(([n]) => n <= R2_GOAL.mostExperts)
    .map(([n, results]): Verdict => {
      const measured = fitFigures(results).r2;
      const met = measured.mean >= R2_GOAL.least;
      return { what: `hold-out R² per task, ${n} experts`, wanted: `mean ≥ ${R2_GOAL.least}`, measured, met };
    });
  const volume = grouped(fronts, ({ experts }) => experts.length).flatMap(([n, results]) => {
    const [first] = results;
    if (!first) return [];
    const { goal, budget, reference } = first;
    const what = `hypervolume, ${n} experts, ${budget} merges, as a share of ${REFERENCE[reference.kind](reference.merges)}`;
    const measured = shareOf(results, 'map-batches', 'zero', 'calibration');
    return [{ what, wanted: `≥ ${100 * goal} %`, measured, met: measured.mean >= goal }];
  });
  return [...r2, ...volume];
}

export const REFERENCE: Readonly<Record<FrontResult['reference']['kind'], (merges: number) => string>> = {
  grid: (merges) => `a ${Math.sqrt(merges)} × ${Math.sqrt(merges)} grid’s`,
  random: (merges) => `${merges.toLocaleString('en')} random merges’`,
};
