import { describe, expect, it } from 'vitest';
import { features } from '../surrogate/features.ts';
import { addRow, emptySums, solve } from '../surrogate/regression.ts';
import { type Axis, design, distanceOutside, insideBox, pointsNeeded, sampledBox, samplingRange } from './design.ts';

describe('the design', () => {
  const lambda: Axis = { min: -0.5, max: 1.5, perExpert: true };
  const axes = (n: number) => Array.from({ length: n }, () => lambda);

  it('begins with the base and each expert alone', () => {
    expect(design(axes(3), 4, 1)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('samples experts between absent and fully added, and continues a shorter design', () => {
    const long = design(axes(4), 30, 9);
    expect(long.slice(0, 15)).toEqual(design(axes(4), 15, 9));
    expect(long.flat().every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(new Set(long.map(String)).size).toBe(30);
  });

  it('determines the quadratic with the fewest points for two to eight experts', () => {
    for (let n = 2; n <= 8; n++) {
      const p = pointsNeeded(n);
      const sums = emptySums(p);
      for (const c of design(axes(n), p, 3)) addRow(sums, { phi: features(c), z: 1, weight: 1 });
      const { factor } = solve(sums, 0);
      const pivots = Array.from({ length: p }, (_, i) => factor[i * (p + 1)] ?? 0);
      expect(Math.min(...pivots), `N = ${n}`).toBeGreaterThan(1e-3);
    }
  });

  it('has no base where the space does not hold it, and uses the whole range of a method’s own control', () => {
    expect(samplingRange({ min: -0.5, max: 2, perExpert: false })).toEqual({ min: -0.5, max: 2 });
    const own = design([{ min: 0, max: 2, perExpert: false }], 16, 1).flat();
    expect(Math.max(...own)).toBeGreaterThan(1.8);
    expect(own).not.toContain(0);
    const away = design([{ min: 0.2, max: 1, perExpert: true }, lambda], 3, 1);
    expect(away.every(([x]) => (x ?? 0) >= 0.2)).toBe(true);
  });

  it('tells the box that was sampled', () => {
    const box = sampledBox([{ coefficients: [0, 2] }, { coefficients: [1, -1] }]) ?? [];
    expect(box).toEqual([
      { min: 0, max: 1 },
      { min: -1, max: 2 },
    ]);
    expect(insideBox([0.5, 0], box)).toBe(true);
    expect(insideBox([0.5, 3], box)).toBe(false);
    expect(sampledBox([])).toBeUndefined();
  });

  it('tells how far outside the box a point lies, in widths of the axis that is farthest', () => {
    const box = [
      { min: 0, max: 2 },
      { min: 0, max: 1 },
    ];
    expect(distanceOutside([0, 1], box)).toBe(0);
    expect(distanceOutside([3, 0.5], box)).toBe(0.5);
    expect(distanceOutside([3, -0.75], box)).toBe(0.75);
    expect(distanceOutside([0.5], [{ min: 0, max: 0 }])).toBe(Number.POSITIVE_INFINITY);
  });
});
