import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { features } from '../surrogate/features.ts';
import { design, pointsNeeded } from './design.ts';
import { NESTED_DESIGN, officialDesign, plainDesign } from './official.ts';

/** Rank by elimination with full pivoting. */
function rankOf(points: readonly (readonly number[])[]): number {
  const rows = points.map((c) => [...features(c)]);
  const columns = rows[0]?.length ?? 0;
  let rank = 0;
  for (let column = 0; column < columns; column++) {
    const size = (row: number) => Math.abs(rows[row]?.[column] ?? 0);
    let pivot = rank;
    for (let row = rank; row < rows.length; row++) if (size(row) > size(pivot)) pivot = row;
    if (rank >= rows.length || size(pivot) < 1e-9) continue;
    [rows[rank], rows[pivot]] = [rows[pivot] ?? [], rows[rank] ?? []];
    const top = rows[rank] ?? [];
    for (let row = rank + 1; row < rows.length; row++) {
      const factor = (rows[row]?.[column] ?? 0) / (top[column] ?? 1);
      rows[row] = (rows[row] ?? []).map((x, j) => x - factor * (top[j] ?? 0));
    }
    rank++;
  }
  return rank;
}

describe('the official design', () => {
  it('has 19 of the 20 points of a node of nested MAP: 2 lone experts, 1 on the diagonal, 1 beside, 15 of a 6 × 6 grid', () => {
    const points = officialDesign(2, NESTED_DESIGN, 1);
    expect(points).toHaveLength(19);
    expect(points.slice(0, 2)).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(points[2]?.[0]).toBe(points[2]?.[1]);
    const [x = 0, y = 0] = points[3] ?? [];
    expect(x).not.toBe(y);
    const grid = points.slice(4);
    expect(grid.every((c) => c.every((value) => Math.abs(value * 5 - Math.round(value * 5)) < 1e-12))).toBe(true);
    expect(grid.some(([a = 0, b = 0]) => a === b || Math.round(5 * (a + b)) === 5)).toBe(false);
    expect(new Set(points.map(String)).size).toBe(19);
  });

  it('has 2p points for plain MAP wherever its grid is large enough, all in the unit cube', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.nat(), (n, seed) => {
        const points = officialDesign(n, plainDesign(n), seed);
        // At N = 2 a 5 × 5 grid without its diagonal and its lone experts' line holds more than the 10 wanted.
        expect(points).toHaveLength(2 * pointsNeeded(n));
        expect(points.flat().every((x) => x >= 0 && x <= 1)).toBe(true);
        expect(points).toEqual(officialDesign(n, plainDesign(n), seed));
      }),
      { numRuns: 30 },
    );
    expect(officialDesign(3, plainDesign(3), 1)).not.toEqual(officialDesign(3, plainDesign(3), 2));
  });

  it('does not determine the quadratic of eight experts, rank 37 of 45; ours does with half of the points', () => {
    expect(rankOf(officialDesign(8, plainDesign(8), 1))).toBe(37);
    expect(rankOf(officialDesign(8, { total: 250, isotropic: 0, oneHot: 0 }, 1))).toBe(45);
    const axes = Array.from({ length: 8 }, () => ({ min: 0, max: 1, perExpert: true }));
    expect(rankOf(design(axes, 45, 1))).toBe(45);
  });

  it('loses half of an odd part, and what its grid does not have', () => {
    // 10 − 2 = 8: isotropic 3 → 1 + 1, disturbed 3 → 1, grid 2 of the 4 corners, which are all excluded.
    expect(officialDesign(2, { total: 10, isotropic: 0.4, oneHot: 0.4 }, 1)).toHaveLength(5);
  });

  it('is refused in words with fewer points than experts or too large a grid', () => {
    expect(() => officialDesign(4, { total: 3, isotropic: 0, oneHot: 0 }, 1)).toThrow('3 points are asked for');
    expect(() => officialDesign(21, plainDesign(21), 1)).toThrow('wanted at most 1048576');
  });
});
