import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { crossed, mutated, vary } from './variation.ts';

const unit = { min: 0, max: 1 };
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('simulated binary crossover', () => {
  it('follows the bounded formula', () => {
    // β = 1 + 2·0.2/0.4 = 2, α = 2 − 2⁻³ = 1.875, u = 0.5 ≤ 1/α: β_q = (0.9375)^(1/3); above β = 1 + 2·0.4/0.4 = 3.
    const [low, high] = crossed(0.2, 0.6, unit, 2, 0.5);
    expect(low).toBeCloseTo(0.4 - 0.2 * 0.9375 ** (1 / 3), 14);
    expect(high).toBeCloseTo(0.4 + 0.2 * (0.5 * (2 - 3 ** -3)) ** (1 / 3), 14);
    // u above 1/α: the other branch.
    const [, far] = crossed(0.2, 0.6, unit, 2, 0.9);
    expect(far).toBeCloseTo(0.4 + 0.2 * (1 / (2 - 0.9 * (2 - 3 ** -3))) ** (1 / 3), 14);
  });

  it('reaches at most the borders, and gives nearer children for a larger index', () => {
    fc.assert(
      fc.property(share, share, share, (a, b, u) => {
        fc.pre(Math.abs(a - b) > 1e-9);
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const spread = [2, 20].map((index) => {
          const [first, second] = crossed(low, high, unit, index, u);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(second).toBeLessThanOrEqual(1);
          expect(first).toBeLessThanOrEqual(second + 1e-12);
          return Math.abs(first - low) + Math.abs(second - high);
        });
        // At u = 1 the formula divides by what is left of 2 after nearly 2 is taken off: half of the digits.
        expect(spread[1]).toBeLessThanOrEqual((spread[0] ?? 0) + 1e-6);
      }),
    );
  });
});

describe('polynomial mutation', () => {
  it('follows the bounded formula', () => {
    // δ₁ = 0.3: v = 0.5 + 0.5·0.7³ for r = 0.25; δ₂ = 0.7: v = 0.5 + 0.5·0.3³ for r = 0.75.
    expect(mutated(0.3, unit, 2, 0.25)).toBeCloseTo(0.3 + (0.5 + 0.5 * 0.7 ** 3) ** (1 / 3) - 1, 14);
    expect(mutated(0.3, unit, 2, 0.75)).toBeCloseTo(0.3 + 1 - (0.5 + 0.5 * 0.3 ** 3) ** (1 / 3), 14);
  });

  it('leaves the variable at r = ½ and reaches both borders', () => {
    fc.assert(
      fc.property(share, (x) => {
        expect(mutated(x, unit, 20, 0.5)).toBeCloseTo(x, 12);
        expect(mutated(x, unit, 20, 0)).toBeCloseTo(0, 12);
        expect(mutated(x, unit, 20, 1)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describe('children', () => {
  const box = [
    { min: -1, max: 2 },
    { min: 5, max: 5 },
    { min: 0, max: 0.1 },
  ];
  const vector = fc.tuple(...box.map(({ min, max }) => fc.double({ min, max, noNaN: true })));
  const variation = { crossoverIndex: 3, crossover: 1, mutationIndex: 3, mutation: 0.7 };

  it('stay inside the box', () => {
    fc.assert(
      fc.property(vector, vector, fc.nat(), (a, b, seed) => {
        for (const child of vary([a, b], box, variation, randomStream(seed, 'children'))) {
          for (const [i, { min, max }] of box.entries()) {
            expect(child[i]).toBeGreaterThanOrEqual(min);
            expect(child[i]).toBeLessThanOrEqual(max);
          }
        }
      }),
    );
  });

  it('are their parents where nothing is crossed or mutated', () => {
    const still = { ...variation, crossover: 0, mutation: 0 };
    const random = randomStream(1, 'children');
    expect(
      vary(
        [
          [1, 5, 0],
          [0, 5, 0.1],
        ],
        box,
        still,
        random,
      ).map((child) => [...child]),
    ).toEqual([
      [1, 5, 0],
      [0, 5, 0.1],
    ]);
  });

  it('cross and mutate as often as told', () => {
    const random = randomStream(1, 'children');
    const wide = Array.from({ length: 2000 }, () => unit);
    const [a, b] = [wide.map(() => 0.25), wide.map(() => 0.75)];
    const changed = (told: Partial<typeof variation>) => {
      const quiet = { ...variation, crossover: 0, mutation: 0, ...told };
      const [child] = vary([a, b], wide, quiet, random);
      return child.filter((value) => value !== 0.25).length / wide.length;
    };
    // Four standard deviations of a share of 2,000.
    expect(Math.abs(changed({ crossover: 1 }) - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
    expect(Math.abs(changed({ mutation: 0.3 }) - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 2000));
  });
});
