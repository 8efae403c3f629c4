/**
 * Features of a quadratic in N coefficients, in the order of MAP (Li et al. 2024, arXiv 2406.07529): c₁² … c_N², then c_i·c_j
 * for i < j, then c₁ … c_N, then 1.
 */

/** p = (N+1)(N+2)/2: unknowns of one quadratic, and the fewest measurements that determine it. */
export function featureCount(coefficients: number): number {
  return ((coefficients + 1) * (coefficients + 2)) / 2;
}

/** φ(c) */
export function features(c: ArrayLike<number>): Float64Array {
  const n = c.length;
  const phi = new Float64Array(featureCount(n));
  let at = 0;
  for (let i = 0; i < n; i++) phi[at++] = (c[i] ?? 0) ** 2;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) phi[at++] = (c[i] ?? 0) * (c[j] ?? 0);
  for (let i = 0; i < n; i++) phi[at++] = c[i] ?? 0;
  phi[at] = 1;
  return phi;
}

/** q(c) = ½ cᵀAc + bᵀc + e, read off β: A_ii = 2β_ii, A_ij = β_ij. */
export interface Quadratic {
  /** [N × N], symmetric, row by row. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly e: number;
}

export function quadraticOf(beta: ArrayLike<number>, n: number): Quadratic {
  const a = new Float64Array(n * n);
  let cross = n;
  for (let i = 0; i < n; i++) {
    a[i * n + i] = 2 * (beta[i] ?? 0);
    for (let j = i + 1; j < n; j++) {
      a[i * n + j] = a[j * n + i] = beta[cross++] ?? 0;
    }
  }
  const b = Float64Array.from({ length: n }, (_, i) => beta[cross + i] ?? 0);
  return { a, b, e: beta[cross + n] ?? 0 };
}

/** β of a quadratic, in the order of `features`. */
export function betaOf({ a, b, e }: Quadratic): Float64Array {
  const n = b.length;
  const beta = new Float64Array(featureCount(n));
  let cross = n;
  for (let i = 0; i < n; i++) {
    beta[i] = (a[i * n + i] ?? 0) / 2;
    for (let j = i + 1; j < n; j++) beta[cross++] = a[i * n + j] ?? 0;
  }
  beta.set(b, cross);
  beta[cross + n] = e;
  return beta;
}
