import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withSumKept } from './locked-sum.ts';

const range = { min: -0.5, max: 1.5 };
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test('the others move against the one that is moved, in their proportions', () => {
  expect(withSumKept([0.3, 0.2, 0.4], { place: 0, value: 0.6, groups: 1 }, range)).toEqual([0.6, 0.1, 0.2]);
});

test('values that are zero move alike', () => {
  expect(withSumKept([0.6, 0, 0], { place: 0, value: 0.2, groups: 1 }, range)).toEqual([0.2, 0.2, 0.2]);
});

test('a single coefficient cannot move', () => {
  expect(withSumKept([0.6], { place: 0, value: 0.2, groups: 1 }, range)).toEqual([0.6]);
});

test('groups of layers keep a sum each', () => {
  const moved = withSumKept([0.3, 0.9, 0.3, 0.1], { place: 1, value: 0.5, groups: 2 }, range);
  expect(moved).toEqual([0.3, 0.5, 0.3, 0.5]);
});

test('whatever is moved, the sum stays and every value lies in the range', () => {
  const value = fc.integer({ min: -50, max: 150 }).map((n) => n / 100);
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 8 }), fc.nat(), value, (values, at, wanted) => {
      const moved = withSumKept(values, { place: at % values.length, value: wanted, groups: 1 }, range);
      expect(sum(moved)).toBeCloseTo(sum(values), 9);
      for (const one of moved) {
        // Rounding to four digits can add up over eight values.
        expect(one).toBeGreaterThanOrEqual(range.min - 5e-4);
        expect(one).toBeLessThanOrEqual(range.max + 5e-4);
      }
    }),
  );
});
