/** Looks at changes that need no arithmetic of their own. */
import type { Pattern } from '../../../core/stats/bracket.ts';
import { WIDTH } from '../../../formats/safetensors/dtype.ts';
import { type ElectionKernels, type Row, rowOf } from './kernels.ts';

/** Weights that stay together. */
const GROUP = 8;
const WORD_BYTES = 4;
/** Weights that are looked at before the next are read. */
const PIECE = 2 ** 16;

export const sampleSize = (count: number, every: number): number =>
  every === 1 ? count : Math.floor(count / (GROUP * every)) * GROUP;

/** |change| of every so many-th eight weights, one expert after the other; see sampleSize. */
export function sampled(
  kernels: ElectionKernels,
  rows: readonly Row[],
  count: number,
  every: number,
): Uint32Array<ArrayBuffer> {
  const size = sampleSize(count, every);
  if (every === 1) return kernels.magnitudes(rows, count);
  const own = rows.map((row) => rowOf(row.dtype, pickedOf(row, count, every, size)));
  return kernels.magnitudes(own, size);
}

/** Reads all of the row, because many short pieces would take longer. */
function pickedOf({ dtype, copy }: Row, count: number, every: number, size: number): Uint8Array {
  const words = (GROUP * WIDTH[dtype]) / WORD_BYTES;
  const piece = new Uint32Array((PIECE / GROUP) * words);
  const bytes = new Uint8Array(piece.buffer);
  const picked = new Uint32Array((size / GROUP) * words);
  let to = 0;
  for (let from = 0; to < picked.length; from += PIECE) {
    copy(from * WIDTH[dtype], bytes.subarray(0, Math.min(PIECE, count - from) * WIDTH[dtype]));
    const first = (every - ((from / GROUP) % every)) % every;
    // In range: a group that is not whole is not counted in the size.
    for (let at = first * words; at < piece.length && to < picked.length; at += every * words)
      for (let word = 0; word < words; word++) picked[to++] = piece[at + word] as number;
  }
  return new Uint8Array(picked.buffer);
}

/** @param rows base and expert @returns the place behind the nth change of that very magnitude */
export function placeOf(
  kernels: ElectionKernels,
  rows: readonly Row[],
  count: number,
  limit: Pattern,
  nth: number,
): number {
  let left = nth;
  for (let from = 0; from < count; from += PIECE) {
    const length = Math.min(PIECE, count - from);
    const piece = rows.map(({ dtype, copy }): Row => ({
      dtype,
      copy: (at, into) => copy(from * WIDTH[dtype] + at, into),
    }));
    for (const [place, pattern] of kernels.magnitudes(piece, length).entries()) {
      if (pattern === limit) left--;
      if (left === 0) return from + place + 1;
    }
  }
  throw new Error(`${left} of ${nth} equal changes are missing`);
}

