import { expect, it } from 'vitest';
import { equalBudgets } from './equal-budget.ts';

it('parts the pool into runs that share no merge', () => {
  expect(equalBudgets([1, 2, 3, 4, 5, 6, 7], 3, 2)).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
});

it('refuses a pool that is too small', () => {
  expect(() => equalBudgets([1, 2, 3], 2, 2)).toThrow('3 merges cannot hold 2 runs of 2; wanted at least 4');
});
