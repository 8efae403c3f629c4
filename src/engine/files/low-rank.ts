/** The change of a low-rank adapter, ΔW = scale · up · down, of some elements of a tensor. */
import type { AdaptedPart } from './checkpoint.ts';

/** Row-major. */
export interface Factors {
  /** [rank, in]. */
  readonly down: Float32Array;
  /** [out, rank]; where the change is not turned, only rows from `firstRow` on. */
  readonly up: Float32Array;
  readonly firstRow: number;
  readonly rank: number;
  readonly scale: number;
}

/** How many rows and columns the tensor has as a matrix: all sides but the first belong to the columns. */
export function matrixOf(shape: readonly number[]): { rows: number; cols: number } {
  const [rows = 1, ...rest] = shape;
  return { rows, cols: rest.reduce((product, side) => product * side, 1) };
}

/**
 * Adds scale · up · down to elements from `from` on, in place; products are summed in float64.
 * @param values those elements of the tensor, flat
 */
export function lowRankRows(
  { shape, turned }: Pick<AdaptedPart, 'shape' | 'turned'>,
  { down, up, firstRow, rank, scale }: Factors,
  from: number,
  values: Float32Array,
): void {
  const { cols } = matrixOf(shape);
  // ΔW = left · right, with element (row, k) of left at row · step + k · stride.
  const right = turned ? columnsFirst(up, cols, rank) : down;
  const left = turned ? down : up;
  const [step, stride] = turned ? [1, left.length / Math.max(rank, 1)] : [rank, 1];
  const sums = new Float64Array(cols);
  for (let at = 0; at < values.length; ) {
    const row = Math.floor((from + at) / cols) - firstRow;
    const first = (from + at) % cols;
    const count = Math.min(cols - first, values.length - at);
    sums.fill(0, first, first + count);
    for (let k = 0; k < rank; k++) {
      const factor = left[row * step + k * stride] as number;
      if (factor === 0) continue;
      for (let j = first, other = k * cols + first; j < first + count; j++, other++)
        sums[j] = (sums[j] as number) + factor * (right[other] as number);
    }
    for (let j = 0; j < count; j++) values[at + j] = (values[at + j] as number) + scale * (sums[first + j] as number);
    at += count;
  }
}

/** xᵀ [cols, rows] of x [rows, cols]. */
function columnsFirst(x: Float32Array, rows: number, cols: number): Float32Array {
  const turned = new Float32Array(x.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) turned[j * rows + i] = x[i * cols + j] as number;
  return turned;
}
