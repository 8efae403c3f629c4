/** The same as assembly/elections.ts where WebAssembly has no SIMD: the same float32 numbers in the same order, in typed arrays. */
import type { Bounds, Found } from '../../../core/stats/bracket.ts';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import {
  BLOCK,
  bytesOf,
  type ElectionKernels,
  MOST_UNDECIDED,
  outputIn,
  type Row,
  type RunCut,
  type Sums,
  type Voting,
} from './kernels.ts';
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
  elect(rows, count, { cuts, ...voting }, dtype, room) {
    const changes = changesOf(rows, count);
    const kept = trimmed(changes, count, cuts);
    return merged(startOf(rows, count), kept, changes, voting, dtype, outputIn(room, count, dtype));
  },
  decide(rows, count, { bounds, ...voting }, dtype, room) {
    const changes = changesOf(rows, count);
    const patterns = patternsOf(changes);
    const isOpen = (pattern: number, { low, high }: (typeof bounds)[number]) => pattern >= low && pattern <= high;
    const places = Uint32Array.from({ length: count }, (_, i) => i).filter((i) =>
      bounds.some((one, expert) => isOpen(patterns[expert * count + i] as number, one)),
    );
    if (places.length > count / MOST_UNDECIDED) return undefined;
    const start = startOf(rows, count);
    const cuts = bounds.map(({ low }) => ({ limit: low, until: count }));
    const kept = trimmed(changes, count, cuts);
    for (const place of places) {
      start[place] = 1;
      for (let at = place; at < kept.length; at += count) kept[at] = 0;
    }
    const above = bounds.map(({ high }, expert) =>
      patterns.subarray(expert * count, (expert + 1) * count).reduce((sum, size) => sum + Number(size > high), 0),
    );
    const undecided = { places, rows: rows.map((row) => valuesAt(row, count, places)) };
    return { ...merged(start, kept, changes, voting, dtype, outputIn(room, count, dtype)), above, undecided };
  },
});

function valuesAt({ dtype, copy }: Row, count: number, places: Uint32Array) {
  const width = WIDTH[dtype];
  const all = bytesOf({ dtype, copy }, count);
  const bytes = new Uint8Array(places.length * width);
  places.forEach((place, i) => {
    bytes.set(all.subarray(place * width, (place + 1) * width), i * width);
  });
  return { dtype, bytes };
}

/** @param values of the base @param kept changes after trimming @param changes all of them */
function merged(
  values: Float32Array<ArrayBuffer>,
  kept: Float32Array,
  changes: Float32Array,
  voting: Voting,
  dtype: WeightDtype,
  room: Uint8Array<ArrayBuffer>,
): Sums {
  const weights = Float32Array.from(voting.weights);
  const lambda = fround(voting.lambda);
  for (let i = 0; i < values.length; i++) {
    const step = fround(lambda * changeAt(kept, values.length, i, weights, voting));
    if (step !== 0) values[i] = (values[i] as number) + step;
  }
  const sums = encoded(values, dtype, room);
  const infinite = changes.some((change) => change - change !== 0);
  return infinite ? { ...sums, nonFinite: sums.nonFinite + 1 } : sums;
}

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
  { joining, zeroSign }: Voting,
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

/** The base's weights. */
const startOf = ([base]: readonly Row[], count: number): Float32Array<ArrayBuffer> =>
  base ? decode(base.dtype, bytesOf(base, count)) : new Float32Array(count);

/** Of all experts, one after the other. */
function changesOf(rows: readonly Row[], count: number): Float32Array<ArrayBuffer> {
  const start = startOf(rows, count);
  const experts = rows.slice(1);
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
