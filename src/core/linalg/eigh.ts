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
  const a = matrix.slice();
  const off = new Float64Array(n);
  const betas = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    // What is right of the diagonal in row k becomes the vector of the reflection, and stays there.
    const at = k * n + k + 1;
    const size = n - k - 1;
    const first = a[at] as number;
    const length = Math.sqrt(dot(a, at, a, at, size));
    off[k] = first;
    if (length === 0 || length === Math.abs(first)) continue;
    // The sign that adds to the first entry avoids cancellation.
    const alpha = first > 0 ? -length : length;
    a[at] = first - alpha;
    const beta = 2 / dot(a, at, a, at, size);
    off[k] = alpha;
    betas[k] = beta;
    reflectTrailing(a, n, k, beta, w);
  }
  if (n > 1) off[n - 2] = a[(n - 1) * n + n - 2] as number;
  const vectors = accumulated(a, betas, n);
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), off, vectors };
}

/** Q = H₁ H₂ …; rows of Qᵀ are built backwards, when each reflection touches only the trailing block. */
function accumulated(a: Float64Array, betas: Float64Array, n: number): Float64Array {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    const beta = betas[k] as number;
    if (beta === 0) continue;
    const [v, size] = [k * n + k + 1, n - k - 1];
    for (let at = (k + 1) * n + k + 1; at < n * n; at += n) {
      addScaled(vectors, at, -beta * dot(vectors, at, a, v, size), a, v, size);
    }
  }
  return vectors;
}

/**
 * A ← H A H on the block behind row k, H = I − β v vᵀ with v in row k: the symmetric rank-two update A − v wᵀ − w vᵀ.
 * @param w space for n numbers
 */
function reflectTrailing(a: Float64Array, n: number, k: number, beta: number, w: Float64Array): void {
  const [v, from] = [k * n, k + 1];
  const size = n - from;
  for (let i = from; i < n; i++) w[i] = beta * dot(a, i * n + from, a, v + from, size);
  addScaled(w, from, (-beta / 2) * dot(w, from, a, v + from, size), a, v + from, size);
  for (let i = from; i < n; i++) {
    const row = i * n;
    const vi = a[v + i] as number;
    const wi = w[i] as number;
    for (let j = from; j < n; j++) {
      a[row + j] = (a[row + j] as number) - vi * (w[j] as number) - wi * (a[v + j] as number);
    }
  }
}

/**
 * Couplings are dropped against their own neighbours, which keeps small eigenvalues of graded matrices accurate. Where a matrix
 * has many eigenvalues that are rounding noise, the noise of the rotations keeps coming back at that scale: after this many
 * iterations couplings are dropped against the largest entry instead, as EISPACK does throughout.
 */
const PATIENCE = 20;

/** Implicit QL: `d` becomes the eigenvalues and the rows of `vectors` the eigenvectors; `e` is used up. */
function diagonalise(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  const turns = { cosines: new Float64Array(n), sines: new Float64Array(n) };
  const largest = d.reduce((most, value, i) => Math.max(most, Math.abs(value), Math.abs(e[i] as number)), 0);
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      const noise = iteration < PATIENCE ? SMALLEST : Number.EPSILON * largest;
      let m = l;
      while (m < n - 1 && !negligible(e[m] as number, d[m] as number, d[m + 1] as number, noise)) m++;
      if (m === l) break;
      if (iteration === MAX_ITERATIONS) throw new Error(`eigh: eigenvalue ${l} of ${n} did not converge`);
      rotateChain(vectors, n, sweep(d, e, turns, l, m), m, turns);
    }
  }
}

/** Below this a square is no longer a normal number. */
const SMALLEST = 1e-150;

const negligible = (e: number, left: number, right: number, noise: number) =>
  Math.abs(e) <= Math.max(noise, Number.EPSILON * (Math.abs(left) + Math.abs(right)));

/** Plane rotations: the i-th turns rows i and i + 1. */
interface Turns {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/**
 * One QL sweep with Wilkinson's shift over the unreduced block l … m (Numerical Recipes' tqli).
 * @param turns filled with the rotations that it made
 * @returns where they end: rotations m − 1 down to this one are to be applied to the vectors
 */
function sweep(d: Float64Array, e: Float64Array, { cosines, sines }: Turns, l: number, m: number): number {
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
      return i + 1;
    }
    s = f / r;
    c = g / r;
    const shifted = (d[i + 1] as number) - p;
    const t = ((d[i] as number) - shifted) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = shifted + p;
    g = c * t - b;
    cosines[i] = c;
    sines[i] = s;
  }
  d[l] = (d[l] as number) - p;
  e[l] = g;
  e[m] = 0;
  return l;
}

/** Rotations m − 1, m − 2, …, l of the rows of x [·, n]; four at once, so that what they pass on need not be stored and read again. */
function rotateChain(x: Float64Array, n: number, l: number, m: number, turns: Turns): void {
  let i = m - 1;
  for (; i - 3 >= l; i -= 4) rotateFour(x, n, i, turns);
  for (; i >= l; i--) rotateRows(x, i, i + 1, n, turns.cosines[i] as number, turns.sines[i] as number);
}

/** Rotations i, i − 1, i − 2 and i − 3. */
function rotateFour(x: Float64Array, n: number, i: number, { cosines, sines }: Turns): void {
  const c0 = cosines[i] as number;
  const c1 = cosines[i - 1] as number;
  const c2 = cosines[i - 2] as number;
  const c3 = cosines[i - 3] as number;
  const s0 = sines[i] as number;
  const s1 = sines[i - 1] as number;
  const s2 = sines[i - 2] as number;
  const s3 = sines[i - 3] as number;
  const end = (i + 2) * n;
  for (let at = (i + 1) * n; at < end; at++) {
    const last = x[at] as number;
    const x0 = x[at - n] as number;
    const x1 = x[at - 2 * n] as number;
    const x2 = x[at - 3 * n] as number;
    const x3 = x[at - 4 * n] as number;
    const y0 = c0 * x0 - s0 * last;
    const y1 = c1 * x1 - s1 * y0;
    const y2 = c2 * x2 - s2 * y1;
    x[at] = s0 * x0 + c0 * last;
    x[at - n] = s1 * x1 + c1 * y0;
    x[at - 2 * n] = s2 * x2 + c2 * y1;
    x[at - 3 * n] = s3 * x3 + c3 * y2;
    x[at - 4 * n] = c3 * x3 - s3 * y2;
  }
}

function sortedDescending(d: Float64Array, vectors: Float64Array, n: number): Eigh {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => (d[j] as number) - (d[i] as number));
  const sorted = new Float64Array(n * n);
  for (const [target, source] of order.entries())
    sorted.set(vectors.subarray(source * n, (source + 1) * n), target * n);
  return { values: Float64Array.from(order, (i) => d[i] as number), vectors: sorted };
}
