/** Arithmetic on weights as they are stored: with SIMD where there is any, in plain typed arrays elsewhere; both give the same bits. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { plainKernels } from './plain.ts';
import { plainElections } from './plain-elections.ts';
import { openSimdKernels } from './simd.ts';
import { openSimdElections } from './simd-elections.ts';

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

export interface WeightKernels {
  /** Σ weight · row in float32, in the order of the rows, rounded once to `dtype`; a fresh array. */
  weightedSum(rows: readonly WeightedRow[], count: number, dtype: WeightDtype): Sums;
  /**
   * ⟨row_i, row_j⟩ for i ≤ j, row by row.
   * @param changes the first row is taken off the others, and only these are multiplied
   */
  gram(rows: readonly Row[], count: number, changes: boolean): Float64Array<ArrayBuffer>;
}

/** A magnitude of float32 as its pattern, which is in the order of the numbers: all bits but the sign's. */
export type Pattern = number;

/** Which changes of one expert stay: larger ones, and those of that very magnitude before a place in the run. */
export interface RunCut {
  readonly limit: Pattern;
  readonly until: number;
}

export interface RunElection {
  readonly cuts: readonly RunCut[];
  readonly weights: readonly number[];
  readonly joining: 'mean' | 'sum' | 'max';
  readonly zeroSign: -1 | 0 | 1;
  readonly lambda: number;
}

/** Of trimmed elections: the first row is the base, and what is counted are the experts' changes from it. */
export interface ElectionKernels {
  /**
   * How many changes have which upper 16 bits of their pattern or, of experts with a `high`, how many with these upper bits have which
   * lower 15; TALLY_BINS counters for each expert.
   */
  tally(rows: readonly Row[], count: number, highs: readonly (number | undefined)[]): Uint32Array<ArrayBuffer>;
  /** How many changes of each expert have exactly these magnitudes. */
  countEqual(rows: readonly Row[], count: number, limits: readonly Pattern[]): Uint32Array<ArrayBuffer>;
  /** How many weights elect +, less those that elect −, where all experts have the same say. */
  balance(rows: readonly Row[], count: number, cuts: readonly RunCut[]): number;
  /** θ₀ + λ·m, rounded once to float32 and once to `dtype`. Changes that are not finite count as sums that are not. */
  elect(rows: readonly Row[], count: number, election: RunElection, dtype: WeightDtype): Sums;
}

export type Kernels = WeightKernels & ElectionKernels;

export async function openKernels(): Promise<Kernels> {
  const [weights, elections] = await Promise.all([openSimdKernels(), openSimdElections()]);
  return { ...(weights ?? plainKernels()), ...(elections ?? plainElections()) };
}
