/**
 * Weights straight from a file's bytes, with 128-bit SIMD: decoding, weighted sums, encoding and inner products. Everything goes block
 * by block, so that what one step leaves is still in the nearest cache for the next.
 *
 * Rows of weights are little-endian and given by their address in this module's memory. Counts are multiples of 8; whoever
 * calls fills the last eight up with zeros.
 */

/** Kinds of numbers; the same in src/engine/files/lanes/simd.ts. */
export const F32 = 0;
const F16 = 1;
const BF16 = 2;

/** Weights of a block: its sums (4 kB) and one row of it leave room in a cache of 32 kB. */
const BLOCK: usize = 1024;

/** A row in a table of rows: address, kind, weight (float32), 4 bytes free. */
const ENTRY: usize = 16;

/** Where free memory begins. */
export function heapStart(): usize {
  return (__heap_base + 15) & ~15;
}

/** Makes memory reach `end`; false when the machine has not enough. */
export function reserve(end: usize): bool {
  const pages = <i32>((end + 0xffff) >>> 16);
  return pages <= memory.size() || memory.grow(pages - memory.size()) >= 0;
}

/** Bytes of working space that `weightedSum` and `gram` need for so many rows. */
export function scratchBytes(rows: usize): usize {
  return (rows * BLOCK) << 2;
}

/**
 * What loops keep in registers. As literals they would be made anew in every round: V8 does not move them out of a loop, but it does
 * not know what memory holds.
 */
const CONSTANTS = memory.data<u32>([
  0x7c007c00,
  0x8fffe000,
  112 << 23,
  0x7fffffff,
  113 << 23,
  0x477fefff,
  0xfff - (112 << 23),
  1,
  0x8000,
  0x7fff,
]);
/** Exponents of two float16. */
const HALF_EXPONENTS = 0;
/** Sign and digits of a float16 that stands three bits below the top of its lane. */
const HALF_DIGITS = 1;
/** What the exponent's bias of float32 is above that of float16, in place. */
const BIAS = 2;
/** All but the sign. */
const MAGNITUDE = 3;
/** 2⁻¹⁴, the smallest normal float16. */
const NORMAL_FROM = 4;
/** Just below 65520, from which on float16 is infinite. */
const LARGEST = 5;
/** Just below half of float16's last digit, and the biases' difference taken off. */
const HALF_ROUNDING = 6;
const ONE = 7;
const HALF_SIGN = 8;
/** Just below half of bfloat16's last digit. */
const BFLOAT_ROUNDING = 9;

function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

/** Of the last call of `weightedSum`: sums that are no finite numbers, and finite ones that the kind cannot hold. */
let nonFinite: i32 = 0;
let beyond: i32 = 0;

export function nonFiniteCount(): i32 {
  return nonFinite;
}

export function beyondCount(): i32 {
  return beyond;
}

export function resetCounts(): void {
  nonFinite = 0;
  beyond = 0;
}

/** out = Σ weight · row, rounded once at the end; products and sums are float32, in the order of the table. */
export function weightedSum(table: usize, rows: usize, count: usize, out: usize, kind: i32, scratch: usize): void {
  resetCounts();
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    addRows(table, rows, done, length, scratch);
    encodeBlock(scratch, out + (done << shiftOf(kind)), kind, length);
  }
}

/**
 * Adds ⟨row_i, row_j⟩ for i ≤ j to the upper triangle, row by row, of float64 sums at `out`. Inside a block sums are float32, sixteen
 * side by side.
 * @param changes the first row is taken off all others, and only those are multiplied
 */
export function gram(table: usize, rows: usize, count: usize, changes: bool, out: usize, scratch: usize): void {
  const width = BLOCK << 2;
  if (rows === 2 && !changes && load<i32>(table, 4) === F16 && load<i32>(table, ENTRY + 4) === F16) {
    gramOfHalves(<usize>load<u32>(table), <usize>load<u32>(table, ENTRY), count, out);
    return;
  }
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    for (let row: usize = 0; row < rows; row++) {
      const entry = table + row * ENTRY;
      const kind = load<i32>(entry, 4);
      const values = scratch + row * width;
      decode(<usize>load<u32>(entry) + (done << shiftOf(kind)), kind, values, length);
      if (changes && row > 0) takeOff(values, scratch, length);
    }
    let to = out;
    for (let i: usize = changes ? 1 : 0; i < rows; i++) {
      for (let j = i; j < rows; j++, to += 8)
        store<f64>(to, load<f64>(to) + product(scratch + i * width, scratch + j * width, length));
    }
  }
}

/** log₂ of the bytes of one number. */
export function shiftOf(kind: i32): usize {
  return kind === F32 ? 2 : 1;
}

// ---------------------------------------------------------------- decoding and adding

/** out = row, as float32. */
export function decode(from: usize, kind: i32, out: usize, count: usize): void {
  if (kind === F16) decodeHalves(from, out, count);
  else if (kind === BF16) decodeBfloats(from, out, count);
  else memory.copy(out, from, count << 2);
}

function decodeHalves(from: usize, out: usize, count: usize): void {
  const exponents = constant(HALF_EXPONENTS);
  const digits = constant(HALF_DIGITS);
  const bias = constant(BIAS);
  for (const end = out + (count << 2); out < end; out += 32, from += 16) {
    const raw = v128.load(from);
    const low = lowHalf(raw);
    const high = highHalf(raw);
    if (v128.any_true(oddLanes(raw, exponents))) {
      storeAnyHalves(low, high, out);
    } else {
      v128.store(out, normalHalf(low, digits, bias));
      v128.store(out, normalHalf(high, digits, bias), 16);
    }
  }
}

/** Apart, so that the usual way keeps its registers. */
function storeAnyHalves(low: v128, high: v128, out: usize): void {
  v128.store(out, anyHalf(low));
  v128.store(out, anyHalf(high), 16);
}

function decodeBfloats(from: usize, out: usize, count: usize): void {
  for (const end = out + (count << 2); out < end; out += 32, from += 16) {
    const raw = v128.load(from);
    v128.store(out, lowHalf(raw));
    v128.store(out, highHalf(raw), 16);
  }
}

/** sums = Σ weight · row over [done, done + count) of every row of the table; neighbours of one 16-bit kind go in pairs. */
function addRows(table: usize, rows: usize, done: usize, count: usize, sums: usize): void {
  clear(sums, count);
  const end = table + rows * ENTRY;
  for (let entry = table; entry < end; entry += ENTRY) {
    const kind = load<i32>(entry, 4);
    const from = <usize>load<u32>(entry) + (done << shiftOf(kind));
    const weight = v128.load32_splat(entry, 8);
    if (kind !== F32 && entry + ENTRY < end && load<i32>(entry, ENTRY + 4) === kind) {
      const next = <usize>load<u32>(entry, ENTRY) + (done << 1);
      const nextWeight = v128.load32_splat(entry, ENTRY + 8);
      if (kind === F16) addHalves(from, next, sums, count, weight, nextWeight);
      else addBfloats(from, next, sums, count, weight, nextWeight);
      entry += ENTRY;
    } else {
      addRow(from, kind, sums, count, weight);
    }
  }
}

/** −0, to which every number can be added without a change, −0 too. */
function clear(sums: usize, count: usize): void {
  const nothing = f32x4.splat(-0.0);
  for (const end = sums + (count << 2); sums < end; sums += 16) v128.store(sums, nothing);
}

/** sums += weight · row */
function addRow(from: usize, kind: i32, sums: usize, count: usize, weight: v128): void {
  if (kind === F16) addHalf(from, sums, count, weight);
  else if (kind === BF16) addBfloat(from, sums, count, weight);
  else addFloat(from, sums, count, weight);
}

function addFloat(from: usize, sums: usize, count: usize, weight: v128): void {
  for (const end = sums + (count << 2); sums < end; sums += 16, from += 16) add(sums, v128.load(from), weight);
}

function addBfloat(from: usize, sums: usize, count: usize, weight: v128): void {
  for (const end = sums + (count << 2); sums < end; sums += 32, from += 16) {
    const raw = v128.load(from);
    add(sums, lowHalf(raw), weight);
    add(sums + 16, highHalf(raw), weight);
  }
}

function addHalf(from: usize, sums: usize, count: usize, weight: v128): void {
  const exponents = constant(HALF_EXPONENTS);
  const digits = constant(HALF_DIGITS);
  const bias = constant(BIAS);
  for (const end = sums + (count << 2); sums < end; sums += 32, from += 16) {
    const raw = v128.load(from);
    const low = lowHalf(raw);
    const high = highHalf(raw);
    if (v128.any_true(oddLanes(raw, exponents))) {
      add(sums, anyHalf(low), weight);
      add(sums + 16, anyHalf(high), weight);
    } else {
      add(sums, normalHalf(low, digits, bias), weight);
      add(sums + 16, normalHalf(high, digits, bias), weight);
    }
  }
}

/** Two rows at once, the first before the second. */
function addHalves(a: usize, b: usize, sums: usize, count: usize, weightA: v128, weightB: v128): void {
  const exponents = constant(HALF_EXPONENTS);
  const digits = constant(HALF_DIGITS);
  const bias = constant(BIAS);
  for (const end = sums + (count << 2); sums < end; sums += 32, a += 16, b += 16) {
    const rawA = v128.load(a);
    const rawB = v128.load(b);
    const lowA = lowHalf(rawA);
    const highA = highHalf(rawA);
    const lowB = lowHalf(rawB);
    const highB = highHalf(rawB);
    if (v128.any_true(v128.or(oddLanes(rawA, exponents), oddLanes(rawB, exponents)))) {
      addTwo(sums, anyHalf(lowA), anyHalf(lowB), weightA, weightB);
      addTwo(sums + 16, anyHalf(highA), anyHalf(highB), weightA, weightB);
    } else {
      addTwo(sums, normalHalf(lowA, digits, bias), normalHalf(lowB, digits, bias), weightA, weightB);
      addTwo(sums + 16, normalHalf(highA, digits, bias), normalHalf(highB, digits, bias), weightA, weightB);
    }
  }
}

function addBfloats(a: usize, b: usize, sums: usize, count: usize, weightA: v128, weightB: v128): void {
  for (const end = sums + (count << 2); sums < end; sums += 32, a += 16, b += 16) {
    const rawA = v128.load(a);
    const rawB = v128.load(b);
    addTwo(sums, lowHalf(rawA), lowHalf(rawB), weightA, weightB);
    addTwo(sums + 16, highHalf(rawA), highHalf(rawB), weightA, weightB);
  }
}

function add(sums: usize, values: v128, weight: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.mul(values, weight)));
}

function addTwo(sums: usize, a: v128, b: v128, weightA: v128, weightB: v128): void {
  const first = f32x4.add(v128.load(sums), f32x4.mul(a, weightA));
  v128.store(sums, f32x4.add(first, f32x4.mul(b, weightB)));
}

/** The first four of eight 16-bit numbers, each in the upper half of a lane: bfloat16 is float32 then. */
function lowHalf(raw: v128): v128 {
  return v128.shuffle<i16>(i16x8.splat(0), raw, 0, 8, 1, 9, 2, 10, 3, 11);
}

function highHalf(raw: v128): v128 {
  return v128.shuffle<i16>(i16x8.splat(0), raw, 4, 12, 5, 13, 6, 14, 7, 15);
}

/** Lanes of float16 that are zero, subnormal, infinite or not a number: rare among weights. */
function oddLanes(raw: v128, exponents: v128): v128 {
  const exponent = v128.and(raw, exponents);
  return v128.or(i16x8.eq(exponent, i16x8.splat(0)), i16x8.eq(exponent, exponents));
}

/** From float16 in the upper halves to float32: the digits move down by three, and the exponent's bias grows by 112. */
function normalHalf(upper: v128, digits: v128, bias: v128): v128 {
  return i32x4.add(v128.and(i32x4.shr_s(upper, 3), digits), bias);
}

/** The same for every pattern; subnormal ones are converted as whole numbers, for processors are slow at subnormal products. */
function anyHalf(upper: v128): v128 {
  const sign = v128.and(upper, i32x4.splat(0x80000000));
  const pattern = i32x4.shr_u(v128.xor(upper, sign), 16);
  const small = f32x4.mul(f32x4.convert_i32x4_s(pattern), f32x4.splat(HALF_UNIT));
  const normal = i32x4.add(i32x4.shl(pattern, 13), i32x4.splat(112 << 23));
  const endless = v128.and(i32x4.ge_s(pattern, i32x4.splat(0x7c00)), i32x4.splat(0x7f800000));
  const size = v128.bitselect(small, normal, i32x4.lt_s(pattern, i32x4.splat(0x400)));
  return v128.or(v128.or(size, endless), sign);
}

/** 2⁻²⁴, the smallest float16. */
const HALF_UNIT: f32 = 1 / <f32>(1 << 24);

// ---------------------------------------------------------------- encoding

export function encodeBlock(from: usize, out: usize, kind: i32, count: usize): void {
  if (kind === F16) encodeHalf(from, out, count);
  else if (kind === BF16) encodeBfloat(from, out, count);
  else copyFloat(from, out, count);
}

function encodeHalf(from: usize, out: usize, count: usize): void {
  const magnitude = constant(MAGNITUDE);
  const normalFrom = constant(NORMAL_FROM);
  const largest = constant(LARGEST);
  const rounding = constant(HALF_ROUNDING);
  const one = constant(ONE);
  const sign = constant(HALF_SIGN);
  for (const end = from + (count << 2); from < end; from += 32, out += 16) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    const lowSize = v128.and(low, magnitude);
    const highSize = v128.and(high, magnitude);
    const small = v128.or(i32x4.gt_s(normalFrom, lowSize), i32x4.gt_s(normalFrom, highSize));
    const large = v128.or(i32x4.gt_s(lowSize, largest), i32x4.gt_s(highSize, largest));
    if (v128.any_true(v128.or(small, large))) {
      countLarge(low, HALF_ENDLESS);
      countLarge(high, HALF_ENDLESS);
      v128.store(out, i16x8.narrow_i32x4_u(toAnyHalf(low), toAnyHalf(high)));
    } else {
      const first = v128.or(roundedHalf(lowSize, rounding, one), v128.and(i32x4.shr_u(low, 16), sign));
      const second = v128.or(roundedHalf(highSize, rounding, one), v128.and(i32x4.shr_u(high, 16), sign));
      v128.store(out, i16x8.narrow_i32x4_u(first, second));
    }
  }
}

/** Just below half of the last digit is added, and 1 where the digit kept is odd: ties go to even. A carry raises the exponent. */
function roundedHalf(size: v128, rounding: v128, one: v128): v128 {
  const odd = v128.and(i32x4.shr_u(size, 13), one);
  return i32x4.shr_u(i32x4.add(i32x4.add(size, rounding), odd), 13);
}

const INFINITY_BITS = 0x7f800000;
/** 65520: half way from the largest float16 to what would follow it. */
const HALF_ENDLESS = 0x477ff000;
/** The same of bfloat16. */
const BFLOAT_ENDLESS = 0x7f7f8000;

function toAnyHalf(values: v128): v128 {
  const size = v128.and(values, constant(MAGNITUDE));
  // At ½ the last digit of float32 is that of a subnormal float16: the addition rounds.
  const small = i32x4.sub(f32x4.add(size, f32x4.splat(0.5)), i32x4.splat(126 << 23));
  const isNan = i32x4.gt_s(size, i32x4.splat(INFINITY_BITS));
  const endless = v128.or(i32x4.splat(0x7c00), v128.and(isNan, i32x4.splat(0x200)));
  const normal = roundedHalf(size, constant(HALF_ROUNDING), constant(ONE));
  const finite = v128.bitselect(small, normal, i32x4.gt_s(constant(NORMAL_FROM), size));
  const half = v128.bitselect(endless, finite, i32x4.gt_s(size, constant(LARGEST)));
  return v128.or(half, v128.and(i32x4.shr_u(values, 16), constant(HALF_SIGN)));
}

/** The upper half of float32, rounded to nearest, ties to even; what is not a number stays so, and quiet. */
function encodeBfloat(from: usize, out: usize, count: usize): void {
  const magnitude = constant(MAGNITUDE);
  const rounding = constant(BFLOAT_ROUNDING);
  const one = constant(ONE);
  const endless = i32x4.splat(BFLOAT_ENDLESS);
  for (const end = from + (count << 2); from < end; from += 32, out += 16) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    let first = roundedBfloat(low, rounding, one);
    let second = roundedBfloat(high, rounding, one);
    const size = i32x4.max_s(v128.and(low, magnitude), v128.and(high, magnitude));
    if (v128.any_true(i32x4.ge_s(size, endless))) {
      countLarge(low, BFLOAT_ENDLESS);
      countLarge(high, BFLOAT_ENDLESS);
      first = withNan(low, first);
      second = withNan(high, second);
    }
    v128.store(out, i16x8.narrow_i32x4_u(first, second));
  }
}

function roundedBfloat(values: v128, rounding: v128, one: v128): v128 {
  const odd = v128.and(i32x4.shr_u(values, 16), one);
  return i32x4.shr_u(i32x4.add(i32x4.add(values, rounding), odd), 16);
}

function withNan(values: v128, rounded: v128): v128 {
  const quiet = v128.or(i32x4.shr_u(values, 16), i32x4.splat(0x40));
  return v128.bitselect(quiet, rounded, f32x4.ne(values, values));
}

function copyFloat(from: usize, out: usize, count: usize): void {
  const magnitude = constant(MAGNITUDE);
  const endless = i32x4.splat(INFINITY_BITS);
  for (const end = from + (count << 2); from < end; from += 16, out += 16) {
    const values = v128.load(from);
    v128.store(out, values);
    if (v128.any_true(i32x4.ge_s(v128.and(values, magnitude), endless))) countEndless(values);
  }
}

/** Which lanes reach a magnitude, as four bits. */
function lanesFrom(values: v128, limit: i32): i32 {
  return i32x4.bitmask(i32x4.ge_s(v128.and(values, constant(MAGNITUDE)), i32x4.splat(limit)));
}

function countEndless(values: v128): void {
  nonFinite += popcnt(lanesFrom(values, INFINITY_BITS));
}

/** What was no finite number before, and what rounding made infinite, from a magnitude on. */
function countLarge(values: v128, from: i32): void {
  const endless = popcnt(lanesFrom(values, INFINITY_BITS));
  nonFinite += endless;
  beyond += popcnt(lanesFrom(values, from)) - endless;
}

// ---------------------------------------------------------------- products

function takeOff(values: usize, base: usize, count: usize): void {
  for (const end = values + (count << 2); values < end; values += 16, base += 16)
    v128.store(values, f32x4.sub(v128.load(values), v128.load(base)));
}

function product(a: usize, b: usize, count: usize): f64 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  const end = a + (count << 2);
  for (; a < end; a += 32, b += 32) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a), v128.load(b)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  return total(s0, s1);
}

/** Of eight sums side by side. */
function total(s0: v128, s1: v128): f64 {
  const low = f64x2.add(f64x2.promote_low_f32x4(s0), f64x2.promote_low_f32x4(s1));
  const high = f64x2.add(upperHalf(s0), upperHalf(s1));
  const sums = f64x2.add(low, high);
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

function upperHalf(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i64>(values, values, 1, 1));
}

/** Two rows of float16: the same sums in the same order, without writing the decoded weights down. */
function gramOfHalves(a: usize, b: usize, count: usize, out: usize): void {
  const exponents = constant(HALF_EXPONENTS);
  const digits = constant(HALF_DIGITS);
  const bias = constant(BIAS);
  for (let done: usize = 0; done < count; done += BLOCK) {
    let aa0 = f32x4.splat(0);
    let aa1 = aa0;
    let ab0 = aa0;
    let ab1 = aa0;
    let bb0 = aa0;
    let bb1 = aa0;
    for (const end = a + (min(BLOCK, count - done) << 1); a < end; a += 16, b += 16) {
      const rawA = v128.load(a);
      const rawB = v128.load(b);
      let lowA = lowHalf(rawA);
      let highA = highHalf(rawA);
      let lowB = lowHalf(rawB);
      let highB = highHalf(rawB);
      if (v128.any_true(v128.or(oddLanes(rawA, exponents), oddLanes(rawB, exponents)))) {
        lowA = anyHalf(lowA);
        highA = anyHalf(highA);
        lowB = anyHalf(lowB);
        highB = anyHalf(highB);
      } else {
        lowA = normalHalf(lowA, digits, bias);
        highA = normalHalf(highA, digits, bias);
        lowB = normalHalf(lowB, digits, bias);
        highB = normalHalf(highB, digits, bias);
      }
      aa0 = f32x4.add(aa0, f32x4.mul(lowA, lowA));
      aa1 = f32x4.add(aa1, f32x4.mul(highA, highA));
      ab0 = f32x4.add(ab0, f32x4.mul(lowA, lowB));
      ab1 = f32x4.add(ab1, f32x4.mul(highA, highB));
      bb0 = f32x4.add(bb0, f32x4.mul(lowB, lowB));
      bb1 = f32x4.add(bb1, f32x4.mul(highB, highB));
    }
    store<f64>(out, load<f64>(out) + total(aa0, aa1));
    store<f64>(out, load<f64>(out, 8) + total(ab0, ab1), 8);
    store<f64>(out, load<f64>(out, 16) + total(bb0, bb1), 16);
  }
}
