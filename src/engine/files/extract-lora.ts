/** The change between two models as a low-rank adapter: singular vectors of ΔW of every linear tensor, the strongest first. */

import { inMemory, type RowBlocks, sampledSvd } from '../../core/linalg/range.ts';
import { quickSvd, type Svd } from '../../core/linalg/svd.ts';
import { randomStream } from '../../core/random/counter.ts';
import type { HeldModule } from '../../formats/lora/adapter-layout.ts';
import type { ChangeSpectrum } from '../../formats/lora/extracted.ts';
import { StudioError } from '../fault.ts';
import { blocksOf, energyIn, isResized, type Pair, pairsOf, sizeOfPair } from './change.ts';
import type { Checkpoint } from './checkpoint.ts';
import { matrixOf } from './low-rank.ts';

/** Up to this smaller side all singular values are computed; beyond, only as many as are asked for (a cube of the side against a square). */
const EXACT_SIDE = 256;
/** Of the random samples; the same files give the same adapter. */
const SEED = 1;
/** Changes of so many bytes are kept in memory while they are decomposed; larger ones are read again for every pass over them. */
const MATRIX_BYTES = 64_000_000;
/** Directions of all tensors together that stay in memory; those of further tensors are computed again when they are written. */
const DIRECTION_BYTES = 128_000_000;
const FLOAT_BYTES = 4;

/** ΔW = Σ_j up_j · down_jᵀ of one module, with √σ_j in both. */
export interface Directions {
  /** Row j is up_j, [count, out]. */
  readonly up: Float32Array;
  /** Row j is down_j, [count, in · height · width]. */
  readonly down: Float32Array;
}

export interface ChangeFactors extends ChangeSpectrum, HeldModule {
  /** Null where they would not fit into memory with the others. */
  readonly directions: Directions | null;
}

export interface ChangeLeft extends ChangeSpectrum {
  /** In the changed model. */
  readonly shape: readonly number[];
  /** Rows of the base, where the model has another number of them. */
  readonly rowsBefore: number | null;
}

export interface DecomposedChange {
  readonly factors: readonly ChangeFactors[];
  /** Changed tensors that a LoRA has no place for (biases, norms, tables); without singular values. */
  readonly left: readonly ChangeLeft[];
  readonly model: Checkpoint;
  readonly base: Checkpoint;
  /** Directions that were asked for of every tensor. */
  readonly maxRank: number;
}

export interface DecomposeHooks {
  /** In values of the models, with the name of the tensor that comes next. */
  readonly progress?: (done: number, total: number, doing: string) => void;
  /** Lets messages in; rejects when the answer is no longer wanted. */
  readonly breathe?: () => Promise<void>;
}

/**
 * Reads both models tensor by tensor and keeps at most `maxRank` directions of each change.
 * @throws StudioError when the models do not have the same tensors
 */
export async function decomposeChange(
  model: Checkpoint,
  base: Checkpoint,
  maxRank: number,
  { progress, breathe = async () => {} }: DecomposeHooks = {},
): Promise<DecomposedChange> {
  const pairs = pairsOf(model, base);
  const total = pairs.reduce((sum, pair) => sum + sizeOfPair(pair), 0);
  const factors: ChangeFactors[] = [];
  const left: ChangeLeft[] = [];
  let [done, kept] = [0, 0];
  for (const pair of pairs) {
    progress?.(done, total, pair.name);
    done += sizeOfPair(pair);
    const energy = await energyOf(pair, breathe);
    if (energy === 0 && !isResized(pair)) continue;
    const kind = kindOf(pair, base);
    if (kind === undefined) {
      const rowsBefore = isResized(pair) ? (pair.from.shape[0] ?? 0) : null;
      left.push({ name: pair.name, values: [], energy, shape: pair.to.shape, rowsBefore });
      continue;
    }
    const { values, directions } = await decompose(pair, kind === 'turned', maxRank, breathe);
    const { module, shape } = { module: pair.name.slice(0, -WEIGHT.length), shape: pair.from.shape };
    const count = Math.min(values.length, maxRank);
    kept += (directions.up.length + directions.down.length) * FLOAT_BYTES;
    const stay = kept <= DIRECTION_BYTES ? directions : null;
    factors.push({
      name: pair.name,
      module,
      shape,
      turned: kind === 'turned',
      count,
      values,
      energy,
      directions: stay,
    });
  }
  progress?.(total, total, '');
  return { factors, left, model, base, maxRank };
}

/** The directions of one tensor, again; the same as before. */
export async function directionsOf(
  { model, base, maxRank }: DecomposedChange,
  { name, turned, directions }: ChangeFactors,
  breathe: () => Promise<void>,
): Promise<Directions> {
  if (directions) return directions;
  const [to, from] = [model.parts.get(name), base.parts.get(name)];
  if (!to || !from) throw new Error(`${name}: was decomposed and is in both models`);
  return (await decompose({ name, to, from }, turned, maxRank, breathe)).directions;
}

const WEIGHT = '.weight';
/** Tables that are looked up, not multiplied with. */
const TABLE = /embed|(?:^|\.)(?:wte|wpe|shared|relative_attention_bias)\.weight$/;
/** GPT-2's layers, whose weights are in × out. */
const CONV1D = /\.c_(?:attn|fc|proj)\.weight$/;

function kindOf(pair: Pair, base: Checkpoint): 'plain' | 'turned' | undefined {
  const { name, from } = pair;
  const isMatrix = (from.shape.length === 2 || from.shape.length === 4) && Math.min(...from.shape) > 0;
  if (!name.endsWith(WEIGHT) || !isMatrix || TABLE.test(name) || isResized(pair)) return undefined;
  const config: unknown = base.outline.config;
  const has = (key: string, value: unknown) => Reflect.get(Object(config), key) === value;
  // What a shared output layer adds would be added to the input's table as well.
  if (name === 'lm_head.weight' && has('tie_word_embeddings', true)) return undefined;
  return has('model_type', 'gpt2') && CONV1D.test(name) && from.shape.length === 2 ? 'turned' : 'plain';
}

async function energyOf(pair: Pair, breathe: () => Promise<void>): Promise<number> {
  let energy = 0;
  for await (const [, values] of blocksOf(pair, 1)) {
    energy += energyIn(values);
    await breathe();
  }
  if (Number.isFinite(energy)) return energy;
  throw new StudioError(
    'files',
    `${pair.name}: the change has values that are not finite`,
    'Leave that model out, or repair its file.',
  );
}

async function decompose(pair: Pair, turned: boolean, maxRank: number, breathe: () => Promise<void>) {
  const { rows, cols } = matrixOf(pair.from.shape);
  const { left, values, right } = await svdOf(pair, rows, cols, maxRank, breathe);
  const kept = Math.min(values.length, maxRank);
  const [up, down] = [scaled(left, values, kept, rows), scaled(right, values, kept, cols)];
  return { values, directions: turned ? { up: down, down: up } : { up, down } };
}

async function svdOf(
  pair: Pair,
  rows: number,
  cols: number,
  maxRank: number,
  breathe: () => Promise<void>,
): Promise<Svd> {
  const read: RowBlocks = async (visit) => {
    for await (const [row, values] of blocksOf(pair, cols)) {
      visit(row, values);
      await breathe();
    }
  };
  const smaller = Math.min(rows, cols);
  if (rows * cols * FLOAT_BYTES > MATRIX_BYTES)
    return sampledSvd(read, rows, cols, Math.min(maxRank, smaller), randomStream(SEED, pair.name));
  const change = new Float32Array(rows * cols);
  await read((row, values) => change.set(values, row * cols));
  if (smaller <= EXACT_SIDE) return quickSvd(change, rows, cols);
  const again = breathing(inMemory(change), breathe);
  return sampledSvd(again, rows, cols, Math.min(maxRank, smaller), randomStream(SEED, pair.name));
}

const breathing =
  (blocks: RowBlocks, breathe: () => Promise<void>): RowBlocks =>
  async (visit) => {
    await breathe();
    await blocks(visit);
  };

/** Rows j of √σ_j · vector_j. */
function scaled(vectors: Float64Array, values: Float64Array, count: number, length: number): Float32Array {
  const out = new Float32Array(count * length);
  for (let j = 0; j < count; j++) {
    const root = Math.sqrt(values[j] as number);
    for (let i = 0; i < length; i++) out[j * length + i] = root * (vectors[j * length + i] as number);
  }
  return out;
}
