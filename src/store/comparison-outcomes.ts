/** What comparisons of the mix on the screen cover beside MAP: chosen on the calibration split, reported on test. */
import type { Card } from '../formats/card.ts';
import { nonDominated } from '../pareto/front/dominance.ts';
import { goalValues, measuredObjective, referenceOf } from '../pareto/map.ts';
import { estimateHypervolume, hypervolume, type Volume } from '../pareto/quality/hypervolume.ts';
import type { Objective } from '../pareto/surrogate/objective.ts';
import { meanAccuracy, offered } from './comparisons.ts';
import type { Goal } from './objectives.ts';
import type { Split } from './plotted.ts';
import type { Comparison, ComparisonId, ParetoPoint } from './state.ts';

/** Beyond this exact volumes take too long for the main thread; the estimates of all sets share their samples. */
const MOST_EXACT_GOALS = 4;
const SAMPLES = 4096;

function volumeOf(values: readonly (readonly number[])[], reference: readonly number[]): Volume {
  return reference.length > MOST_EXACT_GOALS
    ? estimateHypervolume(values, reference, SAMPLES)
    : { estimated: false, value: hypervolume(values, reference) };
}

/** A set of merges as one number per split: chosen on calibration, reported on test. */
export interface Outcome {
  readonly id: ComparisonId | 'map';
  /** Merges that were measured for it. */
  readonly merges: number;
  /** Volume that the set covers on the split that chooses, and that its chosen front covers on the test split. */
  readonly volume: { readonly calibration: Volume; readonly test: Volume };
  /** Mean accuracy over all tasks of the merge that is best on calibration, on both splits. */
  readonly best: { readonly calibration: number; readonly test: number };
  /** Samples per task, the fewest, on each split. */
  readonly n: Readonly<Record<Split, number>>;
}

export interface Contenders {
  readonly card: Card;
  /** Of the mix on the screen: the mean accuracy is over these. */
  readonly tasks: readonly string[];
  /** MAP's own merges. */
  readonly searched: readonly ParetoPoint[];
  readonly comparisons: readonly Comparison[];
}

/**
 * What MAP's merges and each comparison cover, MAP first; those with nothing measured on the goals are left out.
 * @param goals that span the volume; it begins at 0 of what is to be large, at the worst of all sets of what is to be small
 */
export function outcomesOf(
  { card, tasks, searched, comparisons }: Contenders,
  goals: readonly Goal[],
): readonly Outcome[] {
  const sets: readonly Measured[] = [
    { id: 'map', merges: searched.length, points: searched },
    ...comparisons.map((each) => ({ id: each.id, merges: each.points.length, points: offered(each, card) })),
  ];
  const objectives = goals.map(({ objective }) => objective);
  const all = sets.flatMap(({ points }) =>
    points.map(({ calibration }) => ({ coefficients: [], outcomes: calibration })),
  );
  const reference = referenceOf(goalValues(all, objectives), objectives);
  return sets.flatMap((set) => outcomeOf(set, objectives, reference, tasks) ?? []);
}

interface Measured extends Pick<Outcome, 'id' | 'merges'> {
  readonly points: readonly ParetoPoint[];
}

function outcomeOf(
  { id, merges, points }: Measured,
  objectives: readonly Objective[],
  reference: readonly number[],
  tasks: readonly string[],
): Outcome | undefined {
  const complete = points.filter(({ calibration, test }) =>
    objectives.every((objective) =>
      [calibration, test].every((outcomes) => measuredObjective(objective, outcomes) !== undefined),
    ),
  );
  const valuesOn = (split: Split) =>
    goalValues(
      complete.map((point) => ({ ...point, outcomes: point[split] })),
      objectives,
    );
  const calibration = valuesOn('calibration');
  const test = valuesOn('test');
  const chosen = nonDominated(calibration).map((i) => test[i] ?? []);
  const mean = (point: ParetoPoint, split: Split) => meanAccuracy(point[split], tasks);
  const [first] = complete.toSorted((a, b) => mean(b, 'calibration') - mean(a, 'calibration'));
  if (!first) return undefined;
  const fewest = (split: Split) =>
    Math.min(...complete.flatMap((point) => tasks.map((task) => point[split][task]?.n ?? 0)));
  return {
    id,
    merges,
    volume: {
      calibration: volumeOf(calibration, reference),
      test: volumeOf(chosen, reference),
    },
    best: { calibration: mean(first, 'calibration'), test: mean(first, 'test') },
    n: { calibration: fewest('calibration'), test: fewest('test') },
  };
}
