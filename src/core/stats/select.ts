/** The k-th smallest magnitude of numbers that are seen in parts, exact, by counting them twice. */

/** A float32 without its sign has 31 bits: the first count goes by the upper 16, the second by the lower 15. */
const LOW_BITS = 15;
const MAGNITUDE_BITS = 0x7fffffff;
/** Of the first count; the second one has half as many. */
const TALLY_BINS = 2 ** 16;

export interface Selected {
  readonly value: number;
  /** How many numbers have that magnitude. */
  readonly equal: number;
  readonly greater: number;
}

/** Counts of float32 magnitudes: all numbers are added once, then `narrow` is called, then all are added again. */
export class MagnitudeSelect {
  /** Numbers that were added before `narrow`. */
  total = 0;
  // Doubles, because a bin of a large network may hold more than 2³² numbers.
  #counts = new Float64Array(TALLY_BINS);
  #high: number | undefined;
  /** Wanted, counted from 1 within the numbers that share the upper bits. */
  #rank = 0;
  #greater = 0;

  /** @param values finite numbers */
  add(values: Float32Array): void {
    const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const counts = this.#counts;
    // Every bin is in range: the counts cover all patterns.
    if (this.#high === undefined) {
      this.total += values.length;
      for (let i = 0; i < patterns.length; i++) {
        const bin = ((patterns[i] as number) & MAGNITUDE_BITS) >>> LOW_BITS;
        counts[bin] = (counts[bin] as number) + 1;
      }
      return;
    }
    const high = this.#high;
    for (let i = 0; i < patterns.length; i++) {
      const pattern = (patterns[i] as number) & MAGNITUDE_BITS;
      if (pattern >>> LOW_BITS !== high) continue;
      const bin = pattern & ((1 << LOW_BITS) - 1);
      counts[bin] = (counts[bin] as number) + 1;
    }
  }

  /** @param rank which magnitude is wanted, 1 … total, from the smallest */
  narrow(rank: number): void {
    const { bin, within, above } = find(this.#counts, rank);
    this.#high = bin;
    this.#rank = within;
    this.#greater = above;
    this.#counts = new Float64Array(1 << LOW_BITS);
  }

  result(): Selected {
    if (this.#high === undefined) throw new Error('MagnitudeSelect: its numbers were counted only once');
    const { bin, above } = find(this.#counts, this.#rank);
    const value = new Float32Array(Uint32Array.of((this.#high << LOW_BITS) | bin).buffer)[0] as number;
    return { value, equal: this.#counts[bin] as number, greater: this.#greater + above };
  }
}

/** The bin that holds the rank-th number, its rank there, and how many numbers are in later bins. */
function find(counts: Float64Array, rank: number): { bin: number; within: number; above: number } {
  let below = 0;
  let bin = 0;
  while (bin < counts.length - 1 && below + (counts[bin] as number) < rank) below += counts[bin++] as number;
  let above = 0;
  for (let later = bin + 1; later < counts.length; later++) above += counts[later] as number;
  return { bin, within: rank - below, above };
}
