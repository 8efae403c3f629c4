/**
 * The header of a safetensors file, to the letter of the format: an unsigned 64-bit little-endian length, a JSON object, then
 * the tensors' bytes without gaps. Files are untrusted: every length is checked before anything is allocated for it, and nothing but
 * the header need be read.
 */
import { type Dtype, isDtype, WIDTH } from './dtype.ts';

/** The format's own bound on the header, 100 MB: a larger length is a corrupt or hostile file. */
export const MAX_HEADER_BYTES = 100_000_000;
/** No network here has more tensors; a hostile header could otherwise name millions of empty ones. */
const MAX_TENSORS = 100_000;
/** TensorFlow.js handles at most six dimensions; PyTorch in practice no more than eight. */
const MAX_RANK = 8;
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
  const entries = Object.entries(header).filter(([name]) => name !== METADATA_KEY);
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
  return { tensors, metadata: checkedMetadata(header[METADATA_KEY], label) };
}

function parseObject(bytes: Uint8Array, label: string): Record<string, unknown> {
  const text = decodeText(bytes, label);
  if (!text.startsWith('{'))
    throw new SafetensorsError(`${label}: its header starts with ${JSON.stringify(text.slice(0, 1))}, wanted "{"`);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new SafetensorsError(`${label}: ${repeated}: named twice in the header`);
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new SafetensorsError(`${label}: its header is not JSON (${(error as Error).message})`);
  }
}

function decodeText(bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError(`${label}: its header is not UTF-8 text`);
  }
}

/** The first key that the JSON object in `text` repeats at its top level; JSON.parse would silently keep the last. */
function repeatedKey(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  // Strings (with what follows them, to tell keys from values) and brackets; everything else is skipped.
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (colon !== undefined && depth === 1) {
      const key = parsedString(token.slice(0, token.length - colon.length));
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}

/** Two spellings of one key (escapes) are the same key; a string that is not JSON is left for JSON.parse to refuse. */
function parsedString(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return token;
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

/** One tensor's entry; `at` names it in messages. */
export function checkedEntry(entry: unknown, at: string): Entry {
  if (typeof entry !== 'object' || entry === null)
    throw new SafetensorsError(`${at}: got ${JSON.stringify(entry)}, wanted {dtype, shape, data_offsets}`);
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (!isDtype(dtype)) {
    throw new SafetensorsError(
      `${at}: its data type is ${JSON.stringify(dtype)}, wanted one of ${Object.keys(WIDTH).join(', ')}`,
    );
  }
  if (!Array.isArray(shape) || shape.length > MAX_RANK || !shape.every(isCount)) {
    throw new SafetensorsError(
      `${at}: its shape is ${JSON.stringify(shape)}, wanted at most ${MAX_RANK} whole numbers`,
    );
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw new SafetensorsError(`${at}: its data_offsets are ${JSON.stringify(offsets)}, wanted [begin, end]`);
  }
  const [begin, end] = offsets as [number, number];
  const wanted = (shape as number[]).reduce((product, side) => product * side, WIDTH[dtype]);
  if (end - begin !== wanted)
    throw new SafetensorsError(`${at}: has ${end - begin} bytes, but ${dtype} [${shape.join(', ')}] takes ${wanted}`);
  return { dtype, shape: shape as number[], begin, end };
}

function checkedMetadata(value: unknown, label: string): Record<string, string> {
  if (value === undefined) return {};
  const isText =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string');
  if (!isText)
    throw new SafetensorsError(
      `${label}: ${METADATA_KEY}: got ${JSON.stringify(value).slice(0, 80)}, wanted text by name`,
    );
  return value as Record<string, string>;
}
