/** What has been measured, per merge: answers counted on runs of samples, put together to scores on nested subsets. */
import type { Slice } from '../client/protocol.ts';
import type { Score, Scores } from '../formats/card.ts';
import { lossKey } from '../pareto/surrogate/objective.ts';
import type { ParetoPoint } from './state.ts';

/** Merges remembered: going back to a recipe then shows its numbers at once. */
const MAX_MERGES = 2000;

/** Samples up to `to`; the loss is missing where only answers were counted. */
interface Tally {
  readonly to: number;
  readonly correct: number;
  readonly loss: number | undefined;
}

export interface Ledger {
  add(mergeId: string, slice: Slice, score: Score): void;
  /** Score on the first `to` samples, or undefined while any of them is not counted. */
  score(mergeId: string, task: string, split: Slice['split'], to: number): Score | undefined;
  /** Scores of all tasks on the first `to` samples, or undefined while any is missing. */
  scores(mergeId: string, tasks: readonly string[], split: Slice['split'], to: number): Scores | undefined;
  /** What is still to be counted of the first `to` samples. */
  missing(mergeId: string, tasks: readonly string[], split: Slice['split'], to: number): readonly Slice[];
}

export function createLedger(): Ledger {
  // merge → "split task" → first sample → how far and how many right.
  const merges = new Map<string, Map<string, Map<number, Tally>>>();

  const walk = (mergeId: string, task: string, split: string, to: number) => {
    const runs = merges.get(mergeId)?.get(`${split} ${task}`);
    let at = 0;
    let correct = 0;
    let loss: number | undefined = 0;
    for (let run = runs?.get(at); run && at < to; run = runs?.get(at)) {
      correct += run.correct;
      loss = loss === undefined || run.loss === undefined ? undefined : loss + run.loss;
      at = run.to;
    }
    return { at, correct, loss };
  };
  const ledger: Ledger = {
    add(mergeId, { task, split, from, to }, { correct, loss }) {
      const known = merges.get(mergeId) ?? new Map<string, Map<number, Tally>>();
      merges.delete(mergeId);
      merges.set(mergeId, known);
      const key = `${split} ${task}`;
      const runs = known.get(key) ?? new Map<number, Tally>();
      known.set(key, runs.set(from, { to, correct, loss }));
      const [oldest] = merges.keys();
      if (merges.size > MAX_MERGES && oldest !== undefined) merges.delete(oldest);
    },
    score(mergeId, task, split, to) {
      const { at, correct, loss } = walk(mergeId, task, split, to);
      return at === to ? { correct, n: to, ...(loss !== undefined && { loss }) } : undefined;
    },
    scores(mergeId, tasks, split, to) {
      const entries = tasks.map((task) => [task, ledger.score(mergeId, task, split, to)] as const);
      return entries.every(([, score]) => score) ? (Object.fromEntries(entries) as Scores) : undefined;
    },
    missing: (mergeId, tasks, split, to) =>
      tasks.flatMap((task) => {
        const { at } = walk(mergeId, task, split, to);
        return at < to ? [{ task, split, from: at, to }] : [];
      }),
  };
  return ledger;
}

/** Enters what this machine measured before a reload, so that it is not measured again. */
export function recallPoints(
  ledger: Ledger,
  points: readonly Pick<ParetoPoint, 'mergeId' | 'source' | 'calibration' | 'test'>[],
): void {
  for (const { mergeId, source, calibration, test } of points) {
    // Other machines counted the zoo's own points and those of a file: their numbers are not this one's.
    if (source === 'zoo' || source === 'file') continue;
    for (const [split, scores] of [
      ['calibration', calibration],
      ['test', test],
    ] as const)
      for (const [task, score] of Object.entries(scores))
        if ('correct' in score) {
          const mean = scores[lossKey(task)];
          const loss = mean && 'value' in mean ? mean.value * score.n : undefined;
          ledger.add(mergeId, { task, split, from: 0, to: score.n }, { ...score, loss });
        }
  }
}
