/** Arithmetic on weights as they are stored: with SIMD where there is any, in plain typed arrays elsewhere; both give the same bits. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { plainKernels } from './plain.ts';
import { openSimdKernels } from './simd.ts';

/** Little-endian weights; as many bytes as the wanted number of weights takes. */
export interface Row {
  readonly dtype: WeightDtype;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface WeightedRow extends Row {
  readonly weight: number;
}

export interface Sums {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Sums that are infinite or not a number. */
  readonly nonFinite: number;
  /** Finite sums that rounding to the wanted type made infinite. */
  readonly beyond: number;
}

export interface Kernels {
  /** Σ weight · row in float32, in the order of the rows, rounded once to `dtype`; a fresh array. */
  weightedSum(rows: readonly WeightedRow[], count: number, dtype: WeightDtype): Sums;
  /**
   * ⟨row_i, row_j⟩ for i ≤ j, row by row.
   * @param changes the first row is taken off the others, and only these are multiplied
   */
  gram(rows: readonly Row[], count: number, changes: boolean): Float64Array;
}

export const openKernels = async (): Promise<Kernels> => (await openSimdKernels()) ?? plainKernels();
