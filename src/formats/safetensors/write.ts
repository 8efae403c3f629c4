/** The header of a file that is about to be written: its tensors' bytes then follow in the same order, without gaps. */
import { type Dtype, WIDTH } from './dtype.ts';
import { checkedBytes, LENGTH_BYTES, METADATA_KEY, SafetensorsError } from './header.ts';

/** The format asks that tensor data start at a multiple of this, reached with spaces after the header. */
const ALIGNMENT = 8;

/** A tensor as it will be written. */
export interface WrittenEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** Bytes that a tensor takes in a file. */
export const byteLength = ({ dtype, shape }: Omit<WrittenEntry, 'name'>): number =>
  shape.reduce((product, side) => product * side, WIDTH[dtype]);

/**
 * The entries, those with wide elements first and otherwise in their order: every tensor then starts at a multiple of its elements'
 * width, without which PyTorch cannot map it.
 */
export const alignedOrder = <Entry extends { readonly dtype: Dtype }>(entries: readonly Entry[]): Entry[] =>
  entries.toSorted((a, b) => WIDTH[b.dtype] - WIDTH[a.dtype]);

/**
 * Everything that stands before the tensors' bytes: the header's length, the header, and spaces up to a multiple of eight.
 * @param entries in the order of their bytes
 * @throws SafetensorsError naming the tensor that the format cannot hold
 */
export function headerBytes(
  entries: readonly WrittenEntry[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  // Pairs, not an object: an object would move names that look like numbers to the front.
  const members: string[] = [];
  if (Object.keys(metadata).length > 0) members.push(`${JSON.stringify(METADATA_KEY)}:${JSON.stringify(metadata)}`);
  const names = new Set<string>();
  let offset = 0;
  for (const { name, dtype, shape } of entries) {
    if (name === METADATA_KEY)
      throw new SafetensorsError(`${name}: is the format's own key, a tensor cannot have this name`);
    if (names.has(name)) throw new SafetensorsError(`${name}: would be written twice`);
    names.add(name);
    const end = offset + checkedBytes(dtype, shape, name);
    const entry = { dtype, shape, data_offsets: [offset, end] };
    members.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset = end;
  }
  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const padded = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, LENGTH_BYTES);
  return bytes;
}
