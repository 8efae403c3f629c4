/** Jobs that are weighted sums of models, with one weight per model and tensor. */
import type { Making, MergeJob, Place } from './checkpoint/job.ts';
import { type Dictionary, formOf, parametersOfModel, sharedParameters } from './mergekit/form.ts';
import { isWeightDtype, type WeightDtype } from './safetensors/dtype.ts';

const EXACT = { round: (value: number) => value };

/** Weights by model id. */
type Sum = Readonly<Record<string, number>>;

export interface SummedJob {
  /** Ids of the models that have a weight. */
  readonly models: readonly string[];
  readonly sums: readonly Sum[];
  /** Each with the index of its sum. */
  readonly tensors: readonly { readonly name: string; readonly sum: number; readonly dtype: WeightDtype }[];
}

/** @returns undefined where some tensor is made otherwise, or of tensors of another name */
export function sumsOf(job: MergeJob, dictionary: Dictionary): SummedJob | undefined {
  // Rows that are matched by token are in none of the files.
  if (job.vocabulary) return undefined;
  const index = new Map<string, number>();
  const sums: Sum[] = [];
  const tensors: { name: string; sum: number; dtype: WeightDtype }[] = [];
  for (const { name, making } of job.tensors) {
    const sum = sumOf(making, name, job, dictionary);
    if (!sum || !isWeightDtype(making.dtype)) return undefined;
    const key = JSON.stringify(sum);
    const at = index.get(key) ?? sums.push(sum) - 1;
    index.set(key, at);
    tensors.push({ name, sum: at, dtype: making.dtype });
  }
  const models = [...new Set(sums.flatMap((sum) => Object.keys(sum)))];
  return tensors.length > 0 ? { models, sums, tensors } : undefined;
}

function sumOf(making: Making, name: string, job: MergeJob, dictionary: Dictionary): Sum | undefined {
  const itself = ({ tensor, rows }: Place) => tensor === name && rows === undefined;
  if (making.kind === 'copy') return itself(making.from) ? { [making.from.model]: 1 } : undefined;
  const { base, experts, chain } = making;
  if (![...experts, ...(base ? [base] : [])].every(itself)) return undefined;
  const ids = experts.map(({ model }) => model);
  const formed = formOf({ family: '', experts: ids, chain: job.chains[chain] ?? [], seed: job.seed }, dictionary);
  if (formed.kind === 'refused' || formed.joined || formed.inexact.length > 0) return undefined;
  const shared = sharedParameters(formed);
  const weights = ids.map((_, i) => parametersOfModel(formed, i, EXACT).weight);
  const numbers = weights.filter((weight) => typeof weight === 'number');
  if (numbers.length < weights.length) return undefined;
  const total = numbers.reduce((sum, weight) => sum + weight, 0);
  if (formed.name === 'linear') {
    const divisor = shared.normalize === true ? total : 1;
    return weighed(
      ids,
      numbers.map((weight) => weight / divisor),
    );
  }
  if (formed.name !== 'task_arithmetic' || !base) return undefined;
  return weighed([base.model, ...ids], [1 - total, ...numbers]);
}

/** Models without a weight are left out, unless nothing else is there to tell the shape. */
function weighed(ids: readonly string[], weights: readonly number[]): Sum {
  const all = ids.map((id, i) => [id, weights[i] ?? 0] as const);
  const counting = all.filter(([, weight]) => weight !== 0);
  return Object.fromEntries(counting.length > 0 ? counting : all.slice(0, 1));
}
