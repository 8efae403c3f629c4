/** Solving A x = b for symmetric matrices without negative eigenvalues, which may be singular. */
import { eigh } from './eigh.ts';
import { addScaled, dot } from './matrix.ts';

/** Up to this size the eigenvectors cost little and give the answer of the pseudo-inverse, whatever b is. */
const SMALL = 128;

/** Eigenvalues below this part of the largest count as zero. */
const RTOL = 1e-8;

/** Conjugate gradients stop at this part of ‖b‖: a hundredth of what float32 weights can show. */
const RESIDUAL = 1e-9;
const MAX_ITERATIONS = 500;

/**
 * A⁺ b: the solution of A x = b with the least norm, or of the least-squares problem where there is none. By Cholesky's
 * factorisation where A is regular. Else above 128 unknowns by conjugate gradients (Hestenes & Stiefel 1952) from zero, which
 * stay in the range of A and so find the same solution if b lies in it.
 * @param matrix symmetric positive semidefinite [n, n]
 */
export function solveSemidefinite(matrix: Float64Array, n: number, b: Float64Array): Float64Array {
  if (matrix.length !== n * n || b.length !== n)
    throw new Error(`solveSemidefinite: ${matrix.length} and ${b.length} values are not a matrix and a vector of ${n}`);
  const factor = cholesky(matrix, n);
  if (factor) return substituted(factor, n, b);
  return n <= SMALL ? pseudoInverse(matrix, n, b) : conjugateGradients(matrix, n, b);
}

/** Pivots below this part of the largest diagonal entry: the matrix may be singular but for rounding. */
const LEAST_PIVOT = 1e-5;

/** Rows of the lower L with A = L Lᵀ [n, n]; undefined where A is not safely regular. */
function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, matrix[i * n + i] as number);
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j < i; j++) {
      const rest = (matrix[row + j] as number) - dot(lower, row, lower, j * n, j);
      lower[row + j] = rest / (lower[j * n + j] as number);
    }
    const pivot = (matrix[row + i] as number) - dot(lower, row, lower, row, i);
    if (!(pivot > LEAST_PIVOT * largest)) return undefined;
    lower[row + i] = Math.sqrt(pivot);
  }
  return lower;
}

/** x with L Lᵀ x = b. */
function substituted(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) x[i] = ((x[i] as number) - dot(lower, i * n, x, 0, i)) / (lower[i * n + i] as number);
  for (let i = n - 1; i >= 0; i--) {
    const value = (x[i] as number) / (lower[i * n + i] as number);
    addScaled(x, 0, -value, lower, i * n, i);
    x[i] = value;
  }
  return x;
}

function pseudoInverse(matrix: Float64Array, n: number, b: Float64Array): Float64Array {
  const { values, vectors } = eigh(matrix, n);
  const floor = RTOL * (values[0] ?? 0);
  const x = new Float64Array(n);
  for (const [j, value] of values.entries()) {
    if (value > floor) addScaled(x, 0, dot(vectors, j * n, b, 0, n) / value, vectors, j * n, n);
  }
  return x;
}

function conjugateGradients(matrix: Float64Array, n: number, b: Float64Array): Float64Array {
  const x = new Float64Array(n);
  const residual = Float64Array.from(b);
  const direction = Float64Array.from(b);
  const image = new Float64Array(n);
  let size = dot(residual, 0, residual, 0, n);
  const enough = RESIDUAL ** 2 * size;
  for (let iteration = 0; iteration < MAX_ITERATIONS && size > enough; iteration++) {
    for (let i = 0; i < n; i++) image[i] = dot(matrix, i * n, direction, 0, n);
    const curvature = dot(direction, 0, image, 0, n);
    // Only rounding is left in a direction that the matrix maps to nothing.
    if (!(curvature > 0)) break;
    const step = size / curvature;
    addScaled(x, 0, step, direction, 0, n);
    addScaled(residual, 0, -step, image, 0, n);
    const next = dot(residual, 0, residual, 0, n);
    for (let i = 0; i < n; i++) direction[i] = (residual[i] as number) + (next / size) * (direction[i] as number);
    size = next;
  }
  return x;
}
