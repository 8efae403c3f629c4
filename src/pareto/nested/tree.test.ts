import { describe, expect, it } from 'vitest';
import { checkTree, closestPair, idOf, inOrder, leavesOf } from './tree.ts';

const CHAIN = [[[0, 1], 2], 3] as const;

const BALANCED = [
  [0, 1],
  [2, 3],
] as const;

describe('the tree', () => {
  it('merges the two models of nearest metric, the first such pair in list order', () => {
    expect(closestPair([0.9, 0.5, 0.85, 0.4])).toEqual([0, 2]);
    expect(closestPair([0.5, 0.7, 0.5, 0.5])).toEqual([0, 2]);
    expect(() => closestPair([0.5])).toThrow('1 models make no pair');
  });

  it('has a name, leaves, and the same order however it was drawn', () => {
    expect(idOf(CHAIN)).toBe('(((0,1),2),3)');
    expect(
      leavesOf([
        [3, 1],
        [2, 0],
      ]),
    ).toEqual([3, 1, 2, 0]);
    expect(
      inOrder([
        [3, 1],
        [2, 0],
      ]),
    ).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it('holds every expert exactly once', () => {
    expect(() => checkTree(BALANCED, 4)).not.toThrow();
    expect(() => checkTree([0, [1, 1]], 3)).toThrow('the leaves 0, 1, 1; wanted each of 0, 1, 2 once');
    expect(() => checkTree([0, 1], 3)).toThrow('wanted each of 0, 1, 2 once');
  });
});
