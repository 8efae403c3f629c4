/** Arithmetic on weights as they are stored: with SIMD where there is any, in plain typed arrays elsewhere; both give the same bits. */
import type { Bounds, Found } from '../../../core/stats/bracket.ts';
import type { Pattern } from '../../../core/stats/ranked.ts';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { plainKernels } from './plain.ts';
import { plainElections } from './plain-elections.ts';
import { openSimdKernels } from './simd.ts';
import { openSimdElections } from './simd-elections.ts';

/** Little-endian weights that are copied piece by piece to where they are worked on. */
export interface Row {
  readonly dtype: WeightDtype;
  /** @param at byte of the row @param into is filled */
  copy(at: number, into: Uint8Array): void;
}

export interface WeightedRow extends Row {
  readonly weight: number;
}

/** A row in memory. */
export const rowOf = (dtype: WeightDtype, bytes: Uint8Array): Row => ({
  dtype,
  copy(at, into) {
    if (at + into.length > bytes.length)
      throw new Error(`a row has ${bytes.length} bytes of ${dtype}, and ${at + into.length} are wanted`);
    into.set(bytes.subarray(at, at + into.length));
  },
});

/** The first weights of a row. */
export function bytesOf({ dtype, copy }: Row, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * WIDTH[dtype]);
  copy(0, bytes);
  return bytes;
}

export interface Sums {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Sums that are infinite or not a number. */
  readonly nonFinite: number;
  /** Finite sums that rounding to the wanted type made infinite. */
  readonly beyond: number;
}

/** Where merged weights go; large enough. A fresh one is taken where it is left out. */
export type Room = ArrayBuffer | undefined;

export interface WeightKernels {
  /** Σ weight · row in float32, in the order of the rows, rounded once to `dtype`. */
  weightedSum(rows: readonly WeightedRow[], count: number, dtype: WeightDtype, room?: Room): Sums;
  /**
   * ⟨row_i, row_j⟩ for i ≤ j, row by row.
   * @param changes the first row is taken off the others, and only these are multiplied
   */
  gram(rows: readonly Row[], count: number, changes: boolean): Float64Array<ArrayBuffer>;
}

/** Which changes of one expert stay: larger ones, and those of that very magnitude before a place in the run. */
export interface RunCut {
  readonly limit: Pattern;
  readonly until: number;
}

export interface Voting {
  readonly weights: readonly number[];
  readonly joining: 'mean' | 'sum' | 'max';
  readonly zeroSign: -1 | 0 | 1;
  readonly lambda: number;
}

export interface RunElection extends Voting {
  readonly cuts: readonly RunCut[];
}

/** Of which weights trimming has not decided yet: where they are in the run, and what is stored of them. */
export interface Undecided {
  readonly places: Uint32Array<ArrayBuffer>;
  /** For each row. */
  readonly rows: readonly { readonly dtype: WeightDtype; readonly bytes: Uint8Array<ArrayBuffer> }[];
}

export interface Decided extends Sums {
  /** Of each expert, how many changes are larger than both bounds. */
  readonly above: readonly number[];
  /** At these places the merge is 1 so far. */
  readonly undecided: Undecided;
}

export interface Deciding extends Voting {
  /** Above zero. */
  readonly bounds: readonly Bounds[];
  readonly joining: 'mean' | 'sum';
}

/** With more than one of so many weights undecided, it is faster to look at all of them first. */
export const MOST_UNDECIDED = 8;

/** Weights of a block, of which is told where what was found in it ends. */
export const BLOCK = 1024;

/** Beside the bounds of each expert; undefined where a change is not finite. */
export type Bracketed = readonly Found[] | undefined;

/** Of trimmed elections: the first row is the base, and what is looked at are the experts' changes from it. */
export interface ElectionKernels {
  /** |change| of all experts, one expert after the other. */
  magnitudes(rows: readonly Row[], count: number): Uint32Array<ArrayBuffer>;
  /** What of each expert's changes lies above and within bounds. */
  bracket(rows: readonly Row[], count: number, bounds: readonly Bounds[]): Bracketed;
  /** How many weights elect +, less those that elect −, where all experts have the same say. */
  balance(rows: readonly Row[], count: number, cuts: readonly RunCut[]): number;
  /** θ₀ + λ·m in float32, rounded once to `dtype`. Changes that are not finite count as sums that are not. */
  elect(rows: readonly Row[], count: number, election: RunElection, dtype: WeightDtype, room?: Room): Sums;
  /**
   * The same before thresholds are known: changes below an expert's bounds go, those above stay, and weights of which one lies between
   * them are left.
   * @returns undefined where these are more than a MOST_UNDECIDED-th
   */
  decide(rows: readonly Row[], count: number, deciding: Deciding, dtype: WeightDtype, room?: Room): Decided | undefined;
}

export type Kernels = WeightKernels & ElectionKernels;

export async function openKernels(): Promise<Kernels> {
  const [weights, elections] = await Promise.all([openSimdKernels(), openSimdElections()]);
  return { ...(weights ?? plainKernels()), ...(elections ?? plainElections()) };
}

/** Of so many weights, in that room. */
export const outputIn = (room: Room, count: number, dtype: WeightDtype): Uint8Array<ArrayBuffer> =>
  room ? new Uint8Array(room, 0, count * WIDTH[dtype]) : new Uint8Array(count * WIDTH[dtype]);
