/** The same as assembly/elections.ts where WebAssembly has no SIMD: the same float32 numbers in the same order, in typed arrays. */
import type { Bounds, Found } from '../../../core/stats/bracket.ts';
import { BLOCK, bytesOf, type ElectionKernels, outputIn, type Row, type RunCut, type RunElection } from './kernels.ts';
import { decode, encoded } from './plain.ts';

const MAGNITUDE_BITS = 0x7fffffff;
const INFINITY_BITS = 0x7f800000;
/** Changes cancel when |Σ wτ| is at most this part of Σ |wτ|; the same in src/methods/parts/elect.ts. */
const CANCELLED = 2 ** -21;
/** A sum of agreeing weights below this does not divide. */
const SMALLEST_DIVISOR = Math.fround(1e-8);

const { fround } = Math;

export const plainElections = (): ElectionKernels => ({
  magnitudes: (rows, count) => patternsOf(changesOf(rows, count)),
  bracket(rows, count, bounds) {
    const patterns = patternsOf(changesOf(rows, count));
    if (patterns.some((pattern) => pattern >= INFINITY_BITS)) return undefined;
    return bounds.map((one, expert) => foundIn(patterns.subarray(expert * count, (expert + 1) * count), one));
  },
  balance(rows, count, cuts) {
    const changes = trimmed(changesOf(rows, count), count, cuts);
    let votes = 0;
    for (let i = 0; i < count; i++) {
      const { sum, mass } = sumsAt(changes, count, i, new Float32Array(cuts.length).fill(1));
      const least = fround(mass * CANCELLED);
      if (sum > least) votes++;
      else if (sum < -least) votes--;
    }
    return votes;
  },
  elect(rows, count, election, dtype, room) {
    const changes = changesOf(rows, count);
    const infinite = changes.some((change) => change - change !== 0);
    const [base] = rows;
    const values = base ? decode(base.dtype, bytesOf(base, count)) : new Float32Array(count);
    const kept = trimmed(changes, count, election.cuts);
    const weights = Float32Array.from(election.weights);
    const lambda = fround(election.lambda);
    for (let i = 0; i < count; i++) {
      const step = fround(lambda * changeAt(kept, count, i, weights, election));
      if (step !== 0) values[i] = (values[i] as number) + step;
    }
    const merged = encoded(values, dtype, outputIn(room, count, dtype));
    return infinite ? { ...merged, nonFinite: merged.nonFinite + 1 } : merged;
  },
});

function foundIn(patterns: Uint32Array, { low, high, heavy }: Bounds): Found {
  const count = (wanted: number) => patterns.reduce((sum, pattern) => sum + Number(pattern === wanted), 0);
  const isOther = (pattern: number) => pattern >= low && pattern <= high && !heavy.includes(pattern);
  return {
    above: patterns.reduce((sum, pattern) => sum + Number(pattern > high), 0),
    heavy: [count(heavy[0]), count(heavy[1])],
    others: patterns.filter(isOther),
    ends: endsOf(patterns, isOther),
  };
}

function endsOf(patterns: Uint32Array, isOther: (pattern: number) => boolean): Uint32Array {
  const ends = new Uint32Array(Math.ceil(patterns.length / BLOCK));
  let found = 0;
  for (const [i, pattern] of patterns.entries()) {
    if (isOther(pattern)) found++;
    ends[Math.floor(i / BLOCK)] = found;
  }
  return ends;
}

/** Over the experts at one weight; see SUMS in assembly/elections.ts. */
function sumsAt(changes: Float32Array, count: number, i: number, weights: Float32Array) {
  let sum = 0;
  let mass = 0;
  let used = 0;
  let signed = 0;
  let highest = 0;
  let lowest = 0;
  // In range: the changes of all experts are there.
  for (let expert = 0; expert < weights.length; expert++) {
    const weight = weights[expert] as number;
    const value = fround(weight * (changes[expert * count + i] as number));
    sum = fround(sum + value);
    mass = fround(mass + Math.abs(value));
    highest = Math.max(highest, value);
    lowest = Math.min(lowest, value);
    if (value === 0) continue;
    used = fround(used + weight);
    signed = fround(signed + (value < 0 ? -weight : weight));
  }
  return { sum, mass, used, signed, highest, lowest };
}

function changeAt(
  changes: Float32Array,
  count: number,
  i: number,
  weights: Float32Array,
  { joining, zeroSign }: RunElection,
): number {
  const { sum, mass, used, signed, highest, lowest } = sumsAt(changes, count, i, weights);
  const least = fround(mass * CANCELLED);
  const sign = sum > least ? 1 : sum < -least ? -1 : zeroSign;
  if (sign === 0) return 0;
  if (joining === 'max') return sign > 0 ? highest : lowest;
  const total = fround(fround(sign * mass + sum) / 2);
  if (joining === 'sum') return total;
  const divisor = fround(fround(used + sign * signed) / 2);
  return fround(total / (Math.abs(divisor) >= SMALLEST_DIVISOR ? divisor : 1));
}

/** Of all experts, one after the other. */
function changesOf([base, ...experts]: readonly Row[], count: number): Float32Array<ArrayBuffer> {
  const start = base ? decode(base.dtype, bytesOf(base, count)) : new Float32Array(count);
  const changes = new Float32Array(experts.length * count);
  // In range: all rows have the base's length.
  experts.forEach((row, expert) => {
    const values = decode(row.dtype, bytesOf(row, count));
    for (let i = 0; i < count; i++) changes[expert * count + i] = (values[i] as number) - (start[i] as number);
  });
  return changes;
}

const patternsOf = (changes: Float32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> =>
  new Uint32Array(changes.buffer, changes.byteOffset, changes.length).map((bits) => bits & MAGNITUDE_BITS);

function trimmed(changes: Float32Array<ArrayBuffer>, count: number, cuts: readonly RunCut[]): Float32Array {
  const patterns = patternsOf(changes);
  return changes.map((change, i) => {
    const { limit, until } = cuts[Math.floor(i / count)] as RunCut;
    const size = patterns[i] as number;
    return size > limit || (size === limit && i % count < until) ? change : 0;
  });
}
