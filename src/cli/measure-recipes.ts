/** Merges recipes and counts their correct answers in Node, on WebAssembly, with the page's own merger and evaluator. */
import { createEvaluator, type Slice } from '../engine/evaluator.ts';
import { StudioError } from '../engine/fault.ts';
import { createMerger } from '../engine/merger.ts';
import { disposeNetworks } from '../engine/networks.ts';
import type { Card, Scores } from '../formats/card.ts';
import type { Recipe } from '../formats/recipe.ts';
import { openLocalZoo, openWasm } from './studio/local.ts';

export type Split = Slice['split'];

/** Milliseconds. */
export interface MergeTimes {
  readonly prepareMs: number;
  readonly combineMs: number;
}

export interface Measurer {
  /** Makes the merge that is counted next; undefined, with the reason on stderr, where the method can make none. */
  load(recipe: Recipe): Promise<MergeTimes | undefined>;
  /** Correct answers of that merge on the first samples of each task. */
  count(tasks: readonly string[], split: Split, samples: number): Promise<Scores>;
}

export async function openMeasurer(card: Card): Promise<Measurer> {
  await openWasm();
  const zoo = openLocalZoo(card);
  const merger = createMerger(zoo, () => performance.now());
  const evaluator = createEvaluator(zoo);
  return {
    async load(recipe) {
      try {
        const merged = await merger.merge(recipe);
        evaluator.use(await merger.readAll(merged));
        disposeNetworks(merged);
        return { prepareMs: merged.prepareMs, combineMs: merged.combineMs };
      } catch (error) {
        // Such as the base in a design over normalised weights, whose sum would be 0: a design does without it.
        if (!(error instanceof StudioError) || error.code !== 'recipe') throw error;
        process.stderr.write(`left out: ${error.message}\n`);
        return undefined;
      }
    },
    async count(tasks, split, samples) {
      const counted: [string, Scores[string]][] = [];
      for (const task of tasks) counted.push([task, await evaluator.count({ task, split, from: 0, to: samples })]);
      return Object.fromEntries(counted);
    },
  };
}

/** Labelled samples per task of a split. */
export function splitSize(card: Card, split: Split): number {
  const [task] = card.tasks;
  return (split === 'test' ? task?.test : task?.calibration.inputs)?.at(-1)?.to ?? 0;
}
