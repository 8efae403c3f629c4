import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { design } from '../design/design.ts';
import { expectClose, solveDense } from '../quadratic.testing.ts';
import { featureCount, features } from './features.ts';
import { leverages } from './leverage.ts';
import { addRow, dot, emptySums, solve } from './regression.ts';

const RIDGE = 1e-3;

/** Rows of one to four coefficients (p = 3, 6, 10, 15: even and odd), any number of them, of any weights. */
const regressions = fc.integer({ min: 1, max: 4 }).chain((n) =>
  fc
    .array(fc.double({ min: 0.1, max: 9, noNaN: true }), {
      minLength: featureCount(n),
      maxLength: 3 * featureCount(n),
    })
    .map((weights) => {
      const axes = Array.from({ length: n }, () => ({ min: 0, max: 1, perExpert: true }));
      const rows = design(axes, weights.length, 11).map((c, i) => ({
        phi: features(c),
        z: Math.sin(i),
        weight: weights[i] ?? 1,
      }));
      const sums = emptySums(featureCount(n));
      for (const row of rows) addRow(sums, row);
      return { rows, sums };
    }),
);

describe('leverages', () => {
  it('are w·φᵀ(ΦᵀWΦ + λΣwD)⁻¹φ by elimination', () => {
    fc.assert(
      fc.property(regressions, ({ rows, sums }) => {
        const { p, gram, weight } = sums;
        const entry = (i: number, j: number) => gram[Math.max(i, j) * p + Math.min(i, j)] ?? 0;
        const matrix = Array.from({ length: p }, (_, i) =>
          Array.from({ length: p }, (_, j) => entry(i, j) + (i === j && i < p - 1 ? RIDGE * weight : 0)),
        );
        const wanted = rows.map((row) => row.weight * dot(row.phi, solveDense(matrix, [...row.phi])));
        expectClose(leverages(solve(sums, RIDGE).factor, rows), wanted, 1e-9);
      }),
    );
  });

  it('lie between 0 and 1 and sum to p without a penalty', () => {
    fc.assert(
      fc.property(regressions, ({ rows, sums }) => {
        const shares = [...leverages(solve(sums, 0).factor, rows)];
        expect(shares.every((share) => share > 0 && share < 1 + 1e-9)).toBe(true);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(sums.p, 6);
      }),
    );
  });

  it('are none of no rows', () => {
    expect(leverages(new Float64Array(9), [])).toHaveLength(0);
  });
});

describe('a regression without a penalty', () => {
  it('does not change by a row that lies on it, and does by one that does not', () => {
    fc.assert(
      fc.property(regressions, ({ rows, sums }) => {
        const { beta } = solve(sums, 0);
        const size = Math.max(1, ...beta.map(Math.abs));
        const [row] = rows;
        if (!row) throw new Error('no row was made');
        addRow(sums, { ...row, z: dot(row.phi, beta) });
        expectClose(solve(sums, 0).beta, beta, 1e-7 * size);
        addRow(sums, { ...row, z: dot(row.phi, beta) + 1 });
        expect(dot(row.phi, solve(sums, 0).beta)).toBeGreaterThan(dot(row.phi, beta) + 1e-3);
      }),
    );
  });

  it('goes through every point when there are as many as unknowns, which says nothing about other points', () => {
    const axes = Array.from({ length: 3 }, () => ({ min: 0, max: 1, perExpert: true }));
    const rows = design(axes, 10, 4).map((c, i) => ({ phi: features(c), z: Math.cos(7 * i), weight: 1 }));
    const sums = emptySums(10);
    for (const row of rows) addRow(sums, row);
    const { beta } = solve(sums, 0);
    expectClose(
      rows.map((row) => dot(row.phi, beta)),
      rows.map((row) => row.z),
      1e-9,
    );
  });

  it('that rows do not determine is refused with the feature', () => {
    const sums = emptySums(3);
    for (const x of [0, 1]) addRow(sums, { phi: features([x]), z: x, weight: 1 });
    expect(() => solve(sums, 0)).toThrow('do not determine feature 1 of 3');
  });
});
