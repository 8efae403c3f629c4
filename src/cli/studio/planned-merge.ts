/** What a command over files asks for, as a job: by a mergekit configuration, or by a recipe over models that are named. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { StudioError } from '../../engine/fault.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { alignConfigured, configuredVocabulary } from '../../engine/files/configured-vocabulary.ts';
import { alignFit, fitTokens } from '../../engine/files/mix-vocabulary.ts';
import { roundedTo } from '../../engine/files/rounded.ts';
import { withUnread } from '../../engine/files/unread.ts';
import { CHOICES, type Choice, type Choices, MISMATCHES } from '../../formats/checkpoint/fit-table.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { jobOfRecipe, refuseJob } from '../../formats/checkpoint/job-of-recipe.ts';
import { readRecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import type { MergekitConfiguration } from '../../formats/mergekit/configuration.ts';
import { jobOfMergekit, lineOf } from '../../formats/mergekit/job.ts';
import { computedDtype } from '../../formats/mergekit/output-dtype.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { isPack } from '../../formats/pack.ts';
import { readRecipeJson, writeRecipeJson } from '../../formats/recipe-json.ts';
import type { WeightDtype } from '../../formats/safetensors/dtype.ts';
import type { Alignment } from '../../formats/tokenizer/alignment.ts';
import { BASE, openNamed, openReferences, tokenizerAt } from './open-models.ts';
import { choicesIn, otherFiles } from './recipe-models.ts';

export interface PlanningOptions {
  readonly dtype: string | undefined;
  /** Of a recipe: `base=path,digits=path`. */
  readonly models: string | undefined;
  /** Of a recipe, where models differ: `vocabulary=union,head=skip`. */
  readonly choose: string | undefined;
  readonly task: string | undefined;
}

export interface PlanProblem {
  /** Of the configuration, from 1; null where it is about no line. */
  readonly line: number | null;
  readonly message: string;
}

export type PlannedMerge =
  | {
      readonly kind: 'job';
      readonly job: MergeJob;
      readonly models: ReadonlyMap<string, Checkpoint>;
      /** The vocabulary that rows are matched in by token; null where they are matched by number. */
      readonly alignment: Alignment | null;
      /** Whose network of a method that gives one for each expert. */
      readonly expert?: number;
    }
  | { readonly kind: 'refused'; readonly problems: readonly PlanProblem[] };

/** As a mergekit configuration says; its paths are looked for beside it, then where the command runs. */
export async function planConfiguration(path: string, options: Pick<PlanningOptions, 'dtype'>): Promise<PlannedMerge> {
  const text = await read(path);
  const config = readMergekitConfig(text);
  if (config.kind === 'refused') return config;
  const dtype = dtypeOf(options.dtype);
  const asked: MergekitConfiguration = dtype ? { ...config, outDtype: MERGEKIT_NAMES[dtype] } : config;
  const { models, failures } = await openReferences(config.references, dirname(path));
  if (failures.length > 0) {
    const problems = failures.map((failure) => ({ line: lineOf(config, failure.text), message: failure.message }));
    return { kind: 'refused', problems };
  }
  const vocabulary = await configuredVocabulary(asked, models, (own) => tokenizerAt(own, dirname(path)));
  if (vocabulary.kind === 'refused') return vocabulary;
  const { outlines, alignment, remarks } = vocabulary;
  const made = jobOfMergekit(asked, outlines, { catalogue, mergekit });
  if (made.kind === 'refused') return made;
  const metadata = { ...made.job.metadata, mergekit_config: text };
  const whole = { ...made.job, metadata, remarks: [...made.job.remarks, ...remarks] };
  const computed = computedDtype(config);
  const plain = new Map(Array.from(models.values(), (model) => [model.outline.id, roundedTo(model, computed)]));
  const { job, checkpoints } = alignConfigured(whole, plain, alignment);
  return { kind: 'job', job: withUnread(job, checkpoints), models: checkpoints, alignment };
}

/** As a recipe's file says, over models of the same names. */
export async function planRecipe(path: string, options: PlanningOptions): Promise<PlannedMerge> {
  const named = namesOf(options.models ?? '');
  const text = await read(path);
  const family = /"family"\s*:\s*"([^"\\]+)"/.exec(text)?.[1] ?? '';
  const known = [...named.keys()].filter((name) => name !== BASE).map((id) => ({ id }));
  const file = readRecipeJson(text, catalogue, { family, experts: known });
  if (file.kind === 'refused') return refusedBy([file.reason]);
  for (const note of file.notes) process.stderr.write(`${path}: ${note}\n`);
  const { recipe } = file;
  const { experts } = recipe;
  const plain = await openNamed(named, experts);
  const base = named.has(BASE) ? BASE : null;
  const said = readRecipeOfFiles(text);
  if ('refusal' in said) return refusedBy([`The recipe is ${said.refusal}.`]);
  const others = await otherFiles(said.files, plain);
  const choices = { ...choicesIn(said), ...choicesOf(options.choose) };
  const tokens = await fitTokens([...plain.values()], { base, experts, choices });
  const { fit, alignment, failure } = tokens;
  const refusals = [...(failure === null ? [] : [failure]), ...refuseJob(recipe, fit, catalogue)];
  if (refusals.length > 0) return refusedBy(refusals);
  const metadata = { recipe: writeRecipeJson(recipe) };
  const dtype = dtypeOf(options.dtype) ?? said.dtype;
  const whole = jobOfRecipe(recipe, fit, { dtype, metadata }, catalogue);
  const made = { ...whole, remarks: [...whole.remarks, ...others] };
  const { job, checkpoints: models } = alignFit(made, plain, tokens);
  if (!isPack(recipe, catalogue)) return { kind: 'job', job: withUnread(job, models), models, alignment };
  const expert = experts.indexOf(options.task ?? said.network ?? '');
  if (expert >= 0) return { kind: 'job', job, models, alignment, expert };
  return refusedBy([
    `this method gives one network for each expert; say which one with --task (${experts.join(', ')})`,
  ]);
}

const refusedBy = (messages: readonly string[]): PlannedMerge => ({
  kind: 'refused',
  problems: messages.map((message) => ({ line: null, message })),
});

/** One line for each problem, with its place. */
export const inLines = (path: string, problems: readonly PlanProblem[]): string =>
  problems.map(({ line, message }) => `${path}${line === null ? '' : `, line ${line}`}: ${message}`).join('\n');

/** Whether the argument names a configuration rather than a link. */
export const isConfiguration = (given: string | undefined): given is string =>
  given !== undefined && /\.ya?ml$/i.test(given) && !given.includes('#');

const MERGEKIT_NAMES: Readonly<Record<WeightDtype, string>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };
const DTYPES: Readonly<Record<string, WeightDtype>> = {
  f32: 'F32',
  float32: 'F32',
  f16: 'F16',
  fp16: 'F16',
  float16: 'F16',
  bf16: 'BF16',
  bfloat16: 'BF16',
};

const read = (path: string) =>
  readFile(path, 'utf8').catch(() => {
    throw new StudioError('recipe', `${path}: cannot be read`);
  });

function dtypeOf(text: string | undefined): WeightDtype | undefined {
  if (text === undefined) return undefined;
  const dtype = Object.hasOwn(DTYPES, text.toLowerCase()) ? DTYPES[text.toLowerCase()] : undefined;
  if (dtype) return dtype;
  throw new StudioError('recipe', `--dtype: got "${text}", wanted f32, f16 or bf16`);
}

/** name=path pairs, in their order. */
function namesOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((pair): readonly [string, string] => {
    const [, name, path] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
    if (name !== undefined && path !== undefined) return [name, path];
    throw new StudioError('recipe', `--models: got "${pair}", wanted name=path, the base’s name being "${BASE}"`);
  });
  return new Map(pairs);
}

function choicesOf(text: string | undefined): Choices {
  const pairs = (text ?? '').split(',').filter((pair) => pair !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [key, value] = pair.split('=');
      const mismatch = MISMATCHES.find((known) => known === key);
      if (mismatch && isChoice(value)) return [mismatch, value];
      throw new StudioError(
        'recipe',
        `--choose: got "${pair}", wanted for example vocabulary=union, with one of ${MISMATCHES.join(', ')}`,
      );
    }),
  );
}

const isChoice = (value: string | undefined): value is Choice =>
  value !== undefined && (CHOICES.some((choice) => choice === value) || value.startsWith('keep:'));
