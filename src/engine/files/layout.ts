/** Which bytes of which file every tensor of a job's output takes. */
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import type { Dtype } from '../../formats/safetensors/dtype.ts';
import { alignedOrder, byteLength, headerBytes } from '../../formats/safetensors/write.ts';

export interface OutputFile {
  readonly name: string;
  /** All before the tensors' bytes. */
  readonly header: Uint8Array;
  readonly bytes: number;
}

export interface Layout {
  readonly files: readonly OutputFile[];
  /** By the job's tensors: number of the file, and the first byte there. */
  readonly at: readonly { readonly file: number; readonly begin: number }[];
  /** Which tensor is in which of several files. */
  readonly index: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

/** As transformers and mergekit name a model's files. */
const STEM = 'model';
const SUFFIX = '.safetensors';
const DIGITS = 5;

interface Entry {
  readonly index: number;
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** @param shardBytes most bytes of tensors in one file; a single tensor may be larger */
export function layoutOf(job: MergeJob, shardBytes = Number.POSITIVE_INFINITY): Layout {
  const shards = shardsOf(job, shardBytes);
  const at: { file: number; begin: number }[] = [];
  const files = shards.map((shard, file): OutputFile => {
    // PyTorch maps a tensor only where it starts at a multiple of its elements' width.
    const entries = alignedOrder(shard);
    const header = headerBytes(entries, metadataOf(job));
    let end = header.length;
    for (const entry of entries) {
      at[entry.index] = { file, begin: end };
      end += byteLength(entry);
    }
    return { name: fileName(file, shards.length), header, bytes: end };
  });
  return { files, at, index: files.length > 1 ? indexOf(files, shards) : undefined };
}

function shardsOf({ tensors }: MergeJob, shardBytes: number): readonly (readonly Entry[])[] {
  const shards: Entry[][] = [[]];
  let size = 0;
  for (const [index, { name, shape, making }] of tensors.entries()) {
    const entry = { index, name, shape, dtype: making.dtype };
    const bytes = byteLength(entry);
    if (size > 0 && size + bytes > shardBytes) {
      shards.push([]);
      size = 0;
    }
    shards.at(-1)?.push(entry);
    size += bytes;
  }
  return shards;
}

function fileName(file: number, count: number): string {
  if (count === 1) return `${STEM}${SUFFIX}`;
  const digits = (value: number) => `${value}`.padStart(DIGITS, '0');
  return `${STEM}-${digits(file + 1)}-of-${digits(count)}${SUFFIX}`;
}

/** PyTorch’s readers want to be told that it is theirs. */
function metadataOf({ metadata, remarks }: MergeJob): Readonly<Record<string, string>> {
  return { format: 'pt', ...metadata, ...(remarks.length > 0 && { remarks: remarks.join('\n') }) };
}

function indexOf(files: readonly OutputFile[], shards: readonly (readonly Entry[])[]): Layout['index'] {
  const total_size = files.reduce((sum, { bytes, header }) => sum + bytes - header.length, 0);
  const weight_map = Object.fromEntries(
    shards.flatMap((shard, file) => shard.map(({ name }) => [name, files[file]?.name])),
  );
  const text = `${JSON.stringify({ metadata: { total_size }, weight_map }, undefined, 2)}\n`;
  return { name: `${STEM}${SUFFIX}.index.json`, bytes: new TextEncoder().encode(text) };
}
