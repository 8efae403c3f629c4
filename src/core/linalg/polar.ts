import { eigh } from './eigh.ts';
import { gram, matmul, transposed } from './matrix.ts';
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

/** With singular values above this part of the largest, what squaring them loses of the factor is below float32 rounding. */
const SAFE = 1e-4;

/**
 * q of `polar`, to float32 precision, in a quarter of the time: x (xᵀx)^(−1/2) by the eigenvectors of the smaller Gram matrix. Where
 * kept singular values are too far apart for that it is `polar` itself.
 * @param x [rows, cols], row-major
 */
export function polarFactor(x: Float64Array, rows: number, cols: number, rcond = RCOND): Float64Array {
  const n = Math.min(rows, cols);
  const wide = rows <= cols;
  const { values, vectors } = eigh(wide ? gram(x, n, cols) : gram(transposed(x, rows, n), n, rows), n);
  const largest = values[0] ?? 0;
  let rank = 0;
  while (rank < n && (values[rank] as number) > rcond * rcond * largest) rank++;
  if (rank === 0 || (values[rank - 1] as number) < SAFE * SAFE * largest) return polar(x, rows, cols, rcond).q;
  // (xᵀx)^(−1/2) is a Gram matrix too, of eigenvectors over the fourth roots.
  const columns = transposed(vectors.subarray(0, rank * n), rank, n);
  const weights = Float64Array.from({ length: rank }, (_, j) => (values[j] as number) ** -0.25);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = 0; j < rank; j++, at++) columns[at] = (columns[at] as number) * (weights[j] as number);
  }
  const root = gram(columns, n, rank);
  return wide ? matmul(root, x, n, n, cols) : matmul(x, root, rows, n, n);
}
