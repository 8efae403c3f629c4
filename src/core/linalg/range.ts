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
  await x((first, values) => {
    for (let at = 0; at < values.length; at += cols) {
      const target = (first + at / cols) * width;
      let j = 0;
      for (; j + 4 <= cols; j += 4) addFour(out, target, values, at + j, 1, b, j * width, width);
      for (; j < cols; j++) addScaled(out, target, values[at + j] as number, b, j * width, width);
    }
  });
  return out;
}

/** xᵀ · b, [cols, width], of b [rows, width]. */
async function timesLeft(x: RowBlocks, cols: number, b: Float64Array, width: number) {
  const out = new Float64Array(cols * width);
  await x((first, values) => {
    const count = values.length / cols;
    let i = 0;
    for (; i + 4 <= count; i += 4)
      for (let j = 0; j < cols; j++) addFour(out, j * width, values, i * cols + j, cols, b, (first + i) * width, width);
    for (; i < count; i++)
      for (let j = 0; j < cols; j++)
        addScaled(out, j * width, values[i * cols + j] as number, b, (first + i) * width, width);
  });
  return out;
}

/** Adds four rows of b, each times a value of x, `step` apart: what they are added to is read and written once for all four. */
function addFour(
  target: Float64Array,
  atTarget: number,
  x: Float32Array,
  at: number,
  step: number,
  b: Float64Array,
  atRow: number,
  width: number,
): void {
  // In range: the callers count in fours.
  const [x0, x1] = [x[at] as number, x[at + step] as number];
  const [x2, x3] = [x[at + 2 * step] as number, x[at + 3 * step] as number];
  const [r1, r2, r3] = [atRow + width, atRow + 2 * width, atRow + 3 * width];
  for (let k = 0; k < width; k++)
    target[atTarget + k] =
      (target[atTarget + k] as number) +
      x0 * (b[atRow + k] as number) +
      x1 * (b[r1 + k] as number) +
      x2 * (b[r2 + k] as number) +
      x3 * (b[r3 + k] as number);
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
