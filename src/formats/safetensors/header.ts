/**
 * The header of a safetensors file, to the letter of the format: an unsigned 64-bit little-endian length, a JSON object, then
 * the tensors' bytes without gaps. Files are untrusted: every length is checked before anything is allocated for it, and nothing but
 * the header need be read.
 */
import { type Dtype, isDtype, WIDTH } from './dtype.ts';
import { inWords, type Json, JsonError, type JsonObject, parseStrictJson } from './json.ts';

/** The format's own bound on the header, 100 MB: a larger length is a corrupt or hostile file. */
const MAX_HEADER_BYTES = 100_000_000;
/** No network here has more tensors; a hostile header could otherwise name millions of empty ones. */
const MAX_TENSORS = 100_000;
/** PyTorch's own limit. */
const MAX_RANK = 64;
/** Of objects and lists in each other: where the reference reader stops, too. Tensors need three. */
const MAX_DEPTH = 127;
/** JSON values in a header: as many tensors as there may be, with 30 numbers, names and lists each. */
const MAX_VALUES = 3_000_000;
/** Of the header's length, in front of it. */
export const LENGTH_BYTES = 8;
/** Holds free text, not a tensor. */
export const METADATA_KEY = '__metadata__';

/** Where a tensor is, and what. */
export interface HeaderEntry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** First byte, counted from the beginning of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, HeaderEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

/**
 * How many bytes the header takes after the first eight.
 * @param start the file's first bytes, at least eight unless it is shorter
 * @param size bytes of the whole file
 * @param label the file's name, for messages
 */
export function headerLength(start: Uint8Array, size: number, label: string): number {
  if (size < LENGTH_BYTES || start.length < LENGTH_BYTES)
    throw new SafetensorsError(`${label}: has ${size} bytes, wanted at least ${LENGTH_BYTES} for the header's length`);
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw new SafetensorsError(
      `${label}: its header claims ${length} bytes, at most ${MAX_HEADER_BYTES} are allowed; is it a safetensors file?`,
    );
  if (LENGTH_BYTES + Number(length) > size)
    throw new SafetensorsError(
      `${label}: its header claims ${length} bytes, but the file has ${size} in all; it may be cut short`,
    );
  return Number(length);
}

/**
 * @param json the header's bytes, without the length in front of them
 * @param size bytes of the whole file
 * @param label the file's name, for messages
 * @throws SafetensorsError naming file, tensor, what was found and what was wanted
 */
export function parseHeader(json: Uint8Array, size: number, label: string): SafetensorsHeader {
  const header = parseObject(json, label);
  const dataStart = LENGTH_BYTES + json.length;
  const dataBytes = size - dataStart;
  const entries = [...header].filter(([name]) => name !== METADATA_KEY);
  if (entries.length > MAX_TENSORS)
    throw new SafetensorsError(`${label}: holds ${entries.length} tensors, at most ${MAX_TENSORS} are read`);
  const rows = entries.map(([name, entry]) => ({ name, ...checkedEntry(entry, `${label}: ${name}`) }));
  rows.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of rows) {
    if (end > dataBytes) {
      throw new SafetensorsError(
        `${label}: ${name}: ends at byte ${end} of the data, but only ${dataBytes} are there; the file may be cut short`,
      );
    }
    if (begin !== reached)
      throw new SafetensorsError(
        `${label}: ${name}: starts at byte ${begin} of the data, wanted ${reached} (no gaps, no overlaps)`,
      );
    reached = end;
  }
  if (reached !== dataBytes)
    throw new SafetensorsError(`${label}: ${dataBytes - reached} bytes after the last tensor belong to none`);
  const tensors = new Map<string, HeaderEntry>();
  for (const { name, dtype, shape, begin, end } of rows)
    tensors.set(name, { dtype, shape, begin: dataStart + begin, end: dataStart + end });
  return { tensors, metadata: checkedMetadata(header.get(METADATA_KEY), label) };
}

function parseObject(bytes: Uint8Array, label: string): JsonObject {
  const text = decodeText(bytes, label);
  // The reference reader lets spaces stand in front; the format's description does not.
  if (!text.startsWith('{'))
    throw new SafetensorsError(`${label}: its header starts with ${JSON.stringify(text.slice(0, 1))}, wanted "{"`);
  try {
    const json = parseStrictJson(text, { depth: MAX_DEPTH, values: MAX_VALUES });
    return json instanceof Map ? json : new Map();
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new SafetensorsError(`${label}: its header is not as it should be: ${error.message}`);
  }
}

function decodeText(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError(`${label}: its header is not UTF-8 text`);
  }
}

/** Offsets count from the beginning of the data. */
interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** One tensor's entry; `at` names it in messages. Keys that the format does not have are let be, as in the reference reader. */
function checkedEntry(entry: Json, at: string): Entry {
  if (!(entry instanceof Map))
    throw new SafetensorsError(`${at}: got ${inWords(entry)}, wanted {dtype, shape, data_offsets}`);
  const dtype = entry.get('dtype');
  const shape = entry.get('shape');
  const offsets = entry.get('data_offsets');
  if (!isDtype(dtype)) {
    throw new SafetensorsError(
      `${at}: its data type is ${inWords(dtype)}, wanted one of ${Object.keys(WIDTH).join(', ')}`,
    );
  }
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isCount)) {
    throw new SafetensorsError(`${at}: its shape is ${inWords(shape)}, wanted at most ${MAX_RANK} whole numbers`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new SafetensorsError(`${at}: its data_offsets are ${inWords(offsets)}, wanted [begin, end]`);
  }
  const [begin, end] = offsets as [number, number];
  const wanted = checkedBytes(dtype, shape, at);
  if (end - begin !== wanted)
    throw new SafetensorsError(`${at}: has ${end - begin} bytes, but ${dtype} ${inWords(shape)} takes ${wanted}`);
  return { dtype, shape, begin, end };
}

/**
 * How many bytes a tensor takes in a file.
 * @throws SafetensorsError when it is more than any file has: the product would no longer be exact
 */
export function checkedBytes(dtype: Dtype, shape: readonly number[], at: string): number {
  let elements = 1;
  for (const side of shape) {
    elements *= side;
    if (elements > Number.MAX_SAFE_INTEGER / WIDTH[dtype])
      throw new SafetensorsError(`${at}: its shape is ${inWords(shape)}, more elements than any file holds`);
  }
  return elements * WIDTH[dtype];
}

/** Null stands for none, as the reference reader takes it. */
function checkedMetadata(value: Json | undefined, label: string): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!(value instanceof Map))
    throw new SafetensorsError(`${label}: ${METADATA_KEY}: got ${inWords(value)}, wanted text by name`);
  for (const text of value.values()) {
    if (typeof text !== 'string')
      throw new SafetensorsError(`${label}: ${METADATA_KEY}: got ${inWords(value)}, wanted text by name`);
  }
  // Own properties, whatever their names: an assignment to "__proto__" would change the object itself.
  return Object.fromEntries(value);
}
