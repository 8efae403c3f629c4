import { wilson } from '../../core/stats/wilson.ts';
import { createEvaluator } from '../../engine/evaluator.ts';
import { StudioError } from '../../engine/fault.ts';
import { createMerger } from '../../engine/merger.ts';
import type { PackSize } from '../../engine/networks.ts';
import type { Card } from '../../formats/card.ts';
import { mergeId } from '../../formats/merge-id.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { accuracyOf, referenceAccuracy } from '../../formats/scores.ts';
import { metadata } from '../../methods/metadata.ts';
import { openLinkText, openLocalZoo, openWasm } from './local.ts';

interface Options {
  readonly json: boolean;
  readonly samples: string | undefined;
  readonly tasks: string | undefined;
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
export async function evaluate(link: string | undefined, options: Options): Promise<string> {
  const { recipe, card, notes } = await openLinkText(link);
  const n = sampleCount(card, options.samples);
  const wanted = taskList(card, recipe, options.tasks);
  for (const note of notes) process.stderr.write(`${note}\n`);
  const { name: backend } = await openWasm();
  const zoo = openLocalZoo(card);
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
  const result = {
    mergeId: mergeId(recipe, metadata, card),
    family: card.family,
    method: recipe.chain.map(({ method }) => method).join('+'),
    backend,
    tasks,
    average: mean(tasks.map(({ accuracy }) => accuracy)),
    normalisedAverage: mean(tasks.map(({ accuracy, expertAccuracy }) => accuracy / expertAccuracy)),
    // Of packs: bits stored, the base among them.
    ...(merged.footprint && { footprint: merged.footprint }),
  };
  return options.json ? JSON.stringify(result, null, 2) : table(result);
}

interface Printed {
  readonly mergeId: string;
  readonly method: string;
  readonly tasks: readonly TaskResult[];
  readonly average: number;
  readonly footprint?: PackSize;
}

function table(result: Printed): string {
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
