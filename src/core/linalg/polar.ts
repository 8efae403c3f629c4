import { matmul, transposed } from './matrix.ts';
import { thinSvd } from './svd.ts';

export interface Polar {
  /** Σ_{j ≤ rank} u_j v_jᵀ, [rows, cols]. */
  readonly q: Float64Array;
  /** Number of singular values above rcond · σ₁. */
  readonly rank: number;
  /** Σ_{j ≤ rank} σ_j. */
  readonly nuclearNorm: number;
  /** All min(rows, cols) of them, largest first. */
  readonly singularValues: Float64Array;
}

/** Singular values below this share of the largest are float32 rounding of the weights, not directions. */
export const RCOND = 1e-6;

/**
 * Orthogonal polar factor of x = U diag(σ) Vᵀ restricted to σ > rcond · σ₁: null directions stay zero, where U Vᵀ over all
 * of them would hold whatever basis the decomposition happened to pick.
 * @param x [rows, cols], row-major
 */
export function polar(x: ArrayLike<number>, rows: number, cols: number, rcond = RCOND): Polar {
  const { left, values, right, count } = thinSvd(x, rows, cols);
  const floor = rcond * (values[0] ?? 0);
  let [rank, nuclearNorm] = [0, 0];
  while (rank < count && (values[rank] as number) > floor) nuclearNorm += values[rank++] as number;
  const u = transposed(left.subarray(0, rank * rows), rank, rows);
  return { q: matmul(u, right.subarray(0, rank * cols), rows, rank, cols), rank, nuclearNorm, singularValues: values };
}
