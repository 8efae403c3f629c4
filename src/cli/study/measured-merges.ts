/** Measured merges by task arithmetic, kept in a file as they come, so that a study that was stopped goes on where it was. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256Hex } from '../../core/hash.ts';
import type { Card, Scores } from '../../formats/card.ts';
import { coefficientsOf, withCoefficients } from '../../formats/coefficients.ts';
import { openingRecipe, type Recipe } from '../../formats/recipe.ts';
import { withExperts } from '../../formats/recipe-experts.ts';
import { metadata } from '../../methods/metadata.ts';
import type { Axis } from '../../pareto/design/design.ts';
import type { Observed } from '../../pareto/map.ts';
import { type Measurer, openMeasurer, type Split } from '../measure-recipes.ts';

/** Samples per task and split. */
export type Samples = Readonly<Record<Split, number>>;

export interface MeasuredMerges {
  /** The coefficients of a merge of these experts. */
  axes(experts: readonly string[]): Axis[];
  /** Scores on each expert's own task of every merge, in their order; only what is not in the file yet is measured. */
  measure(experts: readonly string[], vectors: readonly (readonly number[])[], split: Split): Promise<Observed[]>;
}

/** Merges between two lines of progress on stderr. */
const TOLD_EVERY = 100;

/** One line of the file. */
interface Line {
  readonly experts: readonly string[];
  readonly coefficients: readonly number[];
  readonly split: Split;
  readonly samples: number;
  readonly scores: Scores;
}

const keyOf = ({ experts, coefficients, split, samples }: Omit<Line, 'scores'>) =>
  [experts.join(), coefficients.join(), split, samples].join(' ');

/**
 * @param folder where the file lies, named after the card: another zoo has another one
 * @param open called once something has to be measured
 */
export async function openMeasuredMerges(
  card: Card,
  samples: Samples,
  folder: string,
  open: (card: Card) => Promise<Measurer> = openMeasurer,
): Promise<MeasuredMerges> {
  const path = join(folder, `${card.family}-${sha256Hex(JSON.stringify(card)).slice(0, 12)}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  const known = new Map((await linesOf(path)).map((line) => [keyOf(line), line.scores]));
  let opened: Measurer | undefined;
  let loaded: string | undefined;

  const measureOne = async (recipe: Recipe, coefficients: readonly number[], split: Split): Promise<Scores> => {
    const { experts } = recipe;
    const what = { experts, coefficients, split, samples: samples[split] };
    const earlier = known.get(keyOf(what));
    if (earlier) return earlier;
    opened ??= await open(card);
    const id = `${experts.join()} ${coefficients.join()}`;
    if (loaded !== id && !(await opened.load(withCoefficients(recipe, metadata, coefficients))))
      throw new Error(`no merge of ${experts.join(', ')} with ${coefficients.join(', ')}`);
    loaded = id;
    const scores = await opened.count(experts, split, samples[split]);
    known.set(keyOf(what), scores);
    // The line's end comes first: a line that was torn by a stop spoils none but itself.
    await appendFile(path, `\n${JSON.stringify({ ...what, scores } satisfies Line)}`);
    return scores;
  };

  const recipeOf = (experts: readonly string[]) => {
    const recipe = withExperts(openingRecipe(card, metadata), experts, metadata, card);
    if (recipe.experts.join() === experts.join()) return recipe;
    throw new Error(`experts: got ${experts.join(', ')}, wanted the card's order: ${recipe.experts.join(', ')}`);
  };
  return {
    axes: (experts) =>
      coefficientsOf(recipeOf(experts), metadata).map(({ min, max, expert }) => ({
        min,
        max,
        perExpert: expert !== undefined,
      })),
    async measure(experts, vectors, split) {
      const recipe = recipeOf(experts);
      const observed: Observed[] = [];
      for (const [i, coefficients] of vectors.entries()) {
        if (i > 0 && i % TOLD_EVERY === 0) process.stderr.write(`  ${i} of ${vectors.length} merges\n`);
        observed.push({ coefficients, outcomes: await measureOne(recipe, coefficients, split) });
      }
      return observed;
    },
  };
}

/** The last line of a run that was stopped may be torn: it is measured again. */
async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      const read: Line = JSON.parse(line);
      return [read];
    } catch {
      return [];
    }
  });
}
