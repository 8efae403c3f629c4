/** Reads back what was written: its checksum, and that it is the file that was meant. */
import type { Hasher } from '../../core/hash.ts';
import { headerLength, LENGTH_BYTES, parseHeader } from '../../formats/safetensors/header.ts';
import { StudioError } from '../fault.ts';
import type { OutputFile } from './layout.ts';
import type { Sink } from './sink.ts';

const READ_BYTES = 2 ** 20;

/** @returns the checksum of all bytes. @throws StudioError when the header is not the one that was written */
export async function checkOutput(
  { name, header, bytes }: OutputFile,
  sink: Sink,
  hasher: Hasher,
  read: (bytes: number) => Promise<void>,
): Promise<string> {
  if (!(await beginsWith(sink, header)))
    throw new StudioError(
      'files',
      `${name}: the header that was read back differs from what was written.`,
      'Write it somewhere else: the disk or the browser’s storage may be failing.',
    );
  // As a reader would: every tensor's data type, shape and bytes against the file's length.
  const length = headerLength(header, bytes, name);
  parseHeader(header.subarray(LENGTH_BYTES, LENGTH_BYTES + length), bytes, name);
  for (let at = 0; at < bytes; at += READ_BYTES) {
    const end = Math.min(bytes, at + READ_BYTES);
    const part = await sink.read(at, end);
    if (part.length !== end - at)
      throw new StudioError(
        'files',
        `${name}: got ${part.length} bytes back from byte ${at} on, wanted ${end - at}.`,
        'There may be no room left where it is written.',
      );
    hasher.update(part);
    await read(part.length);
  }
  return hasher.hex();
}

/** Whether the file is the same output that an earlier session began. */
export async function beginsWith(sink: Sink, header: Uint8Array): Promise<boolean> {
  const there = await sink.read(0, header.length).catch(() => new Uint8Array());
  return there.length === header.length && there.every((byte, i) => byte === header[i]);
}
