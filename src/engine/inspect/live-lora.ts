/** The change of a network on the screen as a low-rank adapter: how much a rank keeps, its files, and the network it gives. */
import type { AdapterFiles, ChangeSpectrum } from '../../formats/lora/extracted.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import type { PlacedParameter } from '../../methods/define.ts';
import { StudioError } from '../fault.ts';
import { type DecomposedChange, decomposeChange, extractLora } from '../files/extract-lora.ts';
import { matrixOf } from '../files/low-rank.ts';
import { openCheckpoints } from '../files/open.ts';

interface LoraTensor extends ChangeSpectrum {
  readonly shape: readonly number[];
}

export interface LoraSpectra {
  /** Changed matrices, which an adapter approximates; with all their singular values. */
  readonly held: readonly LoraTensor[];
  /** Changed tensors that it has no place for: biases, norms, tables. */
  readonly left: readonly LoraTensor[];
}

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
  return { ...(await decomposeChange(to, from, Number.POSITIVE_INFINITY)), baseName };
}

export function spectraOf({ factors, left }: DecomposedChange, table: readonly PlacedParameter[]): LoraSpectra {
  const shapes = new Map(table.map(({ name, shape }) => [name, shape]));
  const plain = ({ name, values, energy }: ChangeSpectrum): LoraTensor => ({
    name,
    values: Array.from(values),
    energy,
    shape: shapes.get(name) ?? [],
  });
  return { held: factors.map(plain), left: left.map(plain) };
}

export const adapterOf = (change: DecomposedChange, rank: number): AdapterFiles =>
  extractLora(change, { rank, dtype: 'F32' });

/** θ₀ + BA, flat; sums in float64. */
export function withLora(
  table: readonly PlacedParameter[],
  base: Float32Array,
  { factors }: DecomposedChange,
  rank: number,
): Float32Array {
  const out = base.slice();
  const starts = new Map(table.map(({ name, start }) => [name, start]));
  for (const { name, shape, turned, count, up, down } of factors) {
    const start = starts.get(name);
    if (start === undefined) continue;
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
