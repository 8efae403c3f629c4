/** Reads the tensors of a group into memory: parts of them, single ones, or all. */
import { sizeOf } from '../../models/parameter.ts';
import type { TensorPart } from './checkpoint.ts';
import { type Checkpoints, checkPlace, partAt, valuesAt, wholeBase, wholeExpert } from './place-values.ts';
import type { Group, PlannedTensor } from './plan-job.ts';
import type { LoadedSpan } from './run-span.ts';
import { unreadPlaces } from './unread.ts';

/**
 * Decoded inputs of one part of a tensor, all models together. A method holds several copies: with the largest factor that was
 * measured, 6, a merge stays below 200 MB.
 */
export const MAX_PART_BYTES = 32_000_000;
const BYTES_PER_WEIGHT = 4;

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Weights of a tensor that are merged at once. */
export function partWeights({ span, experts }: Pick<Group, 'span' | 'experts'>, partBytes = MAX_PART_BYTES): number {
  if (span !== 'part') return Number.POSITIVE_INFINITY;
  return Math.max(1, Math.floor(partBytes / BYTES_PER_WEIGHT / (experts + 1)));
}

export function* rangesOf(length: number, most: number): Generator<Range> {
  for (let from = 0; from < length; from += most) yield { from, to: Math.min(length, from + most) };
}

interface Opened {
  readonly base: TensorPart | null;
  readonly experts: readonly TensorPart[];
}

/** The tensor's places in the files. @throws StudioError where one is missing or does not fit */
export function openTensor({ making, row }: PlannedTensor, checkpoints: Checkpoints): Opened {
  const open = (place: PlannedTensor['making']['experts'][number]) => {
    const part = partAt(place, checkpoints);
    checkPlace(place, part, row.shape, making.base !== null);
    return part;
  };
  return { base: making.base && open(making.base), experts: making.experts.map(open) };
}

/** Bytes of the files that are read for a tensor. */
export const inputBytes = (tensor: PlannedTensor, checkpoints: Checkpoints): number => {
  const { base, experts } = openTensor(tensor, checkpoints);
  return [...(base ? [base] : []), ...experts].reduce((sum, part) => sum + storedBytes(part), 0);
};

export function storedBytes(part: TensorPart): number {
  if (part.kind === 'stored') return part.end - part.begin;
  if (part.kind === 'gathered' || part.kind === 'rounded') return storedBytes(part.on);
  const { on, down, up, times, magnitude } = part;
  const read = [on, down, up, ...(times ? [times.down, times.up] : []), ...(magnitude ? [magnitude] : [])];
  return read.reduce((sum, each) => sum + storedBytes(each), 0);
}

/** Weights [from, to) of one tensor. */
export async function loadPart(tensor: PlannedTensor, range: Range, checkpoints: Checkpoints): Promise<LoadedSpan> {
  const { making, row } = tensor;
  const parts = openTensor(tensor, checkpoints);
  const length = range.to - range.from;
  const unread = unreadPlaces(tensor);
  const own: Float32Array[] = [];
  for (const [i, place] of making.experts.entries())
    own.push(
      unread.has(place) ? new Float32Array(length) : await valuesAt(place, parts.experts[i] as TensorPart, range),
    );
  const base =
    making.base && parts.base && !unread.has(making.base)
      ? wholeBase(await valuesAt(making.base, parts.base, range), own, length)
      : new Float32Array(length);
  const experts = own.map((values) => wholeExpert(values, base));
  return { start: row.start + range.from, table: [{ ...row, start: 0, length }], values: { base, experts } };
}

/** All tensors of the group as one network. */
export async function loadNetwork({ tensors }: Group, checkpoints: Checkpoints, breathe: () => Promise<void>) {
  const table: { -readonly [K in keyof PlannedTensor['row']]: PlannedTensor['row'][K] }[] = [];
  const loaded: LoadedSpan[] = [];
  let start = 0;
  for (const tensor of tensors) {
    loaded.push(await loadPart(tensor, { from: 0, to: sizeOf(tensor.row.shape) }, checkpoints));
    table.push({ ...tensor.row, start });
    start += tensor.row.length;
    await breathe();
  }
  const joined = (values: (span: LoadedSpan) => Float32Array) => {
    const all = new Float32Array(start);
    for (const [i, span] of loaded.entries()) all.set(values(span), table[i]?.start);
    return all;
  };
  const experts = tensors[0]?.making.experts.map((_, i) => joined(({ values }) => values.experts[i] as Float32Array));
  return { start: 0, table, values: { base: joined(({ values }) => values.base), experts: experts ?? [] } };
}
