/** Masks: one bit per weight, eight to a byte, the first weight in the lowest bit. */

export function packBits(length: number, isSet: (i: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(length / 8));
  for (let i = 0; i < length; i++) {
    // In range: there is a byte for every eight weights.
    if (isSet(i)) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  }
  return bits;
}

export const bitAt = (bits: Uint8Array, i: number): boolean => (((bits[i >> 3] as number) >> (i & 7)) & 1) === 1;

/**
 * How many of the weights 0, 1, 2 … all of the masks keep, and how many each mask keeps.
 * @param length weights that each mask covers
 */
export function countMasks(masks: readonly Uint8Array[], length: number) {
  const agreement = Array.from({ length: masks.length + 1 }, () => 0);
  const kept = masks.map(() => 0);
  for (let i = 0; i < length; i++) {
    let count = 0;
    for (let t = 0; t < masks.length; t++) {
      if (!bitAt(masks[t] as Uint8Array, i)) continue;
      count++;
      kept[t] = (kept[t] as number) + 1;
    }
    agreement[count] = (agreement[count] as number) + 1;
  }
  return { kept, agreement };
}

/** The same as a method tells it: shares of the weights in place of counts. */
export function maskReadout(masks: readonly Uint8Array[], length: number) {
  const { kept, agreement } = countMasks(masks, length);
  return { kept: kept.map((count) => count / length), agreement };
}
