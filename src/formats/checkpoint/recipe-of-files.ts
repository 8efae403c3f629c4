/** What a recipe over files says beside its chain: which files it was made with, and what was chosen where they differ. No weights. */
import * as v from 'valibot';
import { issueInWords, parseJson } from '../json-checks.ts';
import type { Recipe } from '../recipe.ts';
import { writeRecipeJson } from '../recipe-json.ts';
import { type Choice, type Choices, MISMATCHES } from './fit-table.ts';

/** A file that a model is made of. */
export interface RecipeFile {
  /** As the recipe calls the model. */
  readonly model: string;
  readonly part: 'base' | 'expert';
  /** Without its folders. */
  readonly name: string;
  readonly bytes: number;
  /** Checksum of its size, its begin and pieces of the rest, or the begin of that. */
  readonly print: string;
}

export interface RecipeOfFiles {
  readonly files: readonly RecipeFile[];
  readonly dtype: 'as-base' | 'F32' | 'F16' | 'BF16';
  /** Whose network of a method that gives one for each expert; null for the others. */
  readonly network: string | null;
  readonly choices: Choices;
}

/** Models of one merge, each in some shards. */
const MOST_FILES = 2000;
const LONGEST_NAME = 500;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(LONGEST_NAME));
const isChoice = (value: unknown): value is Choice =>
  typeof value === 'string' && /^(base|union|numbers|untie|skip|keep:.{1,500})$/.test(value);
const choice = v.exactOptional(v.custom<Choice>(isChoice, 'a choice such as “union” or “keep:” and a model'));

const schema = v.object({
  files: v.optional(
    v.pipe(
      v.array(
        v.object({
          model: name,
          part: v.picklist(['base', 'expert']),
          name,
          bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
          print: v.pipe(v.string(), v.regex(/^[0-9a-f]{8,64}$/)),
        }),
      ),
      v.maxLength(MOST_FILES),
    ),
    [],
  ),
  dtype: v.optional(v.picklist(['as-base', 'F32', 'F16', 'BF16']), 'as-base'),
  network: v.nullish(name, null),
  choices: v.optional(v.object(v.entriesFromList(MISMATCHES, choice)), {}),
});

export const writeRecipeOfFiles = (recipe: Recipe, more: RecipeOfFiles): string =>
  JSON.stringify({ ...JSON.parse(writeRecipeJson(recipe)), ...more }, null, 2);

/** Of a recipe that says nothing about files: none, and nothing chosen. Never throws. */
export function readRecipeOfFiles(text: string): RecipeOfFiles | { readonly refusal: string } {
  const parsed = parseJson(text);
  if ('refusal' in parsed) return parsed;
  const checked = v.safeParse(schema, parsed.json);
  return checked.success ? checked.output : { refusal: issueInWords(checked.issues) };
}

/** A model in front of somebody, with its files. */
interface Given {
  readonly files: readonly { readonly path: string; readonly size: number; readonly print: string }[];
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const SHOWN_DIGITS = 12;
const begin = (print: string): string => print.slice(0, SHOWN_DIGITS);

/** Why a file is not the one that the recipe was made with; undefined where it is, or where none has its name. */
export function otherBytes(
  wanted: Pick<RecipeFile, 'name' | 'bytes' | 'print'>,
  given: readonly Given[],
): string | undefined {
  const all = given.flatMap(({ files }) => files);
  if (all.some(({ print }) => print.startsWith(wanted.print))) return undefined;
  const same = all.find(({ path }) => lastOf(path) === wanted.name);
  if (!same) return undefined;
  const got =
    same.size === wanted.bytes
      ? `checksum ${begin(same.print)}, wanted ${begin(wanted.print)}`
      : `${same.size} bytes, wanted ${wanted.bytes}`;
  return `a file ${wanted.name} is here, but it is another one: got ${got}`;
}
