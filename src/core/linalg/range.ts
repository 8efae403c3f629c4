/**
 * The strongest directions of a large matrix by random sampling of its range (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1):
 * Q spans x·(xᵀx)^q·Ω for a random Ω, and the decomposition of the small Qᵀx is taken in full.
 */
import type { Random } from '../random/counter.ts';
import { addScaled, dot } from './matrix.ts';
import { quickSvd, type Svd } from './svd.ts';

/** Directions beyond those wanted, and passes over the matrix that sharpen them: errors of σ are then below 1 % for slow decays. */
const OVERSAMPLING = 10;
const POWER_ITERATIONS = 2;

/**
 * x ≈ Σ_j σ_j u_j v_jᵀ; the part of x that is left has the energy ‖x‖² − Σ σ_j², because u_j u_jᵀ projects x.
 * @param x [rows, cols], row-major; only read
 * @param count of directions wanted, at most min(rows, cols)
 * @throws Error when a value is not finite
 */
export function sampledSvd(x: Float32Array, rows: number, cols: number, count: number, random: Random): Svd {
  const width = Math.min(count + OVERSAMPLING, rows, cols);
  let input: Float64Array = Float64Array.from({ length: cols * width }, () => random.normal());
  let output = orthonormal(timesRight(x, rows, cols, input, width), rows, width);
  for (let i = 0; i < POWER_ITERATIONS; i++) {
    input = orthonormal(timesLeft(x, rows, cols, output, width), cols, width);
    output = orthonormal(timesRight(x, rows, cols, input, width), rows, width);
  }
  // xᵀQ = (Qᵀx)ᵀ, [cols, width].
  const small = quickSvd(timesLeft(x, rows, cols, output, width), cols, width, count);
  const left = new Float64Array(count * rows);
  for (let j = 0; j < count; j++)
    for (let i = 0; i < rows; i++) left[j * rows + i] = dot(output, i * width, small.right, j * width, width);
  return { count, left, values: small.values, right: small.left };
}

/** x · b, [rows, width], of b [cols, width]. */
function timesRight(x: Float32Array, rows: number, cols: number, b: Float64Array, width: number): Float64Array {
  const out = new Float64Array(rows * width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) addScaled(out, i * width, x[i * cols + j] as number, b, j * width, width);
  return out;
}

/** xᵀ · b, [cols, width], of b [rows, width]. */
function timesLeft(x: Float32Array, rows: number, cols: number, b: Float64Array, width: number): Float64Array {
  const out = new Float64Array(cols * width);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++) addScaled(out, j * width, x[i * cols + j] as number, b, i * width, width);
  return out;
}

/** An orthonormal basis of the columns of x [rows, width], from the eigenvectors of their Gram matrix; empty directions stay 0. */
function orthonormal(x: Float64Array, rows: number, width: number): Float64Array {
  const { left, values } = quickSvd(x, rows, width);
  const noise = Number.EPSILON * rows * (values[0] ?? 0);
  const out = new Float64Array(rows * width);
  for (let j = 0; j < width; j++) {
    if ((values[j] as number) <= noise) continue;
    for (let i = 0; i < rows; i++) out[i * width + j] = left[j * rows + i] as number;
  }
  return out;
}
