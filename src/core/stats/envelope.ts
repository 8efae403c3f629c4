/** Least and largest value of equal stretches of a long row of numbers, taken in as it comes. */

export interface Envelope {
  /** By stretch, in order; NaN where a stretch has no number. */
  readonly least: Float32Array;
  readonly most: Float32Array;
}

/**
 * @param length of the whole row
 * @param stretches at most; a short row has one for each of its numbers
 */
export function createEnvelope(length: number, stretches: number) {
  const count = Math.max(1, Math.min(length, stretches));
  const least = new Float32Array(count).fill(Number.NaN);
  const most = new Float32Array(count).fill(Number.NaN);
  let at = 0;
  return {
    /** The next values of the row. */
    add(values: Float32Array) {
      for (let i = 0; i < values.length; i++, at++) {
        const x = values[i] as number;
        if (x - x !== 0) continue;
        // In range: the place is less than the length.
        const stretch = Math.floor((at * count) / length);
        if (!(x >= (least[stretch] as number))) least[stretch] = x;
        if (!(x <= (most[stretch] as number))) most[stretch] = x;
      }
    },
    result: (): Envelope => ({ least, most }),
  };
}
