/**
 * Eigendecomposition of a symmetric matrix in float64: Householder reduction to tridiagonal form, then implicit QL with
 * Wilkinson shifts (EISPACK's tred2 and tql2; Golub & Van Loan, Matrix Computations, §8.3).
 */
import { addScaled, dot, rotateRows } from './matrix.ts';

export interface Eigh {
  /** Eigenvalues, largest first, [n]. */
  readonly values: Float64Array;
  /** Row j is the unit eigenvector of values[j], [n, n]: rows, because every rotation then runs along memory. */
  readonly vectors: Float64Array;
}

/** QL needs about two iterations per eigenvalue; far more means that the input was not a symmetric matrix of numbers. */
const MAX_ITERATIONS = 60;

/**
 * @param matrix symmetric [n, n]; only read
 * @throws Error when a value is not finite
 */
export function eigh(matrix: Float64Array, n: number): Eigh {
  if (matrix.length !== n * n) throw new Error(`eigh: ${matrix.length} values are not a ${n} × ${n} matrix`);
  const bad = matrix.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new Error(`eigh: row ${Math.floor(bad / n)}, column ${bad % n} holds ${matrix[bad]}`);
  const { diagonal, off, vectors } = tridiagonalise(matrix, n);
  diagonalise(diagonal, off, vectors, n);
  return sortedDescending(diagonal, vectors, n);
}

/** Qᵀ-rows `vectors`, diagonal d and off-diagonal e (e[i] couples i and i + 1) with matrix = Q · tridiag(d, e) · Qᵀ. */
function tridiagonalise(matrix: Float64Array, n: number) {
  const a = Float64Array.from(matrix);
  const off = new Float64Array(n);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const reflectors: { readonly from: number; readonly v: Float64Array; readonly beta: number }[] = [];
  for (let k = 0; k < n - 2; k++) {
    const below = n - k - 1;
    const v = new Float64Array(below);
    for (let i = 0; i < below; i++) v[i] = a[(k + 1 + i) * n + k] as number;
    const length = norm(v);
    off[k] = v[0] as number;
    if (length === 0 || length === Math.abs(v[0] as number)) continue;
    // The sign that adds to the first entry avoids cancellation.
    const alpha = (v[0] as number) > 0 ? -length : length;
    v[0] = (v[0] as number) - alpha;
    const beta = 2 / dot(v, 0, v, 0, below);
    off[k] = alpha;
    reflectTrailing(a, n, k + 1, v, beta);
    reflectors.push({ from: k + 1, v, beta });
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2] as number;
  // Q = H₁ H₂ …; rows of Qᵀ are built backwards, when each reflection touches only the trailing block.
  for (let r = reflectors.length - 1; r >= 0; r--) {
    const { from, v, beta } = reflectors[r] as (typeof reflectors)[number];
    const size = n - from;
    for (let row = from; row < n; row++) {
      const at = row * n + from;
      addScaled(vectors, at, -beta * dot(vectors, at, v, 0, size), v, 0, size);
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off, vectors };
}

/** A ← H A H on the block that starts at `from`, H = I − β v vᵀ: the symmetric rank-two update A − v wᵀ − w vᵀ. */
function reflectTrailing(a: Float64Array, n: number, from: number, v: Float64Array, beta: number): void {
  const size = n - from;
  const at = (i: number) => (from + i) * n + from;
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) w[i] = beta * dot(a, at(i), v, 0, size);
  addScaled(w, 0, (-beta / 2) * dot(w, 0, v, 0, size), v, 0, size);
  for (let i = 0; i < size; i++) {
    addScaled(a, at(i), -(v[i] as number), w, 0, size);
    addScaled(a, at(i), -(w[i] as number), v, 0, size);
  }
}

function norm(v: Float64Array): number {
  return Math.sqrt(dot(v, 0, v, 0, v.length));
}

/**
 * Couplings are dropped against their own neighbours, which keeps small eigenvalues of graded matrices accurate. Where a matrix
 * has many eigenvalues that are rounding noise, the noise of the rotations keeps coming back at that scale: after this many
 * iterations couplings are dropped against the largest entry instead, as EISPACK does throughout.
 */
const PATIENCE = 20;

/** Implicit QL: `d` becomes the eigenvalues and the rows of `vectors` the eigenvectors; `e` is used up. */
function diagonalise(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  const largest = d.reduce((most, value, i) => Math.max(most, Math.abs(value), Math.abs(e[i] as number)), 0);
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      const noise = iteration < PATIENCE ? SMALLEST : Number.EPSILON * largest;
      let m = l;
      while (m < n - 1 && !negligible(e[m] as number, d[m] as number, d[m + 1] as number, noise)) m++;
      if (m === l) break;
      if (iteration === MAX_ITERATIONS) throw new Error(`eigh: eigenvalue ${l} of ${n} did not converge`);
      sweep(d, e, vectors, n, l, m);
    }
  }
}

/** Below this a square is no longer a normal number. */
const SMALLEST = 1e-150;

const negligible = (e: number, left: number, right: number, noise: number) =>
  Math.abs(e) <= Math.max(noise, Number.EPSILON * (Math.abs(left) + Math.abs(right)));

/** One QL sweep with Wilkinson's shift over the unreduced block l … m (Numerical Recipes' tqli). */
function sweep(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number, l: number, m: number): void {
  const el = e[l] as number;
  const half = ((d[l + 1] as number) - (d[l] as number)) / (2 * el);
  let g = (d[m] as number) - (d[l] as number) + el / (half + Math.sign(half || 1) * Math.hypot(half, 1));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * (e[i] as number);
    const b = c * (e[i] as number);
    // Math.hypot would guard against overflow that squares of float32 weights cannot reach, and is many times slower.
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block split by itself: keep what was done and start again on the smaller one.
      d[i + 1] = (d[i + 1] as number) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    const shifted = (d[i + 1] as number) - p;
    const t = ((d[i] as number) - shifted) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = shifted + p;
    g = c * t - b;
    rotateRows(vectors, i, i + 1, n, c, s);
  }
  d[l] = (d[l] as number) - p;
  e[l] = g;
  e[m] = 0;
}

function sortedDescending(d: Float64Array, vectors: Float64Array, n: number): Eigh {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (d[j] as number) - (d[i] as number));
  const sorted = new Float64Array(n * n);
  for (const [target, source] of order.entries())
    sorted.set(vectors.subarray(source * n, (source + 1) * n), target * n);
  return { values: Float64Array.from(order, (i) => d[i] as number), vectors: sorted };
}
