/** Looks at changes that need no arithmetic of their own. */
import type { Pattern } from '../../../core/stats/ranked.ts';
import { WIDTH } from '../../../formats/safetensors/dtype.ts';
import { type ElectionKernels, type Row, rowOf } from './kernels.ts';

/** Weights that stay together in a sample. */
const GROUP = 8;
const WORD_BYTES = 4;
/** A sample is taken from the first of so many pieces each: the others are not read. */
const PIECE = 2 ** 12;
const PIECES = 8;

/** How many of these weights are in a sample. */
export function sampleSize(count: number, every: number): number {
  if (every === 1) return count;
  let groups = 0;
  for (let from = 0; from < count; from += PIECE * PIECES)
    groups += Math.floor(Math.min(PIECE, count - from) / GROUP / every);
  return groups * GROUP;
}

/** So that a sample has about so many of these weights; an odd step, which meets all columns of matrices. */
export const stepFor = (wanted: number, count: number): number =>
  Math.max(1, 2 * Math.floor(count / PIECES / wanted / 2) + 1);

/** |change| of every so many-th eight weights of some pieces, or of all where that is 1; one expert after the other. */
export function sampled(
  kernels: ElectionKernels,
  rows: readonly Row[],
  count: number,
  every: number,
): Uint32Array<ArrayBuffer> {
  if (every === 1) return kernels.magnitudes(rows, count);
  const size = sampleSize(count, every);
  const own = rows.map((row) => rowOf(row.dtype, pickedOf(row, count, every, size)));
  return kernels.magnitudes(own, size);
}

function pickedOf({ dtype, copy }: Row, count: number, every: number, size: number): Uint8Array {
  const width = WIDTH[dtype];
  const words = (GROUP * width) / WORD_BYTES;
  const piece = new Uint32Array((PIECE / GROUP) * words);
  const bytes = new Uint8Array(piece.buffer);
  const picked = new Uint32Array((size / GROUP) * words);
  let to = 0;
  for (let from = 0; from < count; from += PIECE * PIECES) {
    const length = Math.min(PIECE, count - from);
    const groups = Math.floor(length / GROUP / every);
    if (groups > 0) copy(from * width, bytes.subarray(0, length * width));
    // In range: so many groups are whole.
    for (let group = 0; group < groups; group++)
      for (let word = 0; word < words; word++) picked[to++] = piece[group * every * words + word] as number;
  }
  return new Uint8Array(picked.buffer);
}

/** Weights that are looked at before the next are read. */
const LOOKED_AT = 2 ** 15;

/** @param rows base and expert @returns the place behind the nth change of that very magnitude */
export function placeOf(
  kernels: ElectionKernels,
  rows: readonly Row[],
  count: number,
  limit: Pattern,
  nth: number,
): number {
  let left = nth;
  for (let from = 0; from < count; from += LOOKED_AT) {
    const length = Math.min(LOOKED_AT, count - from);
    const piece = rows.map(
      ({ dtype, copy }): Row => ({
        dtype,
        copy: (at, into) => copy(from * WIDTH[dtype] + at, into),
      }),
    );
    const patterns = kernels.magnitudes(piece, length);
    for (let place = 0; place < length; place++) {
      if (patterns[place] !== limit) continue;
      left--;
      if (left === 0) return from + place + 1;
    }
  }
  throw new Error(`${left} of ${nth} equal changes are missing`);
}
