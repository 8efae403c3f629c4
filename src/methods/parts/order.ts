/**
 * Task vectors on the host, and which of their entries are the largest. One order per expert, made once, serves every scope: walking it
 * and counting within tensors, rows or blocks gives the ranks there, so a new density never sorts again.
 */
import { descendingOrder, ranksWithin } from '../../core/stats/rank.ts';
import type { BaseContext } from '../context.ts';
import type { Piece } from '../define.ts';

/** Indices of each task vector's entries from the largest magnitude to the smallest; equals keep the lower index first. */
export function ordersOf(
  vectors: readonly Float32Array[],
  { cache }: Pick<BaseContext, 'cache'>,
): Promise<readonly Uint32Array[]> {
  return cache('descending order of magnitudes of every task vector', () => vectors.map(descendingOrder));
}

/** The rank of every entry within its segment, 0 the largest magnitude; kept in place of the orders that it is made of. */
export function ranksOf(
  vectors: readonly Float32Array[],
  { of, lengths }: Segments,
  scope: Scope,
  { cache }: Pick<BaseContext, 'cache'>,
): Promise<readonly Uint32Array[]> {
  return cache(`ranks of magnitudes of every task vector within each ${scope}`, () =>
    vectors.map((vector) => ranksWithin(descendingOrder(vector), of, lengths.length)),
  );
}

/** A division of the piece's weights into segments that are looked at separately. */
export interface Segments {
  /** Number of each weight's segment. */
  readonly of: Uint32Array;
  /** Weights in each segment. */
  readonly lengths: readonly number[];
}

/** 'global': the whole piece; 'tensor': each tensor; 'row': each run along a tensor's last axis (a vector is one row). */
export type Scope = 'global' | 'tensor' | 'row';

export function segmentsOf({ tensors, length }: Pick<Piece, 'tensors' | 'length'>, scope: Scope): Segments {
  if (scope === 'global') return { of: new Uint32Array(length), lengths: [length] };
  return runs(tensors, ({ shape, length: size }) => (scope === 'row' ? (shape.at(-1) ?? 1) : size));
}

/** Blocks of `size` consecutive weights of each flattened tensor; the last block of a tensor may be shorter. */
export function blocksOf({ tensors }: Pick<Piece, 'tensors'>, size: number): Segments {
  return runs(tensors, () => size);
}

function runs(tensors: Piece['tensors'], sizeIn: (tensor: Piece['tensors'][number]) => number): Segments {
  const total = tensors.reduce((sum, { length }) => sum + length, 0);
  const of = new Uint32Array(total);
  const lengths: number[] = [];
  for (const tensor of tensors) {
    const end = tensor.start + tensor.length;
    const size = sizeIn(tensor);
    for (let from = tensor.start; from < end; from += size) {
      const to = Math.min(end, from + size);
      of.fill(lengths.length, from, to);
      lengths.push(to - from);
    }
  }
  return { of, lengths };
}

/** Which ranks of a segment survive: from ≤ rank < to, rank 0 being the largest. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The entries whose rank within their segment lies in that segment's window; zeros elsewhere. */
export function keptByRank(
  values: Float32Array,
  order: Uint32Array,
  { of, lengths }: Segments,
  windowOf: (length: number) => Window,
): Float32Array {
  const windows = lengths.map(windowOf);
  const from = Uint32Array.from(windows, (window) => Math.max(0, window.from));
  const to = Uint32Array.from(windows, (window) => Math.max(0, window.to));
  const next = new Uint32Array(lengths.length);
  const out = new Float32Array(values.length);
  for (let i = 0; i < order.length; i++) {
    // In range: the order is a permutation, and every weight has a segment.
    const index = order[i] as number;
    const segment = of[index] as number;
    const rank = next[segment] as number;
    next[segment] = rank + 1;
    if (rank >= (from[segment] as number) && rank < (to[segment] as number)) out[index] = values[index] as number;
  }
  return out;
}

/** The same from the ranks themselves, in the order in which memory is read. */
export function keptByRanks(
  values: Float32Array,
  ranks: Uint32Array,
  { of, lengths }: Segments,
  windowOf: (length: number) => Window,
): Float32Array {
  const windows = lengths.map(windowOf);
  const from = Uint32Array.from(windows, (window) => Math.max(0, window.from));
  const to = Uint32Array.from(windows, (window) => Math.max(0, window.to));
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) {
    // In range: every weight has a segment and a rank in it.
    const segment = of[i] as number;
    const rank = ranks[i] as number;
    if (rank >= (from[segment] as number) && rank < (to[segment] as number)) out[i] = values[i] as number;
  }
  return out;
}

/** The largest ⌊n·density⌋ of n, at least one; all from density 1 on. */
export const largest =
  (density: number) =>
  (length: number): Window => ({ from: 0, to: density >= 1 ? length : Math.max(1, Math.floor(length * density)) });
