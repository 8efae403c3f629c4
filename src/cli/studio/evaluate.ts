import * as tf from '@tensorflow/tfjs-core';
import { wilson } from '../../core/stats/wilson.ts';
import { createEvaluator } from '../../engine/evaluator.ts';
import { StudioError } from '../../engine/fault.ts';
import { createMerger } from '../../engine/merger.ts';
import type { PackSize } from '../../engine/networks.ts';
import type { Zoo } from '../../engine/zoo.ts';
import type { Card } from '../../formats/card.ts';
import { mergeId } from '../../formats/merge-id.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { accuracyOf, referenceAccuracy } from '../../formats/scores.ts';
import { metadata } from '../../methods/metadata.ts';
import { openLinkText, openLocalZoo, openWasm } from './local.ts';

export interface MeasureOptions {
  readonly samples: string | undefined;
  readonly tasks: string | undefined;
}

interface Options extends MeasureOptions {
  readonly json: boolean;
}

export interface TaskResult {
  readonly id: string;
  readonly accuracy: number;
  /** Wilson 95 % interval. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** On the same samples. */
  readonly expertAccuracy: number;
  readonly baseAccuracy: number;
}

export interface MergeResult {
  readonly mergeId: string;
  readonly family: string;
  readonly method: string;
  readonly backend: string;
  readonly tasks: readonly TaskResult[];
  readonly average: number;
  readonly normalisedAverage: number;
  readonly footprint?: PackSize;
}

/** Test samples per task: one of the card's nested subsets. */
function sampleCount(card: Card, wanted = 'all'): number {
  const ends = card.tasks[0]?.test.map(({ to }) => to) ?? [];
  const count = wanted === 'all' ? ends.at(-1) : ends.find((end) => String(end) === wanted);
  if (count !== undefined) return count;
  throw new StudioError('recipe', `--samples: got "${wanted}", wanted all or one of ${ends.join(', ')}`);
}

function taskList(card: Card, recipe: Recipe, wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return recipe.experts;
  if (wanted === 'all') return card.tasks.map(({ id }) => id);
  throw new StudioError('recipe', `--tasks: got "${wanted}", wanted all (or leave it out for the recipe’s own)`);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Merges and measures what a link describes; the numbers are those of the page on WebAssembly. */
export async function evaluate(link: string | undefined, { json, ...options }: Options): Promise<string> {
  const { recipe, card, notes } = await openLinkText(link);
  checkOptions(recipe, card, options);
  for (const note of notes) process.stderr.write(`${note}\n`);
  await openWasm();
  const result = await measureMerge(recipe, { card, zoo: openLocalZoo(card) }, options);
  return json ? JSON.stringify(result, null, 2) : mergeTable(result);
}

/** Before anything is opened. */
function checkOptions(recipe: Recipe, card: Card, { samples, tasks }: MeasureOptions): void {
  sampleCount(card, samples);
  taskList(card, recipe, tasks);
}

/** On a backend that is open. */
export async function measureMerge(
  recipe: Recipe,
  { card, zoo }: { readonly card: Card; readonly zoo: Zoo },
  { samples, tasks: tasksWanted }: MeasureOptions,
): Promise<MergeResult> {
  const n = sampleCount(card, samples);
  const wanted = taskList(card, recipe, tasksWanted);
  const merger = createMerger(zoo, () => performance.now());
  const evaluator = createEvaluator(zoo);
  const merged = await merger.merge(recipe);
  evaluator.use(await merger.readAll(merged));
  const tasks: TaskResult[] = [];
  for (const id of wanted) {
    const score = await evaluator.count({ task: id, split: 'test', from: 0, to: n });
    const expertAccuracy = referenceAccuracy(card, id, id, n);
    const baseAccuracy = referenceAccuracy(card, 'base', id, n);
    const interval = wilson(score.correct, score.n);
    tasks.push({ id, accuracy: accuracyOf(score), ...interval, n, expertAccuracy, baseAccuracy });
  }
  return {
    mergeId: mergeId(recipe, metadata, card),
    family: card.family,
    method: recipe.chain.map(({ method }) => method).join('+'),
    backend: tf.getBackend(),
    tasks,
    average: mean(tasks.map(({ accuracy }) => accuracy)),
    normalisedAverage: mean(tasks.map(({ accuracy, expertAccuracy }) => accuracy / expertAccuracy)),
    // Of packs: bits stored, the base among them.
    ...(merged.footprint && { footprint: merged.footprint }),
  };
}

export function mergeTable(result: MergeResult): string {
  const percent = (value: number) => `${(value * 100).toFixed(1).padStart(5)} %`;
  const rows = result.tasks.map(
    ({ id, accuracy, low, high, n, expertAccuracy, baseAccuracy }) =>
      `${id.padEnd(10)} ${percent(accuracy)}  [${percent(low)}, ${percent(high)}]  n = ${n}  expert ${percent(expertAccuracy)}  base ${percent(baseAccuracy)}`,
  );
  const size = result.footprint ? [sizeLine(result.footprint)] : [];
  return [`${result.method}, merge ${result.mergeId}`, ...rows, `average    ${percent(result.average)}`, ...size].join(
    '\n',
  );
}

function sizeLine({ baseBits, sharedBits, perExpertBits, experts }: PackSize): string {
  const times = (bits: number) => (bits / baseBits).toFixed(2);
  const all = baseBits + sharedBits + experts * perExpertBits;
  return `size       ${times(all)} × one network: the base, ${times(sharedBits)} shared, ${times(perExpertBits)} for each of ${experts} experts`;
}
