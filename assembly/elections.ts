/**
 * Trimmed elections of signs straight from a file's bytes, with 128-bit SIMD: looks at magnitudes, from which thresholds follow, and the
 * merge itself. All arithmetic is float32, in the order of the experts; lanes/plain-elections.ts does the same operation by operation.
 *
 * A table has an entry for each row of weights, the base first; counts of weights are multiples of 8.
 */
import { append, totalOf } from './lanes.ts';
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

/** Weights of a block; the same in src/engine/files/lanes/kernels.ts. */
const BLOCK: usize = 1024;
const WIDTH: usize = BLOCK << 2;

/** Address, kind, and five numbers of 32 bits. What these are, each function says. */
const ENTRY: usize = 32;
const FIRST: usize = 8;
const SECOND: usize = 12;
const THIRD: usize = 16;
const FOURTH: usize = 20;
const FIFTH: usize = 24;

const INFINITY_BITS = 0x7f800000;

/** What loops keep in registers: as literals they would be made anew in every round. */
const CONSTANTS = memory.data<u32>([0x7fffffff, 0x80000000, 0x3f000000, 0x3f800000, 0x35000000, 0x322bcc77]);
const MAGNITUDE = 0;
const SIGN = 1;
const HALF = 2;
const ONE = 3;
/** 2⁻²¹: changes cancel when |Σ wτ| is at most this part of Σ |wτ|; the same in src/methods/parts/elect.ts. */
const CANCELLED = 4;
/** 10⁻⁸: a sum of agreeing weights below this does not divide. */
const SMALLEST_DIVISOR = 5;

function constant(index: i32): v128 {
  return v128.load32_splat(CONSTANTS + (index << 2));
}

const SUM = 1;
const MAX = 2;

/** Of four weights: Σ wτ, Σ |wτ|, Σ w, and Σ w with the signs of wτ; or the largest and the smallest wτ instead of the last two. */
const SUMS: usize = 64;
const SUMS_WIDTH: usize = WIDTH << 2;

/** The base's block and those of two experts. */
const BEFORE_SUMS: usize = 3 * WIDTH;

/** Bytes of working space. */
export function scratchBytes(): usize {
  return BEFORE_SUMS + SUMS_WIDTH;
}

// ---------------------------------------------------------------- magnitudes

/** |change| of all experts as patterns, one expert after the other. */
export function magnitudes(table: usize, rows: usize, count: usize, out: usize, scratch: usize): void {
  const size = constant(MAGNITUDE);
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    decodeRow(table, done, length, scratch);
    for (let row: usize = 1; row < rows; row++) {
      let values = scratch + WIDTH;
      let base = scratch;
      let to = out + (((row - 1) * count + done) << 2);
      decodeRow(table + row * ENTRY, done, length, values);
      for (const end = values + (length << 2); values < end; values += 16, base += 16, to += 16)
        v128.store(to, v128.and(f32x4.sub(v128.load(values), v128.load(base)), size));
    }
  }
}

/** Results of an expert: numbers above, of the first and of the second heavy pattern, others, and 1 where one is not finite. */
const RESULT: usize = 32;

/**
 * Where changes lie beside bounds: entries have the lower and the upper one, and two patterns that are only counted.
 * @param out for each expert the results, then for each the other patterns between the bounds, in their order; room for all. Then for
 * each how many of these there are up to the end of each block
 */
export function bracket(table: usize, rows: usize, count: usize, out: usize, scratch: usize): void {
  const lists = out + rows * RESULT;
  const blocks = (count + BLOCK - 1) / BLOCK;
  const ends = lists + (((rows - 1) * count) << 2);
  for (let row: usize = 1; row < rows; row++) {
    const result = out + (row - 1) * RESULT;
    v128.store(result, i32x4.splat(0));
    v128.store(result, i32x4.splat(0), 16);
  }
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    decodeRow(table, done, length, scratch);
    for (let row: usize = 1; row < rows; row++) {
      const entry = table + row * ENTRY;
      decodeRow(entry, done, length, scratch + WIDTH);
      const result = out + (row - 1) * RESULT;
      bracketBlock(entry, scratch, length, result, lists + (((row - 1) * count) << 2));
      store<u32>(ends + (((row - 1) * blocks + done / BLOCK) << 2), load<u32>(result, 12));
    }
  }
}

function bracketBlock(entry: usize, scratch: usize, count: usize, result: usize, list: usize): void {
  const magnitude = constant(MAGNITUDE);
  const below = i32x4.sub(v128.load32_splat(entry, FIRST), i32x4.splat(1));
  const high = v128.load32_splat(entry, SECOND);
  const one = v128.load32_splat(entry, THIRD);
  const other = v128.load32_splat(entry, FOURTH);
  let above = i32x4.splat(0);
  let ones = above;
  let others = above;
  let greatest = above;
  let to = list + (load<u32>(result, 12) << 2);
  let base = scratch;
  let values = scratch + WIDTH;
  for (const end = values + (count << 2); values < end; values += 16, base += 16) {
    const size = v128.and(f32x4.sub(v128.load(values), v128.load(base)), magnitude);
    greatest = i32x4.max_s(greatest, size);
    const over = i32x4.gt_s(size, high);
    const isOne = i32x4.eq(size, one);
    const isOther = i32x4.eq(size, other);
    above = i32x4.sub(above, over);
    ones = i32x4.sub(ones, isOne);
    others = i32x4.sub(others, isOther);
    const here = v128.andnot(i32x4.gt_s(size, below), v128.or(over, v128.or(isOne, isOther)));
    if (v128.any_true(here)) to = append(size, i32x4.bitmask(here), to);
  }
  store<i32>(result, load<i32>(result) + totalOf(above));
  store<i32>(result, load<i32>(result, 4) + totalOf(ones), 4);
  store<i32>(result, load<i32>(result, 8) + totalOf(others), 8);
  store<u32>(result, <u32>((to - list) >>> 2), 12);
  if (isEndless(greatest)) store<i32>(result, 1, 16);
}

function isEndless(greatest: v128): bool {
  return v128.any_true(i32x4.ge_s(greatest, i32x4.splat(INFINITY_BITS)));
}

// ---------------------------------------------------------------- elections

/**
 * Weights that elect + less those that elect −, where all experts have the same say and changes that cancel elect neither. Entries are
 * those of `elect`; their weights must be 1.
 */
export function balance(table: usize, rows: usize, count: usize, scratch: usize): i32 {
  const cancelled = constant(CANCELLED);
  let votes: i32 = 0;
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    sumBlock(table, rows, done, length, 0, scratch);
    let at = scratch + BEFORE_SUMS;
    for (const end = at + (length << 4); at < end; at += SUMS) {
      const sum = v128.load(at);
      const least = f32x4.mul(v128.load(at, 16), cancelled);
      votes += popcnt(i32x4.bitmask(f32x4.gt(sum, least)));
      votes -= popcnt(i32x4.bitmask(f32x4.lt(sum, f32x4.neg(least))));
    }
  }
  return votes;
}

/**
 * θ₀ + λ·m, rounded to float32 and once more to the kind: trimmed changes whose weighted sum has the same sign are joined. Entries have
 * the pattern below which changes go, the place up to which those of that very magnitude stay, the weight (float32), and the pattern
 * from which on changes stay for certain; the fifth number becomes how many do not. Where the thresholds are known, both patterns are
 * the same. Where not, weights with a change between them are set aside, and become 1; they cannot be joined to the largest.
 * @param first place of the first weight
 * @param aside 0, or where it says how many are set aside, and from the 16th byte on their places; then their weights of each row, as
 * they are stored. Each of these lists has room for `room` numbers of 32 bits
 * @returns 1 where a change is not finite
 */
export function elect(
  table: usize,
  rows: usize,
  count: usize,
  joining: i32,
  zeroSign: f32,
  lambda: f32,
  out: usize,
  kind: i32,
  scratch: usize,
  first: u32,
  aside: usize,
  room: usize,
): i32 {
  resetCounts();
  for (let row: usize = 1; row < rows; row++) store<i32>(table + row * ENTRY, 0, FIFTH);
  const sign: f32 = zeroSign === 0 ? 1 : zeroSign;
  let odd: i32 = 0;
  for (let done: usize = 0; done < count; done += BLOCK) {
    const length = min(BLOCK, count - done);
    odd |= sumBlock(table, rows, done, length, joining, scratch);
    if (aside !== 0) setAside(table, rows, done, length, scratch, first, aside, room);
    if (zeroSign === 0) clearCancelled(scratch, length);
    if (joining === MAX) moveToLargest(scratch, length, sign, lambda);
    else if (joining === SUM) moveBySum(scratch, length, sign, lambda);
    else moveByMean(scratch, length, sign, lambda);
    encodeBlock(scratch, out + (done << shiftOf(kind)), kind, length);
  }
  return odd;
}

/** Of weights whose sums are no numbers the places and what is stored of them; their sums become zero, and they one: the usual way to write it. */
function setAside(
  table: usize,
  rows: usize,
  done: usize,
  count: usize,
  scratch: usize,
  first: u32,
  aside: usize,
  room: usize,
): void {
  const places = aside + 16;
  const from = load<u32>(aside);
  const begin = places + ((<usize>from) << 2);
  const end = placesOf(scratch, count, <u32>(first + done), begin);
  const there = from + <u32>((end - begin) >>> 2);
  store<u32>(aside, there);
  for (let row: usize = 0; row < rows; row++) {
    const entry = table + row * ENTRY;
    const own = places + (((row + 1) * room) << 2);
    const shift = shiftOf(load<i32>(entry, 4));
    const weights = <usize>load<u32>(entry) - ((<usize>first) << shift);
    let to = own + ((<usize>from) << shift);
    if (shift === 1)
      for (let at = begin; at < end; at += 4, to += 2)
        store<u16>(to, load<u16>(weights + ((<usize>load<u32>(at)) << 1)));
    else
      for (let at = begin; at < end; at += 4, to += 4)
        store<u32>(to, load<u32>(weights + ((<usize>load<u32>(at)) << 2)));
  }
}

/** Writes the places of weights whose sums are no numbers. @param first place of the block @returns where they end */
function placesOf(scratch: usize, count: usize, first: u32, to: usize): usize {
  const one = constant(ONE);
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS, first += 4) {
    const mass = v128.load(sums, 16);
    const sure = f32x4.eq(mass, mass);
    if (i32x4.all_true(sure)) continue;
    v128.store(scratch, v128.bitselect(v128.load(scratch), one, sure));
    v128.store(sums, v128.and(v128.load(sums), sure));
    v128.store(sums, v128.and(mass, sure), 16);
    v128.store(sums, v128.and(v128.load(sums, 32), sure), 32);
    v128.store(sums, v128.and(v128.load(sums, 48), sure), 48);
    to = append(i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3)), i32x4.bitmask(sure) ^ 15, to);
  }
  return to;
}

/** The base's block, and behind those of two experts the sums over all experts. @returns 1 where a change is not finite */
function sumBlock(table: usize, rows: usize, done: usize, count: usize, joining: i32, scratch: usize): i32 {
  decodeRow(table, done, count, scratch);
  let odd: i32 = 0;
  let row: usize = 1;
  if (joining === MAX) {
    memory.fill(scratch + BEFORE_SUMS, 0, count << 4);
    for (; row < rows; row++) odd |= addExtremes(experts(table, row, 1, done, count, scratch), scratch, count);
    return odd;
  }
  for (; row + 1 < rows; row += 2)
    odd |= addTwo(experts(table, row, 2, done, count, scratch), scratch, count, row === 1);
  if (row < rows) odd |= addOne(experts(table, row, 1, done, count, scratch), scratch, count, row === 1);
  return odd;
}

/** Decodes one expert or two behind the base. @returns the entry of the first */
function experts(table: usize, row: usize, number: usize, done: usize, count: usize, scratch: usize): usize {
  const first = table + row * ENTRY;
  for (let i: usize = 0; i < number; i++) {
    const entry = first + i * ENTRY;
    const values = scratch + WIDTH + i * WIDTH;
    const until = load<i32>(entry, SECOND) - <i32>done;
    decodeRow(entry, done, count, values);
    if (until < <i32>count) raiseThreshold(entry, scratch, values, count, until);
  }
  return first;
}

/** From a place on changes that equal the threshold are set to zero. */
function raiseThreshold(entry: usize, base: usize, values: usize, count: usize, until: i32): void {
  const magnitude = constant(MAGNITUDE);
  const limit = v128.load32_splat(entry, FIRST);
  let places = i32x4(0, 1, 2, 3);
  for (const end = values + (count << 2); values < end; values += 16, base += 16) {
    const value = v128.load(values);
    const start = v128.load(base);
    const equal = i32x4.eq(v128.and(f32x4.sub(value, start), magnitude), limit);
    v128.store(values, v128.bitselect(start, value, v128.and(equal, i32x4.ge_s(places, i32x4.splat(until)))));
    places = i32x4.add(places, i32x4.splat(4));
  }
}

/** w·τ after trimming; no number where τ lies between the bounds, for as a number all ones are none. */
function trimmed(change: v128, size: v128, low: v128, isLower: v128, weight: v128): v128 {
  return f32x4.mul(weight, v128.andnot(v128.or(change, isLower), i32x4.gt_s(low, size)));
}

/** @param fresh there are no sums yet */
function addOne(entry: usize, scratch: usize, count: usize, fresh: bool): i32 {
  const magnitude = constant(MAGNITUDE);
  const sign = constant(SIGN);
  const nothing = i32x4.splat(0);
  const low = v128.load32_splat(entry, FIRST);
  const weight = v128.load32_splat(entry, THIRD);
  const high = v128.load32_splat(entry, FOURTH);
  let greatest = nothing;
  let lower = nothing;
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const change = f32x4.sub(v128.load(scratch, WIDTH), v128.load(scratch));
    const size = v128.and(change, magnitude);
    greatest = i32x4.max_s(greatest, size);
    const isLower = i32x4.gt_s(high, size);
    lower = i32x4.sub(lower, isLower);
    const value = trimmed(change, size, low, isLower, weight);
    const used = v128.and(weight, f32x4.ne(value, nothing));
    let sum = value;
    let mass = v128.and(value, magnitude);
    let all = used;
    let signed = v128.xor(used, v128.and(value, sign));
    if (!fresh) {
      sum = f32x4.add(v128.load(sums), sum);
      mass = f32x4.add(v128.load(sums, 16), mass);
      all = f32x4.add(v128.load(sums, 32), all);
      signed = f32x4.add(v128.load(sums, 48), signed);
    }
    v128.store(sums, sum);
    v128.store(sums, mass, 16);
    v128.store(sums, all, 32);
    v128.store(sums, signed, 48);
  }
  store<i32>(entry, load<i32>(entry, FIFTH) + totalOf(lower), FIFTH);
  return isEndless(greatest) ? 1 : 0;
}

/** Two experts, whose entries are side by side, for the price of reading and writing the sums once. */
function addTwo(entry: usize, scratch: usize, count: usize, fresh: bool): i32 {
  const magnitude = constant(MAGNITUDE);
  const sign = constant(SIGN);
  const nothing = i32x4.splat(0);
  const lowA = v128.load32_splat(entry, FIRST);
  const weightA = v128.load32_splat(entry, THIRD);
  const highA = v128.load32_splat(entry, FOURTH);
  const lowB = v128.load32_splat(entry + ENTRY, FIRST);
  const weightB = v128.load32_splat(entry + ENTRY, THIRD);
  const highB = v128.load32_splat(entry + ENTRY, FOURTH);
  let greatest = nothing;
  let lowerA = nothing;
  let lowerB = nothing;
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const base = v128.load(scratch);
    const changeA = f32x4.sub(v128.load(scratch, WIDTH), base);
    const changeB = f32x4.sub(v128.load(scratch, 2 * WIDTH), base);
    const sizeA = v128.and(changeA, magnitude);
    const sizeB = v128.and(changeB, magnitude);
    greatest = i32x4.max_s(greatest, i32x4.max_s(sizeA, sizeB));
    const isLowerA = i32x4.gt_s(highA, sizeA);
    const isLowerB = i32x4.gt_s(highB, sizeB);
    lowerA = i32x4.sub(lowerA, isLowerA);
    lowerB = i32x4.sub(lowerB, isLowerB);
    const a = trimmed(changeA, sizeA, lowA, isLowerA, weightA);
    const b = trimmed(changeB, sizeB, lowB, isLowerB, weightB);
    const usedA = v128.and(weightA, f32x4.ne(a, nothing));
    const usedB = v128.and(weightB, f32x4.ne(b, nothing));
    let sum = a;
    let mass = v128.and(a, magnitude);
    let all = usedA;
    let signed = v128.xor(usedA, v128.and(a, sign));
    if (!fresh) {
      sum = f32x4.add(v128.load(sums), sum);
      mass = f32x4.add(v128.load(sums, 16), mass);
      all = f32x4.add(v128.load(sums, 32), all);
      signed = f32x4.add(v128.load(sums, 48), signed);
    }
    v128.store(sums, f32x4.add(sum, b));
    v128.store(sums, f32x4.add(mass, v128.and(b, magnitude)), 16);
    v128.store(sums, f32x4.add(all, usedB), 32);
    v128.store(sums, f32x4.add(signed, v128.xor(usedB, v128.and(b, sign))), 48);
  }
  store<i32>(entry, load<i32>(entry, FIFTH) + totalOf(lowerA), FIFTH);
  store<i32>(entry + ENTRY, load<i32>(entry + ENTRY, FIFTH) + totalOf(lowerB), FIFTH);
  return isEndless(greatest) ? 1 : 0;
}

/** As `addOne`, with the largest and the smallest instead of the last two sums. */
function addExtremes(entry: usize, scratch: usize, count: usize): i32 {
  const magnitude = constant(MAGNITUDE);
  const limit = v128.load32_splat(entry, FIRST);
  const weight = v128.load32_splat(entry, THIRD);
  let greatest = i32x4.splat(0);
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const change = f32x4.sub(v128.load(scratch, WIDTH), v128.load(scratch));
    const size = v128.and(change, magnitude);
    greatest = i32x4.max_s(greatest, size);
    const value = f32x4.mul(weight, v128.andnot(change, i32x4.gt_s(limit, size)));
    v128.store(sums, f32x4.add(v128.load(sums), value));
    v128.store(sums, f32x4.add(v128.load(sums, 16), v128.and(value, magnitude)), 16);
    v128.store(sums, f32x4.max(v128.load(sums, 32), value), 32);
    v128.store(sums, f32x4.min(v128.load(sums, 48), value), 48);
  }
  return isEndless(greatest) ? 1 : 0;
}

function moveByMean(scratch: usize, count: usize, zeroSign: f32, lambda: f32): void {
  const magnitude = constant(MAGNITUDE);
  const signBit = constant(SIGN);
  const half = constant(HALF);
  const one = constant(ONE);
  const cancelled = constant(CANCELLED);
  const smallest = constant(SMALLEST_DIVISOR);
  const cancelledSign = f32x4.splat(zeroSign);
  const scale = f32x4.splat(lambda);
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const sum = v128.load(sums);
    const mass = v128.load(sums, 16);
    const sign = electedSign(sum, mass, cancelledSign, cancelled, signBit);
    const total = f32x4.mul(f32x4.add(f32x4.mul(sign, mass), sum), half);
    const weights = f32x4.mul(f32x4.add(v128.load(sums, 32), f32x4.mul(sign, v128.load(sums, 48))), half);
    const divides = f32x4.ge(v128.and(weights, magnitude), smallest);
    move(scratch, f32x4.div(total, v128.bitselect(weights, one, divides)), scale);
  }
}

function moveBySum(scratch: usize, count: usize, zeroSign: f32, lambda: f32): void {
  const signBit = constant(SIGN);
  const half = constant(HALF);
  const cancelled = constant(CANCELLED);
  const cancelledSign = f32x4.splat(zeroSign);
  const scale = f32x4.splat(lambda);
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const sum = v128.load(sums);
    const mass = v128.load(sums, 16);
    const sign = electedSign(sum, mass, cancelledSign, cancelled, signBit);
    move(scratch, f32x4.mul(f32x4.add(f32x4.mul(sign, mass), sum), half), scale);
  }
}

function moveToLargest(scratch: usize, count: usize, zeroSign: f32, lambda: f32): void {
  const signBit = constant(SIGN);
  const cancelled = constant(CANCELLED);
  const cancelledSign = f32x4.splat(zeroSign);
  const scale = f32x4.splat(lambda);
  const nothing = i32x4.splat(0);
  let sums = scratch + BEFORE_SUMS;
  for (const end = scratch + (count << 2); scratch < end; scratch += 16, sums += SUMS) {
    const sign = electedSign(v128.load(sums), v128.load(sums, 16), cancelledSign, cancelled, signBit);
    const chosen = v128.bitselect(v128.load(sums, 32), v128.load(sums, 48), f32x4.gt(sign, nothing));
    move(scratch, chosen, scale);
  }
}

/** Of four weights; the sign for those that cancel is turned where the sum is clearly of the other one. */
function electedSign(sum: v128, mass: v128, cancelledSign: v128, cancelled: v128, signBit: v128): v128 {
  const against = f32x4.mul(sum, cancelledSign);
  const turned = f32x4.lt(against, f32x4.neg(f32x4.mul(mass, cancelled)));
  return v128.xor(cancelledSign, v128.and(turned, signBit));
}

/** Where nothing is elected for changes that cancel, there is nothing to be joined. */
function clearCancelled(scratch: usize, count: usize): void {
  const magnitude = constant(MAGNITUDE);
  const cancelled = constant(CANCELLED);
  let sums = scratch + BEFORE_SUMS;
  for (const end = sums + (count << 4); sums < end; sums += SUMS) {
    const sum = v128.load(sums);
    const mass = v128.load(sums, 16);
    const stays = f32x4.gt(v128.and(sum, magnitude), f32x4.mul(mass, cancelled));
    v128.store(sums, v128.and(sum, stays));
    v128.store(sums, v128.and(mass, stays), 16);
    v128.store(sums, v128.and(v128.load(sums, 32), stays), 32);
    v128.store(sums, v128.and(v128.load(sums, 48), stays), 48);
  }
}

/** An unchanged weight is the base, bit for bit. */
function move(at: usize, change: v128, scale: v128): void {
  const base = v128.load(at);
  const step = f32x4.mul(scale, change);
  v128.store(at, v128.bitselect(base, f32x4.add(base, step), f32x4.eq(step, i32x4.splat(0))));
}

function decodeRow(entry: usize, done: usize, count: usize, out: usize): void {
  const kind = load<i32>(entry, 4);
  decode(<usize>load<u32>(entry) + (done << shiftOf(kind)), kind, out, count);
}
