/** Whole safetensors files in memory; see header.ts for the format. */
import { headerLength, LENGTH_BYTES, parseHeader, SafetensorsError } from './header.ts';
import type { StoredTensor } from './values.ts';
import { byteLength, headerBytes } from './write.ts';

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

/**
 * The file's bytes; tensors keep the map's order.
 * @throws SafetensorsError when a tensor has other bytes than its shape asks for
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Array.from(tensors, ([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const header = headerBytes(entries, metadata);
  const bytes = entries.reduce((total, entry) => total + byteLength(entry), 0);
  const file = new Uint8Array(header.length + bytes);
  file.set(header);
  let position = header.length;
  for (const [name, tensor] of tensors) {
    const wanted = byteLength(tensor);
    if (tensor.bytes.length !== wanted)
      throw new SafetensorsError(
        `${name}: has ${tensor.bytes.length} bytes, but ${tensor.dtype} [${tensor.shape.join(', ')}] takes ${wanted}`,
      );
    file.set(tensor.bytes, position);
    position += wanted;
  }
  return file;
}
