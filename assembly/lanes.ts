/** What many loops do with the four numbers of a vector. */

/** Writes the lanes of the mask one after the other; what stands behind them is written over by the next. @returns where they end */
export function append(four: v128, lanes: i32, to: usize): usize {
  v128.store32_lane(to, four, 0);
  to += (lanes & 1) << 2;
  v128.store32_lane(to, four, 1);
  to += (lanes & 2) << 1;
  v128.store32_lane(to, four, 2);
  to += lanes & 4;
  v128.store32_lane(to, four, 3);
  return to + ((lanes & 8) >>> 1);
}

export function totalOf(counts: v128): i32 {
  const pairs = i32x4.add(counts, v128.shuffle<i64>(counts, counts, 1, 0));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}
