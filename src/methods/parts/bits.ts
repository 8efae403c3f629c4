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

/** Number of weights that 0, 1, 2 … of the masks keep. @param counts masks that keep each weight */
export function agreementOf(counts: Uint8Array, masks: number): number[] {
  const agreement = Array.from({ length: masks + 1 }, () => 0);
  for (const count of counts) agreement[count] = (agreement[count] as number) + 1;
  return agreement;
}

/** What masks keep: the share of weights of each, and how many of them agree. @param length weights that each mask covers */
export function maskReadout(masks: readonly Uint8Array[], length: number) {
  const counts = new Uint8Array(length);
  const kept = masks.map((mask) => {
    let count = 0;
    for (let i = 0; i < length; i++) {
      if (!bitAt(mask, i)) continue;
      counts[i] = (counts[i] as number) + 1;
      count++;
    }
    return count / length;
  });
  return { kept, agreement: agreementOf(counts, masks.length) };
}
