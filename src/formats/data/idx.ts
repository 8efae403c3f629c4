/**
 * IDX, the format of MNIST: two zero bytes, the type, the number of dimensions, each dimension as a big-endian uint32, then the
 * values, big-endian, row by row. http://yann.lecun.com/exdb/mnist/
 */
import { DataError, MAX_SAMPLES, type OwnSamples } from './samples.ts';

interface Type {
  readonly name: string;
  readonly width: number;
  readonly read: (view: DataView, offset: number) => number;
}

const TYPES: Readonly<Record<number, Type>> = {
  8: { name: 'unsigned byte', width: 1, read: (view, offset) => view.getUint8(offset) },
  9: { name: 'signed byte', width: 1, read: (view, offset) => view.getInt8(offset) },
  11: { name: 'short', width: 2, read: (view, offset) => view.getInt16(offset) },
  12: { name: 'int', width: 4, read: (view, offset) => view.getInt32(offset) },
  13: { name: 'float', width: 4, read: (view, offset) => view.getFloat32(offset) },
  14: { name: 'double', width: 8, read: (view, offset) => view.getFloat64(offset) },
};
const UNSIGNED_BYTE = 8;
/** Samples by rows, columns and channels; nobody has more. */
const MAX_DIMENSIONS = 4;

export interface IdxFile {
  readonly type: number;
  readonly sides: readonly number[];
  /** The values' bytes. */
  readonly bytes: Uint8Array;
}

/** @param bytes unpacked; checked as a whole before anything is made of them */
export function readIdx(bytes: Uint8Array, label: string): IdxFile {
  if (bytes.length < 4) throw new DataError(`${label}: has ${bytes.length} bytes, an IDX header has at least 8`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint16(0) !== 0)
    throw new DataError(`${label}: begins with ${hex(bytes[0])} ${hex(bytes[1])}, an IDX file with 00 00`);
  const type = view.getUint8(2);
  const known = TYPES[type];
  if (!known)
    throw new DataError(`${label}: byte 2 is ${hex(type)}, which is no type of IDX (08, 09, 0b, 0c, 0d or 0e)`);
  const rank = view.getUint8(3);
  if (rank < 1 || rank > MAX_DIMENSIONS)
    throw new DataError(`${label}: byte 3 says ${rank} dimensions, wanted 1 for labels or 2 to ${MAX_DIMENSIONS}`);
  const start = 4 + 4 * rank;
  if (bytes.length < start)
    throw new DataError(`${label}: has ${bytes.length} bytes, its header of ${rank} dimensions takes ${start}`);
  const sides = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const [count = 0] = sides;
  if (count > MAX_SAMPLES)
    throw new DataError(`${label}: byte 4 says ${count} samples, at most ${MAX_SAMPLES} are read`);
  const wanted = sides.reduce((product, side) => product * side, known.width);
  if (bytes.length - start !== wanted)
    throw new DataError(
      `${label}: holds ${bytes.length - start} bytes after its header, but [${sides.join(', ')}] of type ${known.name} takes ${wanted}`,
    );
  return { type, sides, bytes: bytes.subarray(start) };
}

/** @param samples, labels with the names of their files */
export function pairIdx(
  samples: { readonly label: string; readonly file: IdxFile },
  labels: { readonly label: string; readonly file: IdxFile },
): OwnSamples {
  const [count = 0, ...rest] = samples.file.sides;
  if (rest.length === 0) throw new DataError(`${samples.label}: has one dimension, samples have two or more`);
  if (labels.file.sides.length !== 1)
    throw new DataError(`${labels.label}: has ${labels.file.sides.length} dimensions, labels have one`);
  const [named = 0] = labels.file.sides;
  if (named !== count)
    throw new DataError(`${samples.label} has ${count} samples, but ${labels.label} has ${named} labels`);
  const inputs = rest.reduce((product, side) => product * side, 1);
  const { type, bytes } = samples.file;
  const values = type === UNSIGNED_BYTE ? bytes : Float32Array.from(numbersOf(samples.file));
  return { values, inputs, labels: numbersOf(labels.file).map(String), notes: [] };
}

function numbersOf({ type, bytes }: IdxFile): number[] {
  const known = TYPES[type];
  if (!known) return [];
  const { width, read } = known;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / width }, (_, i) => read(view, i * width));
}

const hex = (byte: number | undefined): string => (byte ?? 0).toString(16).padStart(2, '0');
