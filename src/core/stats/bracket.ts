/**
 * The k-th largest of very many magnitudes, exact, and mostly in one look at them: a sample says between which two bounds it must lie, and
 * then only the few numbers between these are collected. Where the sample was wrong, the bounds move and all are looked at once more.
 */
import { type Pattern, plainRanks, type Ranked, type Ranks, rankedAmong, rankedIn, signed } from './ranked.ts';

export const LARGEST_FINITE: Pattern = 0x7f7fffff;
/** No magnitude has this pattern. */
const NO_PATTERN: Pattern = -1;

/** Where the wanted magnitude is looked for, both bounds included. */
export interface Bounds {
  readonly low: Pattern;
  readonly high: Pattern;
  /** Magnitudes between them that very many numbers have, as those of coarse numbers do: they are only counted. */
  readonly heavy: readonly [Pattern, Pattern];
}

/** What a part of the numbers holds. */
export interface Found {
  /** Larger than both bounds. */
  readonly above: number;
  readonly heavy: readonly [number, number];
  /** All others between the bounds, in their order. */
  readonly others: Uint32Array<ArrayBuffer>;
  /** How many of these there are up to the end of each block of the part. */
  readonly ends: Uint32Array;
}

/** How far from its expected place in the sample the wanted magnitude may be, in standard deviations. */
const SPREAD = 3.5;
/** After a miss the bounds reach so many times farther. */
const WIDER = 4;
/** Numbers that are collected before they are counted instead, and counters for them. */
const MOST_COLLECTED = 2 ** 20;
/** Of a sample: 32 bins for each power of two. */
const FINE_SHIFT = 18;
const FINE_BINS = 2 ** 13;
/** Parts of a sample that are compared, each of at least so many numbers. */
const PARTS = 32;
const PART = 64;

export class BracketSelect {
  readonly #sample: Uint32Array;
  readonly #total: number;
  readonly #rank: number;
  readonly #ranks: Ranks;
  /** How many of the sample are in which bin. */
  readonly #fine: Int32Array;
  /** Standard deviation of the wanted magnitude's place in the sample. */
  readonly #deviation: number;
  #spread = SPREAD;
  #bounds: Bounds;
  #above = 0;
  #heavy: [number, number] = [0, 0];
  #lists: Uint32Array[] = [];
  #listed = 0;
  /** Counters of numbers between the bounds, in steps of 2^shift, where there are too many to be kept. */
  #counted: { readonly counts: Int32Array; readonly shift: number } | undefined;

  /**
   * @param sample patterns of some of the numbers, in their order: neighbours may be alike
   * @param total how many numbers there are
   * @param rank which one is wanted, 1 … total, from the largest
   */
  constructor(sample: Uint32Array, total: number, rank: number, ranks: Ranks = plainRanks) {
    this.#sample = sample;
    this.#total = total;
    this.#rank = rank;
    this.#ranks = ranks;
    this.#fine = ranks.counts([sample], 0, FINE_SHIFT, FINE_BINS);
    this.#deviation = deviationOf(ranks, sample, this.#fine, rank / total);
    this.#bounds = this.#boundsOf(0, LARGEST_FINITE);
  }

  get bounds(): Bounds {
    return this.#bounds;
  }

  /** The share of all numbers that is expected between the bounds. */
  get share(): number {
    return Math.min(1, (2 * this.#away()) / this.#sample.length);
  }

  /** A part of the numbers, as it was found with these bounds. */
  add({ above, heavy, others }: Omit<Found, 'ends'>): void {
    this.#above += above;
    this.#heavy = [this.#heavy[0] + heavy[0], this.#heavy[1] + heavy[1]];
    this.#listed += others.length;
    this.#lists.push(others);
    if (this.#listed <= MOST_COLLECTED && !this.#counted) return;
    for (const list of this.#lists) this.#count(list);
    this.#lists = [];
  }

  /** All parts were added. @returns undefined when they have to be looked at once more, with new bounds */
  conclude(): Ranked | undefined {
    const { low, high, heavy } = this.#bounds;
    const within = this.#heavy[0] + this.#heavy[1] + this.#listed;
    const rank = this.#rank - this.#above;
    if (rank < 1) return this.#again(high + 1, LARGEST_FINITE);
    if (rank > within) return this.#again(0, low - 1);
    const groups = heavy.map((pattern, i) => ({ pattern, count: this.#heavy[i] as number }));
    if (!this.#counted) return this.#ranked(rankedIn(this.#ranks, this.#lists, groups, low, high, rank));
    const { counts, shift } = this.#counted;
    const steps = groups.map(({ pattern, count }) => ({ pattern: (pattern - low) >> shift, count }));
    const { pattern: step, equal, greater } = rankedAmong(counts, steps, rank);
    const first = low + step * 2 ** shift;
    if (shift === 0) return this.#ranked({ pattern: first, equal, greater });
    return this.#again(first, Math.min(high, first + 2 ** shift - 1));
  }

  #ranked({ pattern, equal, greater }: Ranked): Ranked {
    return { pattern, equal, greater: greater + this.#above };
  }

  /** @param low within these bounds the wanted one lies, for certain @param high see low */
  #again(low: Pattern, high: Pattern): undefined {
    this.#spread *= WIDER;
    this.#bounds = this.#boundsOf(low, high);
    this.#above = 0;
    this.#heavy = [0, 0];
    this.#lists = [];
    this.#listed = 0;
    this.#counted = undefined;
  }

  #boundsOf(least: Pattern, most: Pattern): Bounds {
    const { length } = this.#sample;
    const away = this.#away();
    const at = (this.#rank / this.#total) * length;
    const [first, last] = [Math.floor(at - away), Math.ceil(at + away)];
    const { values, greater } = this.#around(Math.max(1, first), Math.min(length, last));
    const ranked = (rank: number) => (rank < 1 ? undefined : values[values.length - (rank - greater)]);
    const low = Math.max(least, ranked(last) ?? 0);
    const high = Math.min(most, ranked(first) ?? LARGEST_FINITE);
    // Where the sample leaves nothing, it is of no use any more.
    const bounds = low <= high ? { low, high } : { low: least, high: most };
    return { ...bounds, heavy: heavyIn(values, bounds, 2 * away) };
  }

  /** How far from its expected place in the sample a bound is. */
  #away(): number {
    return this.#spread * this.#deviation + 1;
  }

  /** In ascending order, the sample's numbers from one rank to another, counted from the largest, and some around; how many are greater. */
  #around(first: number, last: number): { values: Uint32Array; greater: number } {
    const countIn = (bin: number) => this.#fine[bin] ?? 0;
    let to = FINE_BINS - 1;
    let greater = 0;
    for (; to > 0 && greater + countIn(to) < first; to--) greater += countIn(to);
    let from = to;
    let number = countIn(from);
    for (; from > 0 && greater + number < last; number += countIn(from)) from--;
    const low = from * 2 ** FINE_SHIFT;
    const values = this.#ranks.between([this.#sample], low, (to + 1) * 2 ** FINE_SHIFT - 1, number);
    return { values: values.sort(), greater };
  }

  #count(list: Uint32Array): void {
    const { low, high } = this.#bounds;
    if (!this.#counted) {
      const shift = Math.max(0, Math.ceil(Math.log2((high - low + 1) / MOST_COLLECTED)));
      this.#counted = { counts: new Int32Array(((high - low) >> shift) + 1), shift };
    }
    const { counts, shift } = this.#counted;
    // In range: all are between the bounds.
    for (const pattern of signed(list)) {
      const step = (pattern - low) >> shift;
      counts[step] = (counts[step] as number) + 1;
    }
  }
}

/**
 * Of how many of a sample are larger than what a share of all numbers exceeds: that of independent draws, or what its parts say where
 * these differ more, as rows of a matrix do.
 */
function deviationOf(ranks: Ranks, sample: Uint32Array, counts: Int32Array, share: number): number {
  const { length } = sample;
  const independent = Math.sqrt(length * share * (1 - share));
  const size = Math.floor(length / PARTS);
  if (size < PART) return independent;
  let bin = FINE_BINS - 1;
  for (let larger = 0; bin > 0 && larger + (counts[bin] as number) < share * length; bin--)
    larger += counts[bin] as number;
  const below = bin * 2 ** FINE_SHIFT - 1;
  let sum = 0;
  let squares = 0;
  for (let part = 0; part < PARTS; part++) {
    const larger = ranks.larger(sample.subarray(part * size, (part + 1) * size), below);
    sum += larger;
    squares += larger * larger;
  }
  const variance = (squares - (sum * sum) / PARTS) / (PARTS - 1);
  return Math.max(independent, Math.sqrt(PARTS * variance));
}

/**
 * Those between the bounds that the sample holds at least so often; there are no more than two, for so many are between the bounds.
 * @param values of the sample, in ascending order
 */
function heavyIn(values: Uint32Array, { low, high }: { low: Pattern; high: Pattern }, often: number): Bounds['heavy'] {
  const groups: { pattern: Pattern; count: number }[] = [];
  for (let from = 0; from < values.length; ) {
    const pattern = values[from] as number;
    let to = from + 1;
    while (values[to] === pattern) to++;
    if (to - from >= often && pattern >= low && pattern <= high) groups.push({ pattern, count: to - from });
    from = to;
  }
  const [first, second] = groups.sort((a, b) => b.count - a.count);
  return [first?.pattern ?? NO_PATTERN, second?.pattern ?? NO_PATTERN];
}
