import { Gunzip } from 'fflate';
import { DataError, MAX_FILE_BYTES } from './samples.ts';

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * A file's bytes, unpacked where they are a gzip stream: its beginning tells, not its name.
 * @param label the file's name, for messages
 */
export function unpacked(bytes: Uint8Array, label: string, limit = MAX_FILE_BYTES): Uint8Array {
  if (!isGzip(bytes)) return bounded(bytes, label, limit);
  const parts: Uint8Array[] = [];
  let total = 0;
  let ended = false;
  const stream = new Gunzip((part, final) => {
    total += part.length;
    if (total > limit) throw new DataError(`${label}: unpacks to more than ${limit} bytes, which is the most`);
    parts.push(part);
    ended ||= final;
  });
  try {
    stream.push(bytes, true);
  } catch (error) {
    if (error instanceof DataError) throw error;
    if (error instanceof Error && /unexpected EOF/.test(error.message)) throw cutShort(label);
    throw new DataError(`${label}: is a damaged gzip file (${error instanceof Error ? error.message : String(error)})`);
  }
  if (!ended) throw cutShort(label);
  return checkedLength(joined(parts, total), bytes, label);
}

const cutShort = (label: string) => new DataError(`${label}: is a gzip file that is cut short`);

function bounded(bytes: Uint8Array, label: string, limit: number): Uint8Array {
  if (bytes.length > limit) throw new DataError(`${label}: has ${bytes.length} bytes, at most ${limit} are read`);
  return bytes;
}

/** The last four bytes of a gzip file are the length of what it unpacks to. */
function checkedLength(content: Uint8Array, packed: Uint8Array, label: string): Uint8Array {
  const told = new DataView(packed.buffer, packed.byteOffset + packed.length - 4, 4).getUint32(0, true);
  if (told !== content.length)
    throw new DataError(`${label}: unpacks to ${content.length} bytes but says ${told}; it is cut short or damaged`);
  return content;
}

function joined(parts: readonly Uint8Array[], total: number): Uint8Array {
  const whole = new Uint8Array(total);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}
