/** Size beside accuracy of everything of the mix on the screen that has both. Loaded with the panel that shows it. */
import { wilson } from '../core/stats/wilson.ts';
import type { Card, Scores } from '../formats/card.ts';
import { accuracyOf, referenceAccuracy } from '../formats/scores.ts';
import { memo } from './memo.ts';
import { bitsOf, keyOf, methodsOf } from './packs.ts';
import { selectMergeId } from './selectors.ts';
import type { MeasuredPack, StudioState } from './state.ts';

/** A place in the plot of size against accuracy. */
export interface SizedMerge {
  readonly id: string;
  readonly name: string;
  readonly kind: 'pack' | 'current' | 'experts' | 'average';
  /** In float32 networks. */
  readonly size: number;
  /** Mean over the tasks of the mix, 0…1, with the 95 % interval of all their images together. */
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  /** Test images per task, of the task with the fewest. */
  readonly n: number;
}

type Placed = Pick<SizedMerge, 'accuracy' | 'low' | 'high' | 'n'>;

function placed(scores: Scores, tasks: readonly string[]): Placed | undefined {
  const own = tasks.flatMap((task) => scores[task] ?? []);
  if (own.length < tasks.length || own.length === 0) return undefined;
  const sum = (of: (score: (typeof own)[number]) => number) => own.reduce((total, score) => total + of(score), 0);
  const interval = wilson(
    sum(({ correct }) => correct),
    sum(({ n }) => n),
  );
  return { accuracy: sum(accuracyOf) / own.length, ...interval, n: Math.min(...own.map(({ n }) => n)) };
}

/** Accuracies that came with the card, on as many images as there are. */
function expertScores(card: Card, tasks: readonly string[]): Scores {
  const n = card.tasks[0]?.test.at(-1)?.to ?? 0;
  return Object.fromEntries(
    tasks.map((task) => [task, { correct: Math.round(referenceAccuracy(card, task, task, n) * n), n }]),
  );
}

const NOTHING: readonly SizedMerge[] = [];

/** Everything of the mix on the screen that has a size and an accuracy, the merge on the screen last. */
export const selectSizes = memo(
  (state: StudioState) => [
    state.packs,
    state.measurement,
    state.recipe,
    state.card,
    state.averages,
    selectMergeId(state),
  ],
  (packs, measurement, recipe, card, averages, id): readonly SizedMerge[] => {
    if (!recipe || !card) return NOTHING;
    const mix = recipe.experts.join();
    const merge = (kind: SizedMerge['kind'], key: string, name: string, size: number, scores: Scores) => {
      const place = placed(scores, recipe.experts);
      return place ? [{ id: key, name, kind, size, ...place }] : [];
    };
    const size = measurement?.mergeId === id ? measurement?.info?.footprint : undefined;
    const own =
      measurement && size ? { mergeId: measurement.mergeId, recipe, size, test: measurement.test } : undefined;
    const others = packs.filter((pack) => pack.recipe.experts.join() === mix && (!own || keyOf(pack) !== keyOf(own)));
    const sized = (kind: 'pack' | 'current', { mergeId, recipe: made, size: bits, test }: MeasuredPack) =>
      merge(kind, mergeId, methodsOf(made), bitsOf(bits) / bits.baseBits, test);
    return [
      ...merge('experts', 'experts', 'all experts', recipe.experts.length, expertScores(card, recipe.experts)),
      ...merge('average', 'average', 'uniform average', 1, averages[mix] ?? {}),
      ...others.flatMap((pack) => sized('pack', pack)),
      ...(own ? sized('current', own) : []),
    ];
  },
);

/** What the merge on the screen told when it was made; null while that is not known. */
export const selectPackInfo = memo(
  (state: StudioState) => [state.measurement, selectMergeId(state)],
  (measurement, id) => (measurement?.mergeId === id ? (measurement?.info ?? null) : null),
);
