import { expect, it } from 'vitest';
import { chosenBy, shares, spread, volumes } from './volumes.ts';

it('chooses by calibration alone', () => {
  expect(
    chosenBy([
      [0.9, 0.2],
      [0.5, 0.1],
      [0.4, 0.8],
    ]).sort(),
  ).toEqual([0, 2]);
});

it('covers the same merges on both splits, above 0 and above the worst', () => {
  const front = {
    calibration: [
      [0.8, 0.5],
      [0.5, 0.8],
    ],
    // On the test split the first beats the second: it covers all of it.
    test: [
      [0.7, 0.5],
      [0.5, 0.4],
    ],
  };
  const covered = volumes(front, [0.4, 0.4]);
  expect(covered.zero.calibration).toBeCloseTo(0.55, 12);
  expect(covered.zero.test).toBeCloseTo(0.35, 12);
  expect(covered.worst.calibration).toBeCloseTo(0.07, 12);
  expect(covered.worst.test).toBeCloseTo(0.03, 12);
});

it('is a share of the reference’s volume, each of its own kind', () => {
  const own = { zero: { calibration: 1, test: 2 }, worst: { calibration: 3, test: 4 } };
  const all = { zero: { calibration: 2, test: 2 }, worst: { calibration: 4, test: 16 } };
  expect(shares(own, all)).toEqual({ zero: { calibration: 0.5, test: 1 }, worst: { calibration: 0.75, test: 0.25 } });
});

it('spreads from the lowest to the highest around the mean', () => {
  expect(spread([3, 1, 5])).toEqual({ mean: 3, min: 1, max: 5 });
});
