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
 * A⁺ b: the solution of A x = b with the least norm, or of the least-squares problem where there is none. Above 128 unknowns by
 * conjugate gradients (Hestenes & Stiefel 1952) from zero, which stay in the range of A and so find the same solution if b lies in it.
 * @param matrix symmetric positive semidefinite [n, n]
 */
export function solveSemidefinite(matrix: Float64Array, n: number, b: Float64Array): Float64Array {
  if (matrix.length !== n * n || b.length !== n)
    throw new Error(`solveSemidefinite: ${matrix.length} and ${b.length} values are not a matrix and a vector of ${n}`);
  return n <= SMALL ? pseudoInverse(matrix, n, b) : conjugateGradients(matrix, n, b);
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
