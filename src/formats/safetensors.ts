/**
 * The safetensors format, to the letter: an unsigned 64-bit little-endian header length, a JSON header, then the tensors'
 * bytes without gaps. Files are untrusted: every length is checked before anything is allocated for it.
 */
import { fromBfloat16, fromFloat16, toFloat16 } from './float16.ts';

/** Bytes per element of every data type that can be read. */
const WIDTH = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type Dtype = keyof typeof WIDTH;

/** The format's own bound on the header, 100 MB: a larger length is a corrupt or hostile file. */
const MAX_HEADER_BYTES = 100_000_000;
/** No network here has more tensors; a hostile header could otherwise name millions of empty ones. */
const MAX_TENSORS = 100_000;
/** TensorFlow.js handles at most six dimensions; PyTorch in practice no more than eight. */
const MAX_RANK = 8;
const LENGTH_BYTES = 8;
/** The format asks that tensor data start at a multiple of this, reached with spaces after the header. */
const ALIGNMENT = 8;
/** Holds free text, not a tensor. */
const METADATA_KEY = '__metadata__';

export interface StoredTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** A copy, little-endian, as in the file. */
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  /** In the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

export class SafetensorsError extends Error {
  override name = 'SafetensorsError';
}

/**
 * @param label the file's name, for messages
 * @throws SafetensorsError naming file, tensor, what was found and what was wanted
 */
export function readSafetensors(bytes: Uint8Array, label: string): Safetensors {
  const { header, dataStart } = readHeader(bytes, label);
  const dataBytes = bytes.length - dataStart;
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
  const tensors = new Map<string, StoredTensor>();
  for (const { name, dtype, shape, begin, end } of rows) {
    tensors.set(name, { dtype, shape, bytes: bytes.slice(dataStart + begin, dataStart + end) });
  }
  return { tensors, metadata: checkedMetadata(header[METADATA_KEY], label) };
}

function readHeader(bytes: Uint8Array, label: string): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES)
    throw new SafetensorsError(
      `${label}: has ${bytes.length} bytes, wanted at least ${LENGTH_BYTES} for the header's length`,
    );
  const length = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES))
    throw new SafetensorsError(
      `${label}: its header claims ${length} bytes, at most ${MAX_HEADER_BYTES} are allowed; is it a safetensors file?`,
    );
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.length)
    throw new SafetensorsError(
      `${label}: its header claims ${length} bytes, but the file has ${bytes.length} in all; it may be cut short`,
    );
  const text = decodeText(bytes.subarray(LENGTH_BYTES, dataStart), label);
  if (!text.startsWith('{'))
    throw new SafetensorsError(`${label}: its header starts with ${JSON.stringify(text.slice(0, 1))}, wanted "{"`);
  const repeated = repeatedKey(text);
  if (repeated !== undefined) throw new SafetensorsError(`${label}: ${repeated}: named twice in the header`);
  try {
    return { header: JSON.parse(text) as Record<string, unknown>, dataStart };
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

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function checkedEntry(entry: unknown, at: string): Entry {
  if (typeof entry !== 'object' || entry === null)
    throw new SafetensorsError(`${at}: got ${JSON.stringify(entry)}, wanted {dtype, shape, data_offsets}`);
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(WIDTH, dtype)) {
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
  const wanted = (shape as number[]).reduce((product, side) => product * side, WIDTH[dtype as Dtype]);
  if (end - begin !== wanted)
    throw new SafetensorsError(`${at}: has ${end - begin} bytes, but ${dtype} [${shape.join(', ')}] takes ${wanted}`);
  return { dtype: dtype as Dtype, shape: shape as number[], begin, end };
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

/** The tensor's values as numbers; F64 and 64-bit integers are rounded to float32 like the rest. */
export function toFloat32({ dtype, bytes }: StoredTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const read = READERS[dtype];
  return Float32Array.from({ length: bytes.length / WIDTH[dtype] }, (_, index) => read(view, index * WIDTH[dtype]));
}

const READERS: Readonly<Record<Dtype, (view: DataView, offset: number) => number>> = {
  F64: (view, offset) => view.getFloat64(offset, true),
  F32: (view, offset) => view.getFloat32(offset, true),
  F16: (view, offset) => fromFloat16(view.getUint16(offset, true)),
  BF16: (view, offset) => fromBfloat16(view.getUint16(offset, true)),
  I64: (view, offset) => Number(view.getBigInt64(offset, true)),
  I32: (view, offset) => view.getInt32(offset, true),
  I16: (view, offset) => view.getInt16(offset, true),
  I8: (view, offset) => view.getInt8(offset),
  U64: (view, offset) => Number(view.getBigUint64(offset, true)),
  U32: (view, offset) => view.getUint32(offset, true),
  U16: (view, offset) => view.getUint16(offset, true),
  U8: (view, offset) => view.getUint8(offset),
  BOOL: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1),
};

/** Little-endian bytes of numbers, as `dtype`. */
export function fromFloat32(values: Float32Array, dtype: 'F32' | 'F16'): Uint8Array {
  const bytes = new Uint8Array(values.length * WIDTH[dtype]);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    if (dtype === 'F16') view.setUint16(index * 2, toFloat16(value), true);
    else view.setFloat32(index * 4, value, true);
  });
  return bytes;
}

/** Where the first NaN or infinity of some values is, in words, or undefined when all are finite. */
export function describeNonFinite(name: string, values: Float32Array): string | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : `${name}: value ${index} is ${values[index]}, wanted a finite number`;
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
