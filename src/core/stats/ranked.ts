/** Which of many patterns has a rank, without sorting them. */

/** A magnitude of float32 as its bits, which are in the order of the numbers. */
export type Pattern = number;

export interface Ranked {
  readonly pattern: Pattern;
  /** How many numbers have it. */
  readonly equal: number;
  readonly greater: number;
}

/** Of one round of `rankedIn`. */
const BINS = 2 ** 11;

/** Looks at very many patterns. */
export interface Ranks {
  /** How many are in which step of 2^shift from `low` on; all are in one. */
  counts(lists: readonly Uint32Array[], low: Pattern, shift: number, steps: number): Int32Array;
  /** How many are larger. */
  larger(list: Uint32Array, below: Pattern): number;
  /** In their order, both bounds included. @param number how many there are at most */
  between(lists: readonly Uint32Array[], low: Pattern, high: Pattern, number: number): Uint32Array;
}

/** No pattern reaches 2³¹, and engines reckon much faster with numbers that are known to have a sign. */
export const signed = (list: Uint32Array): Int32Array => new Int32Array(list.buffer, list.byteOffset, list.length);

/** In typed arrays. */
export const plainRanks: Ranks = {
  counts(lists, low, shift, steps) {
    const counts = new Int32Array(steps);
    for (const patterns of lists.map(signed))
      for (let i = 0; i < patterns.length; i++) {
        const step = ((patterns[i] as number) - low) >> shift;
        counts[step] = (counts[step] as number) + 1;
      }
    return counts;
  },
  larger(list, below) {
    let found = 0;
    // 1 where the difference is negative.
    for (const pattern of signed(list)) found += (below - pattern) >>> 31;
    return found;
  },
  /** Without branches, which processors foretell wrongly here. */
  between(lists, low, high, number) {
    // One is written before it is known that it is outside.
    const own = new Uint32Array(number + 1);
    const below = (low - 1) | 0;
    const above = (high + 1) | 0;
    let length = 0;
    for (const patterns of lists.map(signed))
      for (let i = 0; i < patterns.length; i++) {
        const pattern = patterns[i] as number;
        own[length] = pattern;
        // 1 where both differences are negative.
        length += ((below - pattern) & (pattern - above)) >>> 31;
      }
    return own.subarray(0, length);
  },
};

interface Group {
  readonly pattern: Pattern;
  readonly count: number;
}

/** The rank-th largest of patterns, all between two bounds, and of groups of equal ones. */
export function rankedIn(
  ranks: Ranks,
  lists: readonly Uint32Array[],
  groups: readonly Group[],
  low: Pattern,
  high: Pattern,
  rank: number,
): Ranked {
  const shift = Math.max(0, Math.ceil(Math.log2((high - low + 1) / BINS)));
  const counts = ranks.counts(lists, low, shift, ((high - low) >> shift) + 1);
  const own = groups.filter(({ pattern, count }) => count > 0 && pattern >= low && pattern <= high);
  const binned = own.map(({ pattern, count }) => ({ pattern: (pattern - low) >> shift, count }));
  const { pattern: bin, equal, greater } = rankedAmong(counts, binned, rank);
  const first = low + bin * 2 ** shift;
  if (shift === 0) return { pattern: first, equal, greater };
  const last = Math.min(high, first + 2 ** shift - 1);
  const within = [ranks.between(lists, first, last, counts[bin] as number)];
  const inner = rankedIn(ranks, within, own, first, last, rank - greater);
  return { ...inner, greater: inner.greater + greater };
}

/** @param counts how many numbers each step has, besides those of the groups; there are at least `rank` */
export function rankedAmong(counts: Int32Array, groups: readonly Group[], rank: number): Ranked {
  let greater = 0;
  for (let step = counts.length - 1; ; step--) {
    let equal = counts[step] as number;
    for (const group of groups) if (group.pattern === step) equal += group.count;
    if (greater + equal >= rank) return { pattern: step, equal, greater };
    greater += equal;
  }
}
