/** Whole safetensors files in memory; see header.ts for the format. */
import { checkedEntry, headerLength, LENGTH_BYTES, METADATA_KEY, parseHeader, SafetensorsError } from './header.ts';
import type { StoredTensor } from './values.ts';

/** The format asks that tensor data start at a multiple of this, reached with spaces after the header. */
const ALIGNMENT = 8;

export interface Safetensors {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param label the file's name, for messages
 * @throws SafetensorsError naming file, tensor, what was found and what was wanted
 */
export function readSafetensors(bytes: Uint8Array, label: string): Safetensors {
  const length = headerLength(bytes, bytes.length, label);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length), bytes.length, label);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, begin, end }] of header.tensors)
    tensors.set(name, { dtype, shape, bytes: bytes.slice(begin, end) });
  return { tensors, metadata: header.metadata };
}

/** The file's bytes; tensors keep the map's order. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  // Pairs, not an object: an object would move names that look like numbers to the front.
  const members: string[] = [];
  if (Object.keys(metadata).length > 0) members.push(`${JSON.stringify(METADATA_KEY)}:${JSON.stringify(metadata)}`);
  let offset = 0;
  for (const [name, { dtype, shape, bytes }] of tensors) {
    const entry = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    if (name === METADATA_KEY)
      throw new SafetensorsError(`${name}: is the format's own key, a tensor cannot have this name`);
    checkedEntry(entry, name);
    members.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    offset += bytes.length;
  }
  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const padded = Math.ceil(header.length / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(LENGTH_BYTES + padded + offset).fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(header, LENGTH_BYTES);
  let position = LENGTH_BYTES + padded;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, position);
    position += bytes.length;
  }
  return file;
}
