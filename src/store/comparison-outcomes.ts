/** What comparisons of the mix on the screen cover beside MAP: chosen on the calibration split, reported on test. */
import type { Card } from '../formats/card.ts';
import { nonDominated } from '../pareto/front/dominance.ts';
import { goalValues } from '../pareto/map.ts';
import { samplesOf } from '../pareto/point.ts';
import { estimateHypervolume, hypervolume, type Volume } from '../pareto/quality/hypervolume.ts';
import { meanAccuracy, offered } from './comparisons.ts';
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
 * @param goals tasks that span the volume; the reference is 0 % of each
 */
export function outcomesOf(
  { card, tasks, searched, comparisons }: Contenders,
  goals: readonly string[],
): readonly Outcome[] {
  const sets: readonly Measured[] = [
    { id: 'map', merges: searched.length, points: searched },
    ...comparisons.map((each) => ({ id: each.id, merges: each.points.length, points: offered(each, card) })),
  ];
  return sets.flatMap((set) => outcomeOf(set, goals, tasks) ?? []);
}

interface Measured extends Pick<Outcome, 'id' | 'merges'> {
  readonly points: readonly ParetoPoint[];
}

function outcomeOf(
  { id, merges, points }: Measured,
  goals: readonly string[],
  tasks: readonly string[],
): Outcome | undefined {
  const complete = points.filter(({ calibration, test }) => goals.every((goal) => calibration[goal] && test[goal]));
  const valuesOn = (split: Split) =>
    goalValues(
      complete.map((point) => ({ ...point, outcomes: point[split] })),
      goals,
    );
  const calibration = valuesOn('calibration');
  const test = valuesOn('test');
  const reference = goals.map(() => 0);
  const chosen = nonDominated(calibration).map((i) => test[i] ?? []);
  const mean = (point: ParetoPoint, split: Split) => meanAccuracy(point[split], tasks);
  const [first] = complete.toSorted((a, b) => mean(b, 'calibration') - mean(a, 'calibration'));
  if (!first) return undefined;
  const fewest = (split: Split) =>
    Math.min(...complete.flatMap((point) => goals.map((goal) => samplesOf(point[split][goal]))));
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
