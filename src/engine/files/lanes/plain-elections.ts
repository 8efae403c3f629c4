/** The same as assembly/elections.ts where WebAssembly has no SIMD: the same numbers in the same order, in typed arrays. */
import { TALLY_BINS } from '../../../core/stats/select.ts';
import { balanceOfSigns, electOntoHost } from '../../../methods/parts/elect.ts';
import type { ElectionKernels, Row, RunCut } from './kernels.ts';
import { decode, encoded } from './plain.ts';

const MAGNITUDE_BITS = 0x7fffffff;
const LOW_BITS = 15;

export const plainElections = (): ElectionKernels => ({
  tally(rows, count, highs) {
    const counts = new Uint32Array(highs.length * TALLY_BINS);
    const changes = changesOf(rows);
    for (const [expert, high] of highs.entries()) {
      const own = counts.subarray(expert * TALLY_BINS, (expert + 1) * TALLY_BINS);
      const patterns = patternsOf(changes.subarray(expert * count, (expert + 1) * count));
      // Every bin is in range: the counters cover all patterns.
      for (const pattern of patterns) {
        const upper = pattern >>> LOW_BITS;
        if (high !== undefined && upper !== high) continue;
        const bin = high === undefined ? upper : pattern & ((1 << LOW_BITS) - 1);
        own[bin] = (own[bin] as number) + 1;
      }
    }
    return counts;
  },
  countEqual(rows, count, limits) {
    const patterns = patternsOf(changesOf(rows));
    return Uint32Array.from(limits, (limit, expert) => {
      let equal = 0;
      for (let i = expert * count; i < (expert + 1) * count; i++) if (patterns[i] === limit) equal++;
      return equal;
    });
  },
  balance: (rows, count, cuts) => balanceOfSigns(trimmed(changesOf(rows), count, cuts), cuts.length),
  elect(rows, count, { cuts, weights, joining: merge, zeroSign, lambda }, dtype) {
    const changes = changesOf(rows);
    const infinite = changes.findIndex((change) => !Number.isFinite(change));
    const [base] = rows;
    const values = base ? decode(base) : new Float32Array(count);
    const merged = encoded(
      electOntoHost(values, trimmed(changes, count, cuts), weights, lambda, { merge, zeroSign }),
      dtype,
    );
    return infinite < 0 ? merged : { ...merged, nonFinite: merged.nonFinite + 1 };
  },
});

/** Of all experts, one after the other. */
function changesOf([base, ...experts]: readonly Row[]): Float32Array<ArrayBuffer> {
  const start = base ? decode(base) : new Float32Array();
  const changes = new Float32Array(experts.length * start.length);
  // In range: all rows have the base's length.
  experts.forEach((row, expert) => {
    const values = decode(row);
    for (let i = 0; i < start.length; i++)
      changes[expert * start.length + i] = (values[i] as number) - (start[i] as number);
  });
  return changes;
}

const patternsOf = (changes: Float32Array): Uint32Array =>
  new Uint32Array(changes.buffer, changes.byteOffset, changes.length).map((bits) => bits & MAGNITUDE_BITS);

function trimmed(changes: Float32Array, count: number, cuts: readonly RunCut[]): Float32Array {
  const patterns = patternsOf(changes);
  return changes.map((change, i) => {
    const { limit, until } = cuts[Math.floor(i / count)] as RunCut;
    const size = patterns[i] as number;
    return size > limit || (size === limit && i % count < until) ? change : 0;
  });
}
