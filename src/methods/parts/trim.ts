/** Trimming: keeping the largest entries of a task vector and zeroing the rest. */
import { countAtMost, kthSmallestMagnitude, sortedMagnitudes } from '../../core/stats/order.ts';
import type { Piece, PlacedParameter } from '../define.ts';

/** What survives in one tensor: entries above `threshold`, and the first `ties` of those that equal it. */
export interface Cut {
  readonly threshold: number;
  readonly ties: number;
  /** Where tensors are seen in parts, instead of `ties`: equals survive up to here, counted in the whole network. */
  readonly until?: number;
}

export const KEEP_ALL: Cut = { threshold: 0, ties: Number.POSITIVE_INFINITY };

/**
 * The official TIES cut, one threshold for all tensors: k = P − ⌊P·density⌋, and what reaches the k-th smallest magnitude
 * stays, ties included. So ⌊P·density⌋ + 1 entries survive; from density 1 on all do.
 * @param runs ascending magnitudes, one run per tensor
 */
export function globalCut(runs: readonly Float32Array[], density: number): Cut {
  const total = runs.reduce((sum, run) => sum + run.length, 0);
  const k = total - Math.floor(total * density);
  if (k <= 0) return KEEP_ALL;
  return { threshold: kthSmallestMagnitude(runs, k), ties: Number.POSITIVE_INFINITY };
}

/**
 * mergekit's cut: exactly ⌊n·density⌋ entries of a tensor of n survive. A tensor so small that this is 0
 * keeps its largest entry.
 * @param run ascending magnitudes of the tensor
 */
export function tensorCut(run: Float32Array, density: number): Cut {
  const kept = Math.max(1, Math.floor(run.length * density));
  const threshold = kept < run.length ? run[run.length - kept] : undefined;
  if (threshold === undefined) return KEEP_ALL;
  return { threshold, ties: kept - (run.length - countAtMost(run, threshold)) };
}

/**
 * Writes the surviving entries of one task vector into `out`, zeros elsewhere. Ties keep the lower index, so that the
 * answer does not depend on how anything was sorted.
 * @param cuts by tensor name
 * @param first place of the values' first one in the whole network
 */
export function trim(
  values: Float32Array,
  tensors: readonly PlacedParameter[],
  cuts: Cuts[number],
  out: Float32Array,
  first = 0,
): void {
  for (const { name, start, length } of tensors) {
    const cut = cuts.get(name);
    if (!cut) throw new Error(`${name}: no trimming threshold was made for this tensor`);
    if (cut.until !== undefined) keepBefore(values, cut.threshold, cut.until - first, start, length, out);
    else if (cut.ties === Number.POSITIVE_INFINITY) keepFrom(values, cut.threshold, start, length, out);
    else keepAbove(values, cut, start, length, out);
  }
}

// Indices are in range in these loops: tensors lie inside their piece.

function keepFrom(values: Float32Array, threshold: number, start: number, length: number, out: Float32Array): void {
  for (let i = start; i < start + length; i++) {
    const value = values[i] as number;
    out[i] = Math.abs(value) >= threshold ? value : 0;
  }
}

function keepAbove(
  values: Float32Array,
  { threshold, ties }: Cut,
  start: number,
  length: number,
  out: Float32Array,
): void {
  let left = ties;
  for (let i = start; i < start + length; i++) {
    const value = values[i] as number;
    const magnitude = Math.abs(value);
    out[i] = magnitude > threshold || (magnitude === threshold && left-- > 0) ? value : 0;
  }
}

function keepBefore(
  values: Float32Array,
  threshold: number,
  until: number,
  start: number,
  length: number,
  out: Float32Array,
): void {
  for (let i = start; i < start + length; i++) {
    const value = values[i] as number;
    const magnitude = Math.abs(value);
    out[i] = magnitude > threshold || (magnitude === threshold && i < until) ? value : 0;
  }
}

/**
 * Of one piece, per expert: its task vector, and the ascending magnitudes of each tensor, sorted when first asked for: a density
 * of 1 needs none. Does not depend on any density.
 */
export interface Survey {
  readonly piece: Piece;
  readonly experts: readonly { readonly values: Float32Array; runs(): readonly Float32Array[] }[];
}

/** Per expert, by tensor name. */
export type Cuts = readonly Pick<ReadonlyMap<string, Cut>, 'get'>[];

/** @param values task vectors of the piece, by expert */
export function surveyOf(piece: Piece, values: readonly Float32Array[]): Survey {
  const runsOf = (vector: Float32Array) =>
    piece.tensors.map(({ start, length }) => sortedMagnitudes(vector.subarray(start, start + length)));
  return { piece, experts: values.map((vector) => ({ values: vector, runs: once(() => runsOf(vector)) })) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Every expert's cuts from the surveys of all pieces: look-ups in what is sorted already. */
export function cutsOf(surveys: readonly Survey[], density: number, scope: 'global' | 'tensor'): Cuts {
  const experts = surveys[0]?.experts.length ?? 0;
  const everything = density >= 1;
  return Array.from({ length: experts }, (_, expert) => {
    if (everything) {
      return new Map(surveys.flatMap(({ piece }) => piece.tensors.map(({ name }) => [name, KEEP_ALL] as const)));
    }
    const tensors = surveys.flatMap(({ piece, experts: surveyed }) =>
      piece.tensors.map(({ name }, index) => ({ name, run: surveyed[expert]?.runs()[index] ?? new Float32Array() })),
    );
    if (scope === 'tensor') return new Map(tensors.map(({ name, run }) => [name, tensorCut(run, density)]));
    const runs = tensors.map(({ run }) => run);
    const cut = globalCut(runs, density);
    return new Map(tensors.map(({ name }) => [name, cut]));
  });
}

/** The surviving changes of all experts, one expert after the other in one array. */
export function trimmedRows(
  values: readonly Float32Array[],
  { start, tensors, length }: Piece,
  cuts: Cuts,
): Float32Array {
  const rows = new Float32Array(values.length * length);
  values.forEach((vector, expert) => {
    trim(vector, tensors, cuts[expert] ?? new Map(), rows.subarray(expert * length, (expert + 1) * length), start);
  });
  return rows;
}
