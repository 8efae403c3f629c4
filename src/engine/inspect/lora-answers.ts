/** What is told of a change as a low-rank adapter, and its files as one download. */
import type { ChangeSpectrum, Rest } from '../../formats/lora/extracted.ts';
import { MAX_ZIP_BYTES, zipAdapter } from '../../formats/lora/zipped.ts';
import { byteLength } from '../../formats/safetensors/write.ts';
import { StudioError } from '../fault.ts';
import type { DecomposedChange } from '../files/extract-lora.ts';
import { type AdapterOutput, wholeOf } from '../files/write-lora.ts';

/** Which adapter of a change. */
export interface LoraChoice {
  readonly rank: number;
  readonly rest: Rest;
}

interface LoraTensor extends ChangeSpectrum {
  /** In the changed model. */
  readonly shape: readonly number[];
}

interface LeftTensor extends LoraTensor {
  /** Rows of the base, where the model has another number of them. */
  readonly rowsBefore: number | null;
}

export interface LoraSpectra {
  /** Changed matrices, which an adapter approximates; of large ones with their strongest singular values only. */
  readonly held: readonly LoraTensor[];
  /** Changed tensors that it has no factors for: biases, norms, tables. */
  readonly left: readonly LeftTensor[];
  /** What the adapter takes when they are kept in full. */
  readonly whole: {
    /** Tensors that are kept, matrices among them that share a module with one that must be. */
    readonly tensors: readonly string[];
    readonly bytes: number;
    /** Of `left`, those that PEFT has no place for. */
    readonly nowhere: readonly string[];
  };
  /** Of the changed tensors as the model stores them. */
  readonly bytes: number;
}

export function spectraOf(change: DecomposedChange): LoraSpectra {
  const { factors, left, model } = change;
  const plain = ({ name, values, energy, shape }: LoraTensor): LoraTensor => ({
    name,
    values: Array.from(values),
    energy,
    shape,
  });
  const stored = (names: readonly string[]) => names.reduce((sum, name) => sum + bytesOf(model.parts.get(name)), 0);
  const { tensors, biases, nowhere } = wholeOf(change);
  const kept = [...tensors, ...biases];
  return {
    held: factors.map(plain),
    left: left.map((tensor) => ({ ...plain(tensor), rowsBefore: tensor.rowsBefore })),
    whole: { tensors: kept, bytes: stored(kept), nowhere },
    bytes: stored([...factors, ...left].map(({ name }) => name)),
  };
}

const bytesOf = (part: Parameters<typeof byteLength>[0] | undefined): number => (part ? byteLength(part) : 0);

/** Made of pieces, each of which the browser may put on its disk. */
export async function zippedBlob(
  { config, bytes, pieces }: AdapterOutput,
  breathe?: () => Promise<void>,
): Promise<Blob> {
  if (bytes > MAX_ZIP_BYTES)
    throw new StudioError(
      'files',
      `The adapter would take ${bytes} bytes, and a download of it at most ${MAX_ZIP_BYTES}.`,
      'Leave out what has no factors, choose a lower rank, or use "studio extract-lora" on the command line.',
    );
  const parts: Blob[] = [];
  await zipAdapter({ config, pieces: pieces(breathe) }, (chunk) => parts.push(new Blob([chunk])));
  return new Blob(parts, { type: 'application/zip' });
}
