/** Which line a pointer means. */

export interface Hit {
  readonly index: number;
  /** Pixels between the line and the pointer. */
  readonly distance: number;
}

/**
 * The line nearest to a place, of equally near ones the last, which is drawn on top.
 * @param xs places of the axes
 * @param heights [lines × axes], NaN for gaps: no line is there, nor on the way to its neighbours
 * @param reach pixels beyond which nothing is meant
 */
export function nearestLine(
  xs: readonly number[],
  heights: Float32Array,
  [x, y]: readonly [number, number],
  reach: number,
  accepts: (index: number) => boolean = () => true,
): Hit | undefined {
  let best: Hit | undefined;
  for (let index = 0; index * xs.length < heights.length; index++) {
    if (!accepts(index)) continue;
    const distance = distanceTo(xs, heights, index * xs.length, x, y);
    if (distance <= (best?.distance ?? reach)) best = { index, distance };
  }
  return best;
}

/** Distance to the corners and stretches of the line that starts at `offset`. */
function distanceTo(xs: readonly number[], heights: Float32Array, offset: number, x: number, y: number): number {
  let least = Number.POSITIVE_INFINITY;
  let left = Number.NaN;
  for (let k = 0; k < xs.length; k++) {
    const at = xs[k] ?? 0;
    const height = heights[offset + k] ?? Number.NaN;
    // Comparisons with NaN are false: a gap is never near.
    const corner = Math.hypot(at - x, height - y);
    if (corner < least) least = corner;
    const before = xs[k - 1] ?? at;
    if (x > before && x < at) {
      const rise = (height - left) / (at - before);
      const stretch = Math.abs(left + rise * (x - before) - y) / Math.hypot(1, rise);
      if (stretch < least) least = stretch;
    }
    left = height;
  }
  return least;
}
