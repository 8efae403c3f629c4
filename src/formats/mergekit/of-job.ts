/** A job over files as a mergekit configuration that runs as it is: every tensor gets its own controls again. */
import type { JobTensor, Making, MergeJob } from '../checkpoint/job.ts';
import { isFloat, type WeightDtype } from '../safetensors/dtype.ts';
import type { MergekitResult } from './config.ts';
import type { Setting } from './configuration.ts';
import { type Dictionary, type Formed, formOf, parametersOfModel, sharedParameters } from './form.ts';
import { settingOver } from './settings-over.ts';
import type { Written } from './values.ts';
import { yamlText } from './yaml-text.ts';

const NAMES: Readonly<Record<WeightDtype, string>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

type Merging = Extract<Making, { kind: 'merge' }>;

/** A tensor that is merged, with the steps that merge it. */
interface Merged {
  readonly name: string;
  readonly making: Merging;
  readonly formed: Formed;
}

/** Of another kind than mergekit's merges. */
class Unsayable extends Error {}

/**
 * @param paths of the models by their ids, as the configuration shall name them
 * @returns what a configuration cannot say is told, or refused where the merge would be another
 */
export function configOfJob(job: MergeJob, paths: ReadonlyMap<string, string>, dictionary: Dictionary): MergekitResult {
  try {
    return write(job, paths, dictionary);
  } catch (error) {
    if (error instanceof Unsayable) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

function write(job: MergeJob, paths: ReadonlyMap<string, string>, dictionary: Dictionary): MergekitResult {
  const known = new Map<string, Formed>();
  const merged = job.tensors.flatMap((tensor) => mergedOf(tensor, { job, dictionary, known }) ?? []);
  const [first] = merged;
  if (!first) throw new Unsayable('No tensor is merged, so there is nothing for mergekit to do.');
  const models = first.making.experts.map(({ model }) => model);
  const base = first.making.base?.model;
  for (const { name, making, formed } of merged) {
    const own = making.experts.map(({ model }) => model);
    if (own.join('\n') !== models.join('\n') || making.base?.model !== base)
      throw new Unsayable(
        `${name} is made of other models than ${first.name}: mergekit merges the same ones everywhere.`,
      );
    if (formed.name !== first.formed.name)
      throw new Unsayable(
        `${name} is merged by ${formed.name}, ${first.name} by ${first.formed.name}: mergekit has one method for all.`,
      );
  }
  const kept = job.tensors.filter(({ making }) => making.kind === 'copy' && isFloat(making.dtype));
  const ways = [...merged, ...keptAsBase(kept, first, base)];
  const pathOf = (model: string): string => {
    const path = paths.get(model);
    if (path === undefined) throw new Error(`no path of the model "${model}"`);
    return path;
  };
  const baseModel =
    first.formed.form.base === 'first' ? models[0] : first.formed.form.base === 'base' ? base : undefined;
  if (first.formed.form.base === 'base' && base === undefined)
    throw new Unsayable(`${first.formed.name} works on changes, and this job has no base.`);
  const parameters = over(ways, (tensor) => sharedParameters(tensor.formed));
  const listed = models.map((model, i) => {
    const own = over(ways, (tensor) => parametersOfModel(tensor.formed, i));
    return { model: pathOf(model), ...(Object.keys(own).length > 0 && { parameters: own }) };
  });
  const dtypes = new Set(merged.map(({ making }) => making.dtype));
  const [dtype = 'F32'] = dtypes;
  const text = yamlText({
    merge_method: first.formed.name,
    ...(baseModel !== undefined && { base_model: pathOf(baseModel) }),
    models: listed,
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...tokensOf(job, baseModel ?? models[0], pathOf),
    // As here: computed in float32, and rounded once.
    dtype: 'float32',
    out_dtype: NAMES[dtypes.size === 1 ? dtype : 'F32'],
  });
  return { kind: 'config', text, inexact: [...remarks(merged, dtypes.size), ...tokenRemarks(job, baseModel)] };
}

/** Without a base_model mergekit takes any model as the base of its tokenizers. */
function tokensOf({ vocabulary }: MergeJob, base: string | undefined, pathOf: (model: string) => string): object {
  if (!vocabulary) return {};
  if (vocabulary.source === 'other')
    throw new Unsayable('The tokens are those of a configuration that says more about them: take that configuration.');
  if (vocabulary.source === 'union' || base === undefined) return { tokenizer_source: vocabulary.source };
  return { tokenizer_source: pathOf(base) };
}

function tokenRemarks({ vocabulary }: MergeJob, baseModel: string | undefined): string[] {
  if (!vocabulary) return [];
  const filled =
    vocabulary.base === (baseModel ?? null)
      ? []
      : ['Rows that a model lacks are the mean of the models that have them there, and the base’s here.'];
  const order = vocabulary.source === 'union' ? ['mergekit may number the tokens that it adds otherwise.'] : [];
  return [...filled, ...order];
}

interface Reading {
  readonly job: MergeJob;
  readonly dictionary: Dictionary;
  /** By chain and models. */
  readonly known: Map<string, Formed>;
}

function mergedOf({ name, making }: JobTensor, reading: Reading): Merged | undefined {
  if (making.kind === 'copy') return undefined;
  const places = [...making.experts, ...(making.base ? [making.base] : [])];
  const other = places.find(({ tensor, rows }) => tensor !== name || rows !== undefined);
  if (other) {
    const what = other.rows === undefined ? `is made of ${other.tensor}` : 'has other rows in its models';
    throw new Unsayable(`${name} ${what}: mergekit finds tensors by equal names and shapes alone.`);
  }
  return { name, making, formed: formedBy(making, reading) };
}

function formedBy({ chain, experts }: Merging, { job, dictionary, known }: Reading): Formed {
  const ids = experts.map(({ model }) => model);
  const key = JSON.stringify([chain, ids]);
  const before = known.get(key);
  if (before) return before;
  const formed = formOf({ family: '', experts: ids, chain: job.chains[chain] ?? [], seed: job.seed }, dictionary);
  if (formed.kind === 'refused') throw new Unsayable(formed.reason);
  known.set(key, formed);
  return formed;
}

/** Tensors that are the base's own: what is added to them is 0. */
function keptAsBase(kept: readonly JobTensor[], first: Merged, base: string | undefined): Merged[] {
  const { step, form } = first.formed;
  const zeroed = zeroedControl(first.formed);
  return kept.map(({ name, making }) => {
    if (making.kind !== 'copy' || making.from.model !== base || making.from.tensor !== name || form.base !== 'base')
      throw new Unsayable(`${name} is copied from one of the models: mergekit merges every tensor of its models.`);
    if (zeroed === undefined)
      throw new Unsayable(
        `${name} stays as the base has it, and ${first.formed.name} has no weight that could be 0 there.`,
      );
    const value = step.controls[zeroed];
    const none = typeof value === 'object' ? value.map(() => 0) : 0;
    const formed = { ...first.formed, step: { ...step, controls: { ...step.controls, [zeroed]: none } } };
    return { name, making: first.making, formed };
  });
}

/** λ where there is one, else weights that nothing divides. */
function zeroedControl({ form: { parameters = {}, perModel = {} } }: Formed): string | undefined {
  const { lambda, normalize } = parameters;
  if (typeof lambda === 'object') return lambda.control;
  const weight = 'weight' in perModel ? perModel.weight : undefined;
  return normalize === false && typeof weight === 'object' && 'control' in weight ? weight.control : undefined;
}

/** One setting per parameter, of all tensors. */
function over(tensors: readonly Merged[], written: (tensor: Merged) => Written): Readonly<Record<string, Setting>> {
  const byName = new Map<string, Map<string, number | boolean>>();
  for (const tensor of tensors) {
    for (const [name, value] of Object.entries(written(tensor))) {
      if (typeof value === 'object') throw new Error(`${name} is written for single tensors, and has several values`);
      const own = byName.get(name) ?? new Map<string, number | boolean>();
      byName.set(name, own.set(tensor.name, value));
    }
  }
  return Object.fromEntries(
    [...byName].map(([name, values]) => {
      const setting = settingOver(values);
      if (setting === undefined)
        throw new Unsayable(`${name} differs between tensors that mergekit cannot tell apart by parts of their names.`);
      return [name, setting];
    }),
  );
}

function remarks(merged: readonly Merged[], dtypes: number): string[] {
  const told = new Set(merged.flatMap(({ formed }) => formed.inexact));
  if (dtypes > 1) told.add('The tensors have several data types: mergekit writes one, float32.');
  return [...told];
}
