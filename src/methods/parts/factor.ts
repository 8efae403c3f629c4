/** Singular value decompositions of the task vectors of a matrix, made once for all methods, and how much of one is kept. */

import { matmul, transposed } from '../../core/linalg/matrix.ts';
import { polarFactor, RCOND } from '../../core/linalg/polar.ts';
import { quickSvd, type Svd } from '../../core/linalg/svd.ts';
import type { Parameter } from '../../models/parameter.ts';
import type { BaseContext } from '../context.ts';
import type { Input } from '../define.ts';
import { hostRows } from './host-rows.ts';

/** Patch and position embeddings are averaged: official codes see the former as a convolution. */
export const isSpectral = ({ role, shape }: Parameter): boolean => role === 'linear' && shape.length === 2;

/** A decomposition as it is kept: vectors in float32, as the weights themselves, take half the memory. */
interface PackedSvd {
  readonly count: number;
  readonly left: Float32Array;
  readonly values: Float64Array;
  readonly right: Float32Array;
}

export const packed = ({ count, left, values, right }: Svd): PackedSvd => ({
  count,
  left: new Float32Array(left),
  values,
  right: new Float32Array(right),
});

export const unpacked = ({ count, left, values, right }: PackedSvd): Svd => ({
  count,
  left: new Float64Array(left),
  values,
  right: new Float64Array(right),
});

/**
 * Thin SVD of every task vector of one matrix, in the recipe's order. Kept while models and pre steps stay, and shared by all
 * methods: only the first preparation that asks pays for it. The vectors are rounded to float32.
 * @param input of scope 'tensor', a matrix [rows, cols]
 */
export async function taskSvds(
  input: Input<unknown>,
  context: Pick<BaseContext, 'cache' | 'breathe'>,
): Promise<readonly Svd[]> {
  const kept = await context.cache('thin SVD of every task vector', async () => {
    const [rows, cols] = matrixShape(input.base.shape);
    const vectors = await hostRows(input.taskVectors);
    // One breath for the whole matrix: in a browser each costs four milliseconds.
    await context.breathe();
    return vectors.map((vector) => packed(quickSvd(vector, rows, cols)));
  });
  return kept.map(unpacked);
}

function matrixShape(shape: readonly number[]): [rows: number, cols: number] {
  const [rows, cols, ...more] = shape;
  if (rows === undefined || cols === undefined || more.length > 0)
    throw new Error(`a singular value decomposition needs a matrix, not a tensor of shape [${shape.join(', ')}]`);
  return [rows, cols];
}

// ---------------------------------------------------------------- how many directions

/**
 * Singular values above rcond · size: what is below is float32 rounding of the weights, not a direction.
 * @param size of the matrix whose rounding it is; the largest singular value by default
 */
export function numericalRank(values: Float64Array, size = values[0] ?? 0): number {
  const floor = RCOND * size;
  const below = values.findIndex((value) => !(value > floor));
  return below < 0 ? values.length : below;
}

/** ⌊r·q⌋ of r directions, at least one. With q = 1/T all experts' shares fit beside each other. */
export function shareOfRank(count: number, q: number): number {
  // 3 · (1/3) must be 1, whichever way its last bit was rounded.
  return Math.max(1, Math.min(count, Math.floor(count * q * (1 + 4 * Number.EPSILON))));
}

/**
 * The smallest k ≥ 1 with Σ_{j ≤ k} σ_jᵖ ≥ share · Σσ_jᵖ.
 * @param power 1 for the nuclear norm, 2 for the energy
 */
export function countForShare(values: Float64Array, share: number, power: 1 | 2): number {
  const weight = (value: number) => (power === 1 ? value : value * value);
  const wanted = share * values.reduce((sum, value) => sum + weight(value), 0);
  let reached = 0;
  for (const [j, value] of values.entries()) {
    reached += weight(value);
    if (reached >= wanted) return j + 1;
  }
  return values.length;
}

// ---------------------------------------------------------------- putting together

/** Rows of several experts' bases one below the other, [Σ kₜ, length]. */
export function stackBases(bases: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(bases.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const basis of bases) {
    out.set(basis, at);
    at += basis.length;
  }
  return out;
}

/**
 * The nearest rows that are orthonormal to each other (orthogonal Procrustes: the polar factor) to stacked bases. Where
 * bases overlap so far that they span fewer dimensions, the factor is restricted to those: a direction that two experts
 * share is shared out between them, and nothing is invented.
 * @param rows [count, length]
 */
export function orthogonalised(rows: Float64Array, length: number): Float64Array {
  return polarFactor(rows, rows.length / length, length);
}

/**
 * The first directions of a decomposition, without those that are rounding: fewer than asked for where the rank is lower.
 * @param k number of directions wanted
 * @param size what rounding is relative to; the largest singular value by default
 */
export function firstOf({ count, left, values, right }: Svd, k: number, size?: number): Svd {
  const kept = Math.min(k, numericalRank(values, size));
  const rows = (basis: Float64Array) => basis.subarray(0, (basis.length / count) * kept);
  return { count: kept, left: rows(left), values: values.subarray(0, kept), right: rows(right) };
}

/**
 * Σ_j w_j u_j v_jᵀ.
 * @param left row j is u_j, [count, rows]
 * @param weights [count]
 * @param right row j is v_j, [count, cols]
 * @returns [rows, cols]
 */
export function compose(
  left: Float64Array,
  weights: Float64Array,
  right: Float64Array,
  rows: number,
  cols: number,
): Float64Array {
  const count = weights.length;
  const weighted = transposed(left, count, rows);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < count; j++, at++) weighted[at] = (weighted[at] as number) * (weights[j] as number);
  }
  return matmul(weighted, right, rows, count, cols);
}
