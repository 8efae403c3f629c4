/** The common space of Decom-Renorm-Merge (Chaichana et al. 2025), where entries of different experts may be compared. */

import { transposed } from '../../core/linalg/matrix.ts';
import { quickSvd } from '../../core/linalg/svd.ts';
import { sortedMagnitudes } from '../../core/stats/order.ts';
import { CANCELLED } from './elect.ts';

/** Directions with a singular value up to this part of the largest are left out, as in the authors' code. */
const SMALLEST = 0.01;

/** Of experts' changes A_i [inner, outer] stacked one below the other: A_i ≈ hats_i · diag(scales_i) · basis. */
export interface Space {
  /** True where the A_i are the transposed changes: they are then stacked side by side. */
  readonly sideways: boolean;
  readonly inner: number;
  readonly outer: number;
  readonly rank: number;
  /** Rows are the common directions, [rank, outer]. */
  readonly basis: Float64Array;
  /** By expert [inner, rank]; columns of length one where there is renormalisation. */
  readonly hats: readonly Float32Array[];
  /** By expert [rank]: σ_j, times the length of the expert's part of u_j where that was made one. */
  readonly scales: readonly Float64Array[];
  /** Of all entries of all hats, ascending. */
  readonly magnitudes: Float32Array;
}

interface Shape {
  readonly rows: number;
  readonly cols: number;
  readonly sideways: boolean;
}

/** @param changes [rows, cols] each */
export function jointSpace(
  changes: readonly Float32Array[],
  { rows, cols, sideways }: Shape,
  renormalise: boolean,
): Space {
  const [inner, outer] = sideways ? [cols, rows] : [rows, cols];
  const experts = changes.length;
  const stacked = new Float64Array(experts * inner * outer);
  for (const [i, change] of changes.entries())
    stacked.set(sideways ? transposed(change, rows, cols) : change, i * inner * outer);
  const { left, values, right } = quickSvd(stacked, experts * inner, outer);
  const floor = SMALLEST * (values[0] ?? 0);
  const kept = values.findIndex((value) => !(value > floor));
  const rank = kept < 0 ? values.length : kept;
  const parts = changes.map((_, i) => partOf(left, values, { inner, rank, from: i * inner, all: experts * inner }));
  const hats = parts.map(({ lengths, columns }) =>
    renormalise ? columns.map((value, at) => over(value, lengths[at % rank] as number)) : columns,
  );
  const all = new Float32Array(experts * inner * rank);
  for (const [i, hat] of hats.entries()) all.set(hat, i * inner * rank);
  return {
    sideways,
    inner,
    outer,
    rank,
    basis: right.subarray(0, rank * outer),
    hats,
    scales: parts.map(({ lengths }) =>
      Float64Array.from(lengths, (length, j) => (values[j] as number) * (renormalise ? length : 1)),
    ),
    magnitudes: sortedMagnitudes(all),
  };
}

/** A direction that an expert does not use stays empty. */
const over = (value: number, length: number) => (length > 0 ? value / length : 0);

interface Cut {
  readonly inner: number;
  readonly rank: number;
  readonly from: number;
  readonly all: number;
}

/** One expert's entries of the first `rank` vectors u_j, as [inner, rank], and the lengths of its columns. */
function partOf(left: Float64Array, values: Float64Array, { inner, rank, from, all }: Cut) {
  const columns = new Float32Array(inner * rank);
  const lengths = new Float64Array(rank);
  const noise = Number.EPSILON * all;
  for (let j = 0; j < rank; j++) {
    let squares = 0;
    for (let k = 0; k < inner; k++) {
      const value = left[j * all + from + k] as number;
      columns[k * rank + j] = value;
      squares += value * value;
    }
    // Rounding noise of the decomposition, enlarged to length one, would be a direction of nobody's.
    const length = Math.sqrt(squares);
    lengths[j] = length * (values[j] as number) > noise * (values[0] as number) ? length : 0;
  }
  return { columns, lengths };
}

/** Halves go to the even neighbour, as Python rounds. */
function roundEven(value: number): number {
  const below = Math.floor(value);
  return value - below === 0.5 ? below + (below % 2) : Math.round(value);
}

/** Every expert's coordinates after trimming: entries of the hats below the k-th smallest are zero, k = N − round(N(1 − ρ)). */
export function trimmed({ hats, scales, magnitudes, rank }: Space, rho: number): readonly Float32Array[] {
  const dropped = magnitudes.length - roundEven(magnitudes.length * (1 - rho));
  const threshold = dropped > 0 ? (magnitudes[dropped - 1] as number) : 0;
  return hats.map((hat, i) => {
    const scale = scales[i] as Float64Array;
    const out = new Float32Array(hat.length);
    for (let at = 0, j = 0; at < hat.length; at++) {
      const value = hat[at] as number;
      if (Math.abs(value) >= threshold) out[at] = value * (scale[j] as number);
      j = j + 1 === rank ? 0 : j + 1;
    }
    return out;
  });
}

/**
 * Sign election as in TIES: entry by entry what has the sign of the sum stays, divided by how many stay; the mean is then the
 * sum of what is returned. Where the sum cancels, the sign that most entries elected.
 */
export function sharesOfElected(rows: readonly Float32Array[]): readonly Float32Array[] {
  const length = rows[0]?.length ?? 0;
  const signs = new Int8Array(length);
  let balance = 0;
  for (let at = 0; at < length; at++) {
    let sum = 0;
    let mass = 0;
    for (const row of rows) {
      const value = row[at] as number;
      sum += value;
      mass += Math.abs(value);
    }
    const sign = Math.abs(sum) > mass * CANCELLED ? Math.sign(sum) : 0;
    signs[at] = sign;
    balance += sign;
  }
  const majority = Math.sign(balance);
  const out = rows.map(() => new Float32Array(length));
  for (let at = 0; at < length; at++) {
    const sign = signs[at] === 0 ? majority : (signs[at] as number);
    let agreeing = 0;
    for (const row of rows) if ((row[at] as number) * sign > 0) agreeing++;
    for (let i = 0; i < rows.length; i++) {
      const value = (rows[i] as Float32Array)[at] as number;
      if (value * sign > 0) (out[i] as Float32Array)[at] = value / agreeing;
    }
  }
  return out;
}
