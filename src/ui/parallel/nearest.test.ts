import { describe, expect, it } from 'vitest';
import { nearestLine } from './nearest.ts';

const xs = [0, 100, 200];
const none = Number.NaN;
/** Level lines at 10 and 30, one that rises from 100 to 0 and stops, and one with a single value. */
const heights = Float32Array.of(10, 10, 10, 30, 30, 30, 100, 0, none, none, none, 80);
const at = (x: number, y: number, accepts?: (index: number) => boolean) =>
  nearestLine(xs, heights, [x, y], 8, accepts)?.index;

describe('the nearest line', () => {
  it('is found on its corners and on the way between them', () => {
    expect([at(100, 12), at(150, 12), at(150, 26)]).toEqual([0, 0, 1]);
  });

  it('is measured straight across, not straight down', () => {
    // 10 above the rising line, which is 7.1 away from it.
    expect(nearestLine(xs, heights, [45, 45], 8)?.distance).toBeCloseTo(10 / Math.SQRT2);
    expect(at(45, 45)).toBe(2);
  });

  it('is none beyond the reach', () => {
    expect([at(150, 20), at(150, 60), at(-9, 10)]).toEqual([undefined, undefined, undefined]);
  });

  it('is not in a gap, but at a value between two gaps', () => {
    expect([at(150, 75), at(199, 77)]).toEqual([undefined, 3]);
  });

  it('is the last of equals, and one of those that are accepted', () => {
    const twins = Float32Array.of(5, 5, 5, 5, 5, 5);
    expect(nearestLine(xs, twins, [50, 5], 8)?.index).toBe(1);
    expect(nearestLine(xs, twins, [50, 5], 8, (index) => index === 0)?.index).toBe(0);
  });
});
