/** The trimming column of the grid of generalised task arithmetic: one row of data per way to make a task vector sparse. */
import { ranksWithin } from '../../core/stats/rank.ts';
import type { Piece } from '../define.ts';
import { farFromMean, largestEnergy, largestPart } from './cuts.ts';
import { keepMask } from './drop.ts';
import { chooseFree } from './exclusive.ts';
import { drawKept, keepProbabilities } from './magprune.ts';
import { blocksOf, keptByRank, type Scope, segmentsOf } from './order.ts';
import { restoreNorm } from './restore.ts';
import { outlierCut } from './tails.ts';

export interface TrimSettings {
  readonly density: number;
  readonly gamma: number;
  readonly epsilon: number;
  readonly factor: number;
  readonly n: number;
  readonly m: number;
  readonly seed: number;
}

interface Untrimmed extends TrimSettings {
  readonly values: Float32Array;
  /** Indices from the largest magnitude to the smallest. */
  readonly order: Uint32Array;
  readonly piece: Piece;
  readonly expert: number;
}

/** What is left, and the probability with which each entry was kept: drawn, or the kept part of all. */
interface Trimmed {
  readonly kept: Float32Array;
  readonly chance: number | Float64Array;
}

/** A cut without chance: every entry counts as kept with the part that was kept. */
function cut(kept: Float32Array, values: Float32Array): Trimmed {
  let before = 0;
  let after = 0;
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0) before++;
    if (kept[i] !== 0) after++;
  }
  return { kept, chance: before > 0 ? after / before : 1 };
}

const masked = (values: Float32Array, keep: Uint8Array) => {
  const out = new Float32Array(values.length);
  for (let i = 0; i < out.length; i++) if (keep[i]) out[i] = values[i] as number;
  return out;
};

const top =
  (scope: Scope) =>
  ({ values, order, piece, density }: Untrimmed) =>
    cut(largestPart(values, order, piece, scope, density), values);

export const TRIMS = {
  none: ({ values }: Untrimmed): Trimmed => ({ kept: values.slice(), chance: 1 }),
  global: top('global'),
  tensor: top('tensor'),
  row: top('row'),
  std: ({ values, factor }: Untrimmed) => cut(farFromMean(values, factor), values),
  energy: ({ values, order, density }: Untrimmed) => cut(largestEnergy(values, order, density), values),
  random: ({ values, piece, expert, density, seed }: Untrimmed): Trimmed => ({
    kept: masked(values, keepMask(seed, expert, piece.start, piece.length, 1 - density)),
    chance: density,
  }),
  magprune({ values, order, piece, expert, density, epsilon, seed }: Untrimmed): Trimmed {
    const rows = segmentsOf(piece, 'row');
    const chance = keepProbabilities(ranksWithin(order, rows.of, rows.lengths.length), rows, density, epsilon);
    return { kept: masked(values, drawKept(seed, expert, piece.start, chance)), chance };
  },
  tails: ({ values, order, piece, density, gamma }: Untrimmed) =>
    cut(keptByRank(values, order, segmentsOf(piece, 'tensor'), outlierCut(density, gamma)), values),
  blocks({ values, order, piece, n, m }: Untrimmed) {
    const blocks = blocksOf(piece, m);
    const quotas = Uint32Array.from(blocks.lengths, (length) => Math.min(length, Math.ceil((length * n) / m)));
    return cut(chooseFree(values, order, blocks, quotas, undefined), values);
  },
} as const;

export type TrimName = keyof typeof TRIMS;

/** 'expected': survivors are divided by their chance to be kept; a norm: each tensor's is restored. */
export type GridRescale = 'none' | 'expected' | 'l1' | 'l2' | 'linf';

/** One task vector, trimmed and rescaled. */
export function trimmedBy(name: TrimName, rescale: GridRescale, given: Untrimmed): Float32Array {
  const { kept, chance } = TRIMS[name](given);
  if (rescale !== 'expected') restoreNorm(kept, given.values, rescale, given.piece.tensors);
  else if (typeof chance !== 'number') return kept.map((value, i) => (value === 0 ? 0 : value / (chance[i] as number)));
  else if (chance > 0) return kept.map((value) => value / chance);
  return kept;
}

export const TRIM_OPTIONS = [
  { value: 'none', name: 'none', help: 'All changes stay.' },
  { value: 'global', name: 'top K, network', help: 'The largest of the whole network, as TIES.' },
  { value: 'tensor', name: 'top K, tensor', help: 'The largest of each tensor, as mergekit’s TIES.' },
  { value: 'row', name: 'top K, row', help: 'The largest of each row.' },
  { value: 'std', name: 'far from mean', help: 'What differs from the mean change by f standard deviations.' },
  { value: 'energy', name: 'energy', help: 'The fewest entries that hold the part K of the squared length.' },
  { value: 'random', name: 'random', help: 'Each change stays with probability K, as DARE.' },
  { value: 'magprune', name: 'random by rank', help: 'Larger changes are more likely to stay, as DELLA.' },
  { value: 'tails', name: 'top and tail', help: 'The few largest go as well as the small ones, as Breadcrumbs.' },
  { value: 'blocks', name: 'n of m', help: 'The largest n of every m neighbours, as the balanced half of CABS.' },
] as const;
