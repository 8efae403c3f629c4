/** The change between two models as a low-rank adapter: singular vectors of ΔW of every linear tensor, the strongest first. */

import { sampledSvd } from '../../core/linalg/range.ts';
import { quickSvd, type Svd } from '../../core/linalg/svd.ts';
import { randomStream } from '../../core/random/counter.ts';
import {
  type AdapterFiles,
  adapterFiles,
  type ChangeSpectrum,
  type ModuleFactors,
} from '../../formats/lora/extracted.ts';
import { isFloat, type WeightDtype } from '../../formats/safetensors/dtype.ts';
import { StoppedError, StudioError } from '../fault.ts';
import type { Checkpoint, TensorPart } from './checkpoint.ts';
import { matrixOf } from './low-rank.ts';
import { countOf, readValues } from './read-part.ts';

/** Up to this smaller side all singular values are computed; beyond, only as many as are asked for (a cube of the side against a square). */
const EXACT_SIDE = 256;
/** Of the random samples; the same files give the same adapter. */
const SEED = 1;
/** Elements of a tensor that is only compared, read at once. */
const CHUNK = 1 << 22;

export interface ChangeFactors extends ChangeSpectrum, ModuleFactors {}

export interface DecomposedChange {
  readonly factors: readonly ChangeFactors[];
  /** Changed tensors that a LoRA has no place for (biases, norms, embeddings); without singular values. */
  readonly left: readonly ChangeSpectrum[];
  /** `.weight`s of the base. */
  readonly weightNames: readonly string[];
  readonly baseName: string;
}

export interface DecomposeHooks {
  readonly progress?: (done: number, total: number) => void;
  readonly isStopped?: () => boolean;
}

/**
 * Reads both models tensor by tensor and keeps at most `maxRank` directions of each change.
 * @throws StudioError when the models do not have the same tensors
 */
export async function decomposeChange(
  model: Checkpoint,
  base: Checkpoint,
  maxRank: number,
  { progress, isStopped }: DecomposeHooks = {},
): Promise<DecomposedChange> {
  const pairs = pairsOf(model, base);
  const factors: ChangeFactors[] = [];
  const left: ChangeSpectrum[] = [];
  for (const [index, pair] of pairs.entries()) {
    if (isStopped?.()) throw new StoppedError();
    progress?.(index, pairs.length);
    const kind = kindOf(pair, base);
    if (kind === undefined) {
      const energy = await energyOf(pair);
      if (energy > 0) left.push({ name: pair.name, values: [], energy });
      continue;
    }
    const found = await decompose(pair, kind === 'turned', maxRank);
    if (found.energy > 0) factors.push(found);
  }
  progress?.(pairs.length, pairs.length);
  const weightNames = [...base.parts.keys()].filter((name) => name.endsWith(WEIGHT));
  return { factors, left, weightNames, baseName: base.outline.name };
}

/** The adapter of one rank, as PEFT reads it; its base is the one of the decomposition. */
export const extractLora = (
  { factors, weightNames, baseName }: DecomposedChange,
  { rank, dtype }: { readonly rank: number; readonly dtype: WeightDtype },
): AdapterFiles => adapterFiles(factors, weightNames, { rank, dtype, baseName });

interface Pair {
  readonly name: string;
  readonly to: TensorPart;
  readonly from: TensorPart;
}

function pairsOf(model: Checkpoint, base: Checkpoint): Pair[] {
  const foreign = [...model.parts.keys()].filter((name) => !base.parts.has(name));
  const pairs = Array.from(base.parts, ([name, from]): Pair => {
    const to = model.parts.get(name);
    if (!to || foreign.length > 0)
      throw differs(`${foreign[0] ?? name}: is in ${to ? 'the model' : 'the base'} only`, model, base);
    if (to.shape.join() !== from.shape.join())
      throw differs(`${name}: is [${to.shape.join(', ')}] and [${from.shape.join(', ')}]`, model, base);
    return { name, to, from };
  });
  return pairs.filter(({ from, to }) => isFloat(from.dtype) && isFloat(to.dtype));
}

const differs = (what: string, { outline }: Checkpoint, base: Checkpoint) =>
  new StudioError(
    'files',
    `${outline.name} and ${base.outline.name} do not have the same tensors: ${what}`,
    'Choose the model that the other was trained from as the base.',
  );

const WEIGHT = '.weight';
/** Tables that are looked up, not multiplied with. */
const TABLE = /embed|(?:^|\.)(?:wte|wpe|shared|relative_attention_bias)\.weight$/;
/** GPT-2's layers, whose weights are in × out. */
const CONV1D = /\.c_(?:attn|fc|proj)\.weight$/;

function kindOf({ name, from }: Pair, base: Checkpoint): 'plain' | 'turned' | undefined {
  const isMatrix = (from.shape.length === 2 || from.shape.length === 4) && Math.min(...from.shape) > 0;
  if (!name.endsWith(WEIGHT) || !isMatrix || TABLE.test(name)) return undefined;
  const { config } = base.outline;
  const isGpt2 =
    typeof config === 'object' && config !== null && 'model_type' in config && config.model_type === 'gpt2';
  return isGpt2 && CONV1D.test(name) && from.shape.length === 2 ? 'turned' : 'plain';
}

async function changeOf({ to, from }: Pair, begin: number, end: number): Promise<Float32Array> {
  const [values, start] = await Promise.all([readValues(to, begin, end), readValues(from, begin, end)]);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) - (start[i] as number);
  return values;
}

async function energyOf(pair: Pair): Promise<number> {
  const count = countOf(pair.from);
  let energy = 0;
  for (let at = 0; at < count; at += CHUNK) energy += energyIn(await changeOf(pair, at, Math.min(at + CHUNK, count)));
  return energy;
}

function energyIn(values: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < values.length; i++) energy += (values[i] as number) ** 2;
  return energy;
}

async function decompose(pair: Pair, turned: boolean, maxRank: number): Promise<ChangeFactors> {
  const { name, from } = pair;
  const change = await changeOf(pair, 0, countOf(from));
  const energy = energyIn(change);
  if (!Number.isFinite(energy)) throw new StudioError('files', `${name}: the change has values that are not finite`);
  const { rows, cols } = matrixOf(from.shape);
  const module = name.slice(0, -WEIGHT.length);
  const empty = { name, module, shape: from.shape, turned, energy };
  if (energy === 0) return { ...empty, values: [], count: 0, up: new Float32Array(), down: new Float32Array() };
  const { count, left, values, right } = svdOf(change, rows, cols, maxRank, name);
  const kept = Math.min(count, maxRank);
  const [up, down] = [scaled(left, values, kept, rows), scaled(right, values, kept, cols)];
  return { ...empty, values, count: kept, up: turned ? down : up, down: turned ? up : down };
}

function svdOf(change: Float32Array, rows: number, cols: number, maxRank: number, name: string): Svd {
  const smaller = Math.min(rows, cols);
  if (smaller <= EXACT_SIDE) return quickSvd(change, rows, cols);
  return sampledSvd(change, rows, cols, Math.min(maxRank, smaller), randomStream(SEED, name));
}

/** Rows j of √σ_j · vector_j. */
function scaled(vectors: Float64Array, values: Float64Array, count: number, length: number): Float32Array {
  const out = new Float32Array(count * length);
  for (let j = 0; j < count; j++) {
    const root = Math.sqrt(values[j] as number);
    for (let i = 0; i < length; i++) out[j * length + i] = root * (vectors[j * length + i] as number);
  }
  return out;
}
