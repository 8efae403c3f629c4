/**
 * Trimmed elections of signs straight from a file's bytes, with 128-bit SIMD: counts of magnitudes, from which thresholds follow, and
 * the merge itself. Numbers are added up in float64, in the order of the experts, as the methods' own code does.
 *
 * A table has an entry for each row of weights, the base first; counts of weights are multiples of 8.
 */
import {
  beyondCount,
  decode,
  encodeBlock,
  heapStart,
  nonFiniteCount,
  reserve,
  resetCounts,
  shiftOf,
} from './weights.ts';

export { beyondCount, heapStart, nonFiniteCount, reserve };

/** Weights of a block. */
const BLOCK: usize = 1024;
const WIDTH: usize = BLOCK << 2;

/** Address, kind, limit, until (32 bits each), weight (float64), 8 bytes free. What limit and until are, each function says. */
const ENTRY: usize = 32;
const LIMIT: usize = 8;
const UNTIL: usize = 12;
const WEIGHT: usize = 16;

const MAGNITUDE = 0x7fffffff;
const INFINITY_BITS = 0x7f800000;
/** Magnitudes are counted by their upper 16 bits, then by the lower 15. */
const LOW_BITS = 15;
const BINS: usize = 1 << 16;

/** Changes cancel when |Σ wτ| is at most this part of Σ |wτ|; the same in src/methods/parts/elect.ts. */
const CANCELLED: f64 = 1.0 / 2097152.0;
/** A sum of agreeing weights below this does not divide. */
const SMALLEST_DIVISOR: f64 = 1e-8;

const SUM = 1;
const MAX = 2;

/** Bytes of working space for so many rows. */
export function scratchBytes(rows: usize): usize {
  return rows * WIDTH;
}

/**
 * Adds up how many changes have each magnitude, by the upper 16 bits, or, where an entry's limit is not negative, by the lower 15 of
 * those whose upper bits are the limit.
 * @param out 2¹⁶ pairs of counters for each expert: neighbours go to different ones, so that no counter waits for itself
 */
export function tally(table: usize, rows: usize, count: usize, out: usize, scratch: usize): void {
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    decodeRow(table, done, length, scratch);
    for (let row: usize = 1; row < rows; row++) {
      const entry = table + row * ENTRY;
      const values = scratch + WIDTH;
      decodeRow(entry, done, length, values);
      const counters = out + (((row - 1) * BINS) << 3);
      const high = load<i32>(entry, LIMIT);
      if (high < 0) tallyUpper(values, scratch, length, counters);
      else tallyLower(values, scratch, length, counters, high);
    }
  }
}

function tallyUpper(values: usize, base: usize, count: usize, counters: usize): void {
  for (const end = values + (count << 2); values < end; values += 16, base += 16) {
    // Twice the upper bits, times four: the places of pairs of counters.
    const places = v128.and(i32x4.shr_u(magnitudes(values, base), LOW_BITS - 3), i32x4.splat(0x7fff8));
    raise(counters + i32x4.extract_lane(places, 0));
    raise(counters + i32x4.extract_lane(places, 1) + 4);
    raise(counters + i32x4.extract_lane(places, 2));
    raise(counters + i32x4.extract_lane(places, 3) + 4);
  }
}

function tallyLower(values: usize, base: usize, count: usize, counters: usize, high: i32): void {
  const wanted = i32x4.splat(high);
  for (const end = values + (count << 2); values < end; values += 16, base += 16) {
    const sizes = magnitudes(values, base);
    const here = i32x4.eq(i32x4.shr_u(sizes, LOW_BITS), wanted);
    if (!v128.any_true(here)) continue;
    const places = i32x4.shl(v128.and(sizes, i32x4.splat((1 << LOW_BITS) - 1)), 3);
    const lanes = i32x4.bitmask(here);
    if (lanes & 1) raise(counters + i32x4.extract_lane(places, 0));
    if (lanes & 2) raise(counters + i32x4.extract_lane(places, 1) + 4);
    if (lanes & 4) raise(counters + i32x4.extract_lane(places, 2));
    if (lanes & 8) raise(counters + i32x4.extract_lane(places, 3) + 4);
  }
}

function raise(counter: usize): void {
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Adds up the counters of each pair: so many counters are left, at the same address. @param count a multiple of 4 */
export function addPairs(counters: usize, count: usize): void {
  let out = counters;
  for (const end = counters + (count << 2); out < end; out += 16, counters += 32) {
    const first = v128.load(counters);
    const second = v128.load(counters, 16);
    const even = v128.shuffle<i32>(first, second, 0, 2, 4, 6);
    v128.store(out, i32x4.add(even, v128.shuffle<i32>(first, second, 1, 3, 5, 7)));
  }
}

/** Adds up how many changes have exactly the magnitude that is their entry's limit: a 32-bit number for each expert. */
export function countEqual(table: usize, rows: usize, count: usize, out: usize, scratch: usize): void {
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    decodeRow(table, done, length, scratch);
    for (let row: usize = 1; row < rows; row++) {
      const entry = table + row * ENTRY;
      const wanted = v128.load32_splat(entry, LIMIT);
      let values = scratch + WIDTH;
      let base = scratch;
      decodeRow(entry, done, length, values);
      let found = i32x4.splat(0);
      for (const end = values + (length << 2); values < end; values += 16, base += 16)
        found = i32x4.sub(found, i32x4.eq(magnitudes(values, base), wanted));
      const place = out + ((row - 1) << 2);
      const pairs = i32x4.add(found, v128.shuffle<i64>(found, found, 1, 0));
      store<u32>(place, load<u32>(place) + i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1));
    }
  }
}

/** Weights that elect + less those that elect −, where all experts have the same say and changes that cancel elect neither. */
export function balance(table: usize, rows: usize, count: usize, scratch: usize): i32 {
  let votes: i32 = 0;
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    trimRows(table, rows, done, length, scratch);
    for (let at: usize = 0; at < length << 2; at += 8) {
      let sum = f64x2.splat(0);
      let mass = sum;
      for (let row: usize = 1; row < rows; row++) {
        const value = f64x2.promote_low_f32x4(v128.load64_zero(scratch + row * WIDTH + at));
        sum = f64x2.add(sum, value);
        mass = f64x2.add(mass, f64x2.abs(value));
      }
      const least = f64x2.mul(mass, f64x2.splat(CANCELLED));
      votes += popcnt(i64x2.bitmask(f64x2.gt(sum, least)));
      votes -= popcnt(i64x2.bitmask(f64x2.lt(sum, f64x2.neg(least))));
    }
  }
  return votes;
}

/**
 * θ₀ + λ·m, rounded to float32 and once more to the kind: trimmed changes whose weighted sum has the same sign are joined. An
 * entry's limit is the pattern of its threshold; changes of that very magnitude are kept before the place `until`.
 */
export function elect(
  table: usize,
  rows: usize,
  count: usize,
  joining: i32,
  zeroSign: f64,
  lambda: f64,
  out: usize,
  kind: i32,
  scratch: usize,
): i32 {
  resetCounts();
  let odd = 0;
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    odd += trimRows(table, rows, done, length, scratch);
    for (let at = scratch; at < scratch + (length << 2); at += 16) {
      const base = v128.load(at);
      const low = moved(base, merged(table, rows, at, joining, zeroSign), lambda);
      const upper = v128.shuffle<i64>(base, base, 1, 0);
      const high = moved(upper, merged(table, rows, at + 8, joining, zeroSign), lambda);
      v128.store(at, v128.shuffle<i64>(low, high, 0, 2));
    }
    encodeBlock(scratch, out + (done << shiftOf(kind)), kind, length);
  }
  return odd;
}

/** Two weights, in the lower half; an unchanged one is the base, bit for bit. */
function moved(base: v128, change: v128, lambda: f64): v128 {
  // The change is a float32 too.
  const m = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(change));
  const step = f64x2.mul(f64x2.splat(lambda), m);
  const next = f64x2.add(f64x2.promote_low_f32x4(base), step);
  const still = f64x2.eq(step, f64x2.splat(0));
  // Lanes of 64 bits become lanes of 32.
  const keeps = v128.shuffle<i32>(still, still, 0, 2, 0, 2);
  return v128.bitselect(base, f32x4.demote_f64x2_zero(next), keeps);
}

/** @param at of the base's block: those of the trimmed changes follow */
function merged(table: usize, rows: usize, at: usize, joining: i32, zeroSign: f64): v128 {
  return joining === MAX ? largest(table, rows, at, zeroSign) : joined(table, rows, at, joining, zeroSign);
}

/** See joinOnHost in src/methods/parts/elect.ts, operation by operation. */
function joined(table: usize, rows: usize, at: usize, joining: i32, zeroSign: f64): v128 {
  let sum = f64x2.splat(0);
  let mass = sum;
  let weights = sum;
  let signedWeights = sum;
  const end = table + rows * ENTRY;
  for (let entry = table + ENTRY; entry < end; entry += ENTRY) {
    at += WIDTH;
    const weight = v128.load64_splat(entry, WEIGHT);
    const value = f64x2.mul(weight, f64x2.promote_low_f32x4(v128.load64_zero(at)));
    sum = f64x2.add(sum, value);
    mass = f64x2.add(mass, f64x2.abs(value));
    const used = v128.and(weight, f64x2.ne(value, f64x2.splat(0)));
    weights = f64x2.add(weights, used);
    signedWeights = f64x2.add(signedWeights, v128.xor(used, v128.and(value, f64x2.splat(-0.0))));
  }
  const sign = electedSign(sum, mass, zeroSign);
  const half = f64x2.splat(0.5);
  const total = v128.and(f64x2.mul(f64x2.add(f64x2.mul(sign, mass), sum), half), f64x2.ne(sign, f64x2.splat(0)));
  if (joining === SUM) return total;
  const divisor = f64x2.mul(f64x2.add(weights, f64x2.mul(sign, signedWeights)), half);
  const divides = f64x2.ge(f64x2.abs(divisor), f64x2.splat(SMALLEST_DIVISOR));
  return f64x2.div(total, v128.bitselect(divisor, f64x2.splat(1), divides));
}

function largest(table: usize, rows: usize, at: usize, zeroSign: f64): v128 {
  let sum = f64x2.splat(0);
  let mass = sum;
  let highest = sum;
  let lowest = sum;
  const end = table + rows * ENTRY;
  for (let entry = table + ENTRY; entry < end; entry += ENTRY) {
    at += WIDTH;
    const value = f64x2.mul(v128.load64_splat(entry, WEIGHT), f64x2.promote_low_f32x4(v128.load64_zero(at)));
    sum = f64x2.add(sum, value);
    mass = f64x2.add(mass, f64x2.abs(value));
    highest = f64x2.max(highest, value);
    lowest = f64x2.min(lowest, value);
  }
  const sign = electedSign(sum, mass, zeroSign);
  const chosen = v128.bitselect(highest, lowest, f64x2.gt(sign, f64x2.splat(0)));
  return v128.and(chosen, f64x2.ne(sign, f64x2.splat(0)));
}

function electedSign(sum: v128, mass: v128, zeroSign: f64): v128 {
  const least = f64x2.mul(mass, f64x2.splat(CANCELLED));
  const below = v128.bitselect(f64x2.splat(-1), f64x2.splat(zeroSign), f64x2.lt(sum, f64x2.neg(least)));
  return v128.bitselect(f64x2.splat(1), below, f64x2.gt(sum, least));
}

// ---------------------------------------------------------------- changes

/** |value − base| as patterns, which are in the order of the numbers. */
function magnitudes(values: usize, base: usize): v128 {
  return v128.and(f32x4.sub(v128.load(values), v128.load(base)), i32x4.splat(MAGNITUDE));
}

function decodeRow(entry: usize, done: usize, count: usize, out: usize): void {
  const kind = load<i32>(entry, 4);
  decode(<usize>load<u32>(entry) + (done << shiftOf(kind)), kind, out, count);
}

/**
 * The base's block, then those of the trimmed changes.
 * @returns 1 where a change is not finite
 */
function trimRows(table: usize, rows: usize, done: usize, count: usize, scratch: usize): i32 {
  let greatest = i32x4.splat(0);
  decodeRow(table, done, count, scratch);
  for (let row: usize = 1; row < rows; row++) {
    const entry = table + row * ENTRY;
    let values = scratch + row * WIDTH;
    decodeRow(entry, done, count, values);
    const limit = v128.load32_splat(entry, LIMIT);
    const until = v128.load32_splat(entry, UNTIL);
    let places = i32x4.add(i32x4.splat(<i32>done), i32x4(0, 1, 2, 3));
    let base = scratch;
    for (const end = values + (count << 2); values < end; values += 16, base += 16) {
      const change = f32x4.sub(v128.load(values), v128.load(base));
      const size = v128.and(change, i32x4.splat(MAGNITUDE));
      greatest = i32x4.max_s(greatest, size);
      // From `until` on the limit itself is too small.
      const least = i32x4.sub(limit, i32x4.ge_s(places, until));
      v128.store(values, v128.and(change, i32x4.ge_s(size, least)));
      places = i32x4.add(places, i32x4.splat(4));
    }
  }
  return v128.any_true(i32x4.ge_s(greatest, i32x4.splat(INFINITY_BITS))) ? 1 : 0;
}
