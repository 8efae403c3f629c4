/** A matrix as the first of its singular directions, the stronger ones in more bits (mixed precision, as in Delta-CoMe). */
import type { Svd } from '../../core/linalg/svd.ts';
import { decodeVector, encodeVector, type VectorCode } from './codec-vector.ts';

/** Shares of the kept directions, the strongest first, and the bits of their entries; shares add up to 1. */
export type BitPlan = readonly { readonly share: number; readonly bits: number }[];

/** A type rather than an interface, so that it is a `Code` too. */
export type SvdCode = {
  /** Directions kept, k; one number. */
  readonly rank: Uint16Array;
  /** u_j, [rows] each. */
  readonly left: readonly VectorCode[];
  /** σ_j v_j, [cols] each. */
  readonly right: readonly VectorCode[];
};

/** Smallest k whose directions have the part β of Σσ²; 0 for a matrix of zeros. */
export function rankOfEnergy(values: ArrayLike<number>, beta: number): number {
  const energies = Array.from({ length: values.length }, (_, j) => (values[j] as number) ** 2);
  const nonZero = energies.filter((energy) => energy > 0).length;
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  // At 1 rounding must not cut the last directions off.
  if (beta >= 1) return nonZero;
  let sum = 0;
  let k = 0;
  while (k < nonZero && sum < beta * total) sum += energies[k++] as number;
  return k;
}

/** Bits of the j-th of `rank` directions; every part of the plan begins at a whole direction, rounded up. */
export function bitsAt(plan: BitPlan, j: number, rank: number): number {
  let end = 0;
  for (const { share, bits } of plan) {
    end += share;
    if (j < Math.ceil(end * rank - 1e-9)) return bits;
  }
  return plan.at(-1)?.bits ?? 0;
}

/** @param rows and cols of the decomposed matrix */
export function encodeSvd(svd: Svd, rows: number, cols: number, rank: number, plan: BitPlan): SvdCode {
  const directions = Array.from({ length: rank }, (_, j) => j);
  return {
    rank: Uint16Array.of(rank),
    left: directions.map((j) => encodeVector(svd.left.subarray(j * rows, (j + 1) * rows), bitsAt(plan, j, rank))),
    right: directions.map((j) => {
      const sigma = svd.values[j] as number;
      const scaled = svd.right.subarray(j * cols, (j + 1) * cols).map((value) => sigma * value);
      return encodeVector(scaled, bitsAt(plan, j, rank));
    }),
  };
}

/** Σ_j u_j (σ_j v_j)ᵀ, [rows, cols]. */
export function decodeSvd({ rank, left, right }: SvdCode, rows: number, cols: number, plan: BitPlan): Float32Array {
  const count = rank[0] as number;
  const sum = new Float64Array(rows * cols);
  for (let j = 0; j < count; j++) {
    const bits = bitsAt(plan, j, count);
    const u = decodeVector(left[j] as VectorCode, rows, bits);
    const v = decodeVector(right[j] as VectorCode, cols, bits);
    for (let r = 0; r < rows; r++) {
      const factor = u[r] as number;
      // In range by both loops' bounds.
      for (let c = 0, at = r * cols; c < cols; c++, at++) sum[at] = (sum[at] as number) + factor * (v[c] as number);
    }
  }
  return Float32Array.from(sum);
}
