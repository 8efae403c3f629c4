/** The change of a network on the screen as a low-rank adapter: how much a rank keeps, its files, and the network it gives. */
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import type { PlacedParameter } from '../../methods/define.ts';
import { StudioError } from '../fault.ts';
import { type DecomposedChange, decomposeChange } from '../files/extract-lora.ts';
import { matrixOf } from '../files/low-rank.ts';
import { openCheckpoints } from '../files/open.ts';
import { adapterOutput, wholeOf } from '../files/write-lora.ts';
import { type LoraChoice, zippedBlob } from './lora-answers.ts';

/** Flat weights as a safetensors file in float32. */
export function networkFile(
  table: readonly PlacedParameter[],
  weights: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const tensors = table.map(({ name, shape, start, length }): [string, StoredTensor] => [
    name,
    { dtype: 'F32', shape, bytes: fromFloat32(weights.subarray(start, start + length), 'F32') },
  ]);
  return writeSafetensors(new Map(tensors), metadata);
}

async function opened(table: readonly PlacedParameter[], name: string, weights: Float32Array) {
  const bytes = networkFile(table, weights, {});
  const source = {
    path: `${name}.safetensors`,
    size: bytes.length,
    read: async (begin: number, end: number) => bytes.slice(begin, end),
  };
  const [checkpoint] = (await openCheckpoints([source])).checkpoints;
  if (!checkpoint) throw new StudioError('internal', `${name}: its weights could not be read back.`);
  return checkpoint;
}

/** @param baseName written into the adapter's configuration */
export async function changeBetween(
  table: readonly PlacedParameter[],
  model: Float32Array,
  base: Float32Array,
  baseName: string,
): Promise<DecomposedChange> {
  const [to, from] = [await opened(table, 'model', model), await opened(table, 'base', base)];
  const named = { ...from, outline: { ...from.outline, name: baseName } };
  return decomposeChange(to, named, Number.POSITIVE_INFINITY);
}

export const adapterOf = (change: DecomposedChange, chosen: LoraChoice): Promise<Blob> =>
  zippedBlob(adapterOutput(change, { ...chosen, dtype: 'F32' }));

/** θ₀ + BA, and in full what was to be kept so, flat; sums in float64. */
export function withLora(
  table: readonly PlacedParameter[],
  { base, model }: { readonly base: Float32Array; readonly model: Float32Array },
  change: DecomposedChange,
  { rank, rest }: LoraChoice,
): Float32Array {
  const out = base.slice();
  const starts = new Map(table.map(({ name, start }) => [name, start]));
  const { tensors, biases } = wholeOf(change);
  const kept = new Set(rest === 'in-full' ? [...tensors, ...biases] : []);
  for (const { name, start, length } of table)
    if (kept.has(name)) out.set(model.subarray(start, start + length), start);
  for (const { name, shape, turned, count, directions } of change.factors) {
    if (kept.has(name)) continue;
    const start = starts.get(name);
    if (start === undefined || !directions) throw new StudioError('internal', `${name}: its directions are not known.`);
    const { up, down } = directions;
    const { rows, cols } = matrixOf(shape);
    const [left, right] = turned ? [down, up] : [up, down];
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        let sum = 0;
        // In range: both have `count` rows or more.
        for (let j = 0; j < Math.min(rank, count); j++)
          sum += (left[j * rows + row] as number) * (right[j * cols + col] as number);
        const at = start + row * cols + col;
        out[at] = (out[at] as number) + sum;
      }
    }
  }
  return out;
}
