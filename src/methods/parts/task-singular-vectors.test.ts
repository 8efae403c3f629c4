import { expect, it } from 'vitest';
import { thinSvd } from '../../core/linalg/svd.ts';
import { firstOf } from './factor.ts';
import { inOrthogonalBases, interference } from './task-singular-vectors.ts';

const kept = (values: number[]) => firstOf(thinSvd(values, 2, 2), 1);
const first = kept([3, 0, 0, 0]);
const second = kept([0, 0, 0, 2]);

it('finds no interference between orthogonal directions, and the strengths where they are the same', () => {
  expect(interference([first, second], 2, 2)).toBeCloseTo(0, 12);
  // (UᵀU − I) Σ (VVᵀ − I) of two copies is diag(3, 3).
  expect(interference([first, first], 2, 2)).toBeCloseTo(6, 12);
});

it('finds interference only where left and right directions both overlap', () => {
  // [[0, 2], [0, 0]] shares the left direction of the first alone.
  expect(interference([first, kept([0, 2, 0, 0])], 2, 2)).toBeCloseTo(0, 12);
});

it('leaves orthogonal changes as they are', () => {
  const changes = inOrthogonalBases([first, second], 2, 2).map((values) =>
    [...values].map((x) => Math.round(x * 1e9) / 1e9 + 0),
  );
  expect(changes).toEqual([
    [3, 0, 0, 0],
    [0, 0, 0, 2],
  ]);
});
