import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beyondNoise, wilson } from './wilson.ts';

const counts = fc
  .integer({ min: 1, max: 5000 })
  .chain((n) => fc.record({ correct: fc.integer({ min: 0, max: n }), n: fc.constant(n) }));

describe('Wilson’s interval', () => {
  it.each([
    [90, 100, 0.8256, 0.9448],
    [360, 400, 0.8667, 0.9257],
  ])('of %i correct of %i is the catalogue’s', (correct, n, low, high) => {
    expect(wilson(correct, n).low).toBeCloseTo(low, 4);
    expect(wilson(correct, n).high).toBeCloseTo(high, 4);
  });

  it('lies inside 0…1, holds the proportion, and mirrors when right and wrong are swapped', () => {
    fc.assert(
      fc.property(counts, ({ correct, n }) => {
        const { low, high } = wilson(correct, n);
        expect(0 <= low && low <= correct / n && correct / n <= high && high <= 1).toBe(true);
        expect(wilson(n - correct, n).low).toBeCloseTo(1 - high, 12);
      }),
    );
  });

  it('is everything when nothing was measured', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
  });
});

describe('a difference beyond noise', () => {
  it('needs about 11 points at 64 samples near 85 %, about 4 at 512', () => {
    expect(beyondNoise({ correct: 54, n: 64 }, { correct: 60, n: 64 })).toBe(false);
    expect(beyondNoise({ correct: 52, n: 64 }, { correct: 61, n: 64 })).toBe(true);
    expect(beyondNoise({ correct: 435, n: 512 }, { correct: 445, n: 512 })).toBe(false);
    expect(beyondNoise({ correct: 435, n: 512 }, { correct: 460, n: 512 })).toBe(true);
  });

  it('is symmetric and never between a count and itself', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        expect(beyondNoise(a, b)).toBe(beyondNoise(b, a));
        expect(beyondNoise(a, a)).toBe(false);
      }),
    );
  });

  it('is unknown without samples', () => {
    expect(beyondNoise({ correct: 0, n: 0 }, { correct: 5, n: 5 })).toBe(false);
  });
});
