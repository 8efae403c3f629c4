/** Merges models on disk: as a mergekit configuration says, or as a recipe does over models that are named. */

import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { StudioError } from '../../engine/fault.ts';
import { adaptTo } from '../../engine/files/adapter.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import { type Choice, type Choices, MISMATCHES } from '../../formats/checkpoint/fit-table.ts';
import { jobOfRecipe, refuseJob } from '../../formats/checkpoint/job-of-recipe.ts';
import type { MergekitConfiguration, ModelReference } from '../../formats/mergekit/configuration.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { isPack } from '../../formats/pack.ts';
import { readRecipeJson, writeRecipeJson } from '../../formats/recipe-json.ts';
import type { WeightDtype } from '../../formats/safetensors/dtype.ts';
import { sourcesOf } from './disk.ts';
import { runToDisk } from './run-to-disk.ts';

export interface FileOptions {
  readonly out: string | undefined;
  readonly dtype: string | undefined;
  readonly shardSize: string | undefined;
  readonly resume: boolean;
  readonly json: boolean;
  /** Of a recipe: `base=path,digits=path`. */
  readonly models: string | undefined;
  /** Of a recipe, where models differ: `vocabulary=union,head=skip`. */
  readonly choose: string | undefined;
  readonly task: string | undefined;
}

/** Whether the argument names a configuration rather than a link. */
export const isConfiguration = (given: string | undefined): given is string =>
  given !== undefined && /\.ya?ml$/i.test(given) && !given.includes('#');

/** As a mergekit configuration says; its paths are looked for beside it, then where the command runs. */
export async function mergeConfiguration(path: string, options: FileOptions): Promise<string> {
  const target = targetOf(options);
  const text = await read(path);
  const config = readMergekitConfig(text);
  if (config.kind === 'refused') throw refused(path, config.problems);
  const dtype = dtypeOf(options.dtype);
  const asked: MergekitConfiguration = dtype ? { ...config, outDtype: MERGEKIT_NAMES[dtype] } : config;
  const models = await openReferences(config.references, dirname(path));
  const outlines = new Map([...models].map(([reference, { outline }]) => [reference, outline]));
  const made = jobOfMergekit(asked, outlines, { catalogue, mergekit });
  if (made.kind === 'refused') throw refused(path, made.problems);
  const job = { ...made.job, metadata: { ...made.job.metadata, mergekit_config: text } };
  return runToDisk(job, byId([...models.values()]), target);
}

/** As a recipe's file says, over models of the same names. */
export async function mergeRecipe(path: string, options: FileOptions): Promise<string> {
  const target = targetOf(options);
  const named = namesOf(options.models ?? '');
  const text = await read(path);
  const family = /"family"\s*:\s*"([^"\\]+)"/.exec(text)?.[1] ?? '';
  const experts = [...named.keys()].filter((name) => name !== BASE).map((id) => ({ id }));
  const recipe = readRecipeJson(text, catalogue, { family, experts });
  if (recipe.kind === 'refused') throw new StudioError('recipe', `${path}: ${recipe.reason}`);
  for (const note of recipe.notes) process.stderr.write(`${path}: ${note}\n`);
  const models = await openNamed(named, recipe.recipe.experts);
  const outlines = [...models.values()].map(({ outline }) => outline);
  const base = named.has(BASE) ? BASE : null;
  const fit = fitModels(outlines, { base, experts: recipe.recipe.experts, choices: choicesOf(options.choose) });
  const refusals = refuseJob(recipe.recipe, fit, catalogue);
  if (refusals.length > 0) throw new StudioError('recipe', refusals.join('\n'));
  const metadata = { recipe: writeRecipeJson(recipe.recipe) };
  const job = jobOfRecipe(recipe.recipe, fit, { dtype: dtypeOf(options.dtype) ?? 'as-base', metadata }, catalogue);
  const { task } = options;
  const pack = isPack(recipe.recipe, catalogue);
  const expert = task === undefined ? -1 : recipe.recipe.experts.indexOf(task);
  if (pack && expert < 0)
    throw new StudioError(
      'recipe',
      `this method gives one network for each expert; say which one with --task (${recipe.recipe.experts.join(', ')})`,
    );
  return runToDisk(job, models, { ...target, ...(pack && { expert }) });
}

const BASE = 'base';
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

const refused = (path: string, problems: readonly { readonly line: number; readonly message: string }[]) =>
  new StudioError('recipe', problems.map(({ line, message }) => `${path}, line ${line}: ${message}`).join('\n'));

function targetOf({ out, shardSize, resume, json }: FileOptions) {
  if (out === undefined) throw new StudioError('recipe', 'where to write is missing: --out merged.safetensors');
  const shardBytes = shardSize === undefined ? undefined : sizeOf(shardSize);
  if (shardBytes !== undefined && out.endsWith('.safetensors'))
    throw new StudioError(
      'recipe',
      `--out: got ${out}, but with --shard-size several files are written: give a folder`,
    );
  if (shardBytes === undefined && !out.endsWith('.safetensors'))
    throw new StudioError(
      'recipe',
      `--out: got ${out}, wanted a file that ends in .safetensors, or a folder with --shard-size 5GB`,
    );
  return { out, shardBytes, resume, json };
}

function sizeOf(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kMG]?)B?$/i.exec(text) ?? [];
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9 }[unit.toLowerCase()];
  if (number !== undefined && factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new StudioError('recipe', `--shard-size: got "${text}", wanted a size such as 5GB or 500MB`);
}

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
  value !== undefined && (['base', 'union', 'untie', 'skip'].includes(value) || value.startsWith('keep:'));

// ---------------------------------------------------------------- opening

/** The one model at a path. */
async function openAt(path: string, taken: Iterable<string>): Promise<Checkpoint> {
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf([path]), taken);
  const [only, ...more] = checkpoints;
  for (const { kind, path: where, message } of problems) {
    if (kind === 'refused')
      throw new StudioError('files', message.startsWith(where) ? message : `${where}: ${message}`);
    process.stderr.write(`${where}: ${message}\n`);
  }
  if (only && more.length === 0) return only;
  throw new StudioError('files', `${path}: holds ${checkpoints.length} models, wanted one: name its file`);
}

/** By `ModelReference.text`. */
async function openReferences(references: readonly ModelReference[], folder: string) {
  const opened = new Map<string, Checkpoint>();
  const taken = () => [...opened.values()].map(({ outline }) => outline.id);
  const paths = new Map<string, Checkpoint>();
  const openOnce = async (path: string) => {
    const found = await locate(path, folder);
    const known =
      paths.get(found) ?? (await openAt(found, [...taken(), ...[...paths.values()].map(({ outline }) => outline.id)]));
    paths.set(found, known);
    return known;
  };
  for (const { text, model, lora } of references) {
    const plain = await openOnce(model);
    opened.set(text, lora === undefined ? plain : await adaptTo(await openOnce(lora), plain));
  }
  return opened;
}

/** A path beside the configuration, or where the command runs. */
async function locate(path: string, folder: string): Promise<string> {
  const candidates = isAbsolute(path) ? [path] : [join(folder, path), resolve(path)];
  for (const candidate of candidates)
    if (
      await stat(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  throw new StudioError(
    'files',
    `${path}: there is no such file or folder, neither beside the configuration nor here; models are not downloaded`,
  );
}

/** Under the names that the recipe has for them. */
async function openNamed(
  named: ReadonlyMap<string, string>,
  experts: readonly string[],
): Promise<ReadonlyMap<string, Checkpoint>> {
  const models = new Map<string, Checkpoint>();
  const wanted = [...(named.has(BASE) ? [BASE] : []), ...experts];
  for (const name of wanted) {
    const path = named.get(name);
    if (path === undefined) throw new StudioError('recipe', `--models: no path of ${name}, which the recipe merges`);
    const opened = await openAt(path, []);
    const base = models.get(BASE);
    const model = opened.outline.kind === 'adapter' && base ? await adaptTo(opened, base) : opened;
    models.set(name, { ...model, outline: { ...model.outline, id: name } });
  }
  return models;
}

const byId = (models: readonly Checkpoint[]) => new Map(models.map((model) => [model.outline.id, model]));
