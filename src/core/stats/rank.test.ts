import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descendingOrder, ranksWithin } from './rank.ts';

const values = fc
  .array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1)), { maxLength: 60 })
  .map((list) => Float32Array.from(list));

test('the order is that of a stable comparison sort, largest magnitude first', () => {
  fc.assert(
    fc.property(values, (given) => {
      const wanted = [...given.keys()].sort((i, j) => Math.abs(given[j] ?? 0) - Math.abs(given[i] ?? 0) || i - j);
      expect([...descendingOrder(given)]).toEqual(wanted);
    }),
    { seed: 1 },
  );
});

test('it reads a view of a longer array from its own beginning', () => {
  expect([...descendingOrder(Float32Array.of(9, 1, -3, 2).subarray(1))]).toEqual([1, 2, 0]);
});

test('ranks count within each segment by itself', () => {
  const given = Float32Array.of(3, -1, 2, -5, 4, 0);
  expect([...ranksWithin(descendingOrder(given), Uint32Array.of(0, 0, 0, 1, 1, 1), 2)]).toEqual([0, 2, 1, 0, 1, 2]);
});
