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
 * A matrix that is read block by block, as often as it is needed: blocks of whole rows, from the first to the last.
 * @param visit told the first row of a block and its values, row-major, which are only valid until it returns
 */
export type RowBlocks = (visit: (row: number, values: Float32Array) => void) => Promise<void>;

/** A matrix in memory, as one block. */
export const inMemory =
  (x: Float32Array): RowBlocks =>
  async (visit) =>
    visit(0, x);

/**
 * x ≈ Σ_j σ_j u_j v_jᵀ; the part of x that is left has the energy ‖x‖² − Σ σ_j², because u_j u_jᵀ projects x.
 * @param x [rows, cols]; read 2 · POWER_ITERATIONS + 2 times
 * @param count of directions wanted, at most min(rows, cols)
 * @throws Error when a value is not finite
 */
export async function sampledSvd(
  x: RowBlocks,
  rows: number,
  cols: number,
  count: number,
  random: Random,
): Promise<Svd> {
  const width = Math.min(count + OVERSAMPLING, rows, cols);
  let input: Float64Array = Float64Array.from({ length: cols * width }, () => random.normal());
  let output = orthonormal(await timesRight(x, rows, cols, input, width), rows, width);
  for (let i = 0; i < POWER_ITERATIONS; i++) {
    input = orthonormal(await timesLeft(x, cols, output, width), cols, width);
    output = orthonormal(await timesRight(x, rows, cols, input, width), rows, width);
  }
  // xᵀQ = (Qᵀx)ᵀ, [cols, width].
  const small = quickSvd(await timesLeft(x, cols, output, width), cols, width, count);
  const left = new Float64Array(count * rows);
  for (let j = 0; j < count; j++)
    for (let i = 0; i < rows; i++) left[j * rows + i] = dot(output, i * width, small.right, j * width, width);
  return { count, left, values: small.values, right: small.left };
}

/** x · b, [rows, width], of b [cols, width]. */
async function timesRight(x: RowBlocks, rows: number, cols: number, b: Float64Array, width: number) {
  const out = new Float64Array(rows * width);
  await x((row, values) => {
    for (let at = 0; at < values.length; at++)
      addScaled(out, (row + Math.floor(at / cols)) * width, values[at] as number, b, (at % cols) * width, width);
  });
  return out;
}

/** xᵀ · b, [cols, width], of b [rows, width]. */
async function timesLeft(x: RowBlocks, cols: number, b: Float64Array, width: number) {
  const out = new Float64Array(cols * width);
  await x((row, values) => {
    for (let at = 0; at < values.length; at++)
      addScaled(out, (at % cols) * width, values[at] as number, b, (row + Math.floor(at / cols)) * width, width);
  });
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
