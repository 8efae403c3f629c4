import { describe, expect, it } from 'vitest';
import { runsOf } from './front-runs.ts';

describe('runs of a line', () => {
  const keeps = (value: number) => value > 0;
  it('are one where nothing is left out', () => {
    expect(runsOf([1, 2, 3], keeps)).toEqual([{ kept: true, points: [1, 2, 3] }]);
    expect(runsOf([], keeps)).toEqual([]);
  });

  it('meet: the stretch from one kind to the other is left out', () => {
    expect(runsOf([1, 2, -1, -2, 3, 4], keeps)).toEqual([
      { kept: true, points: [1, 2] },
      { kept: false, points: [2, -1, -2, 3] },
      { kept: true, points: [3, 4] },
    ]);
    expect(runsOf([-1, 2], keeps)).toEqual([
      { kept: false, points: [-1, 2] },
      { kept: true, points: [2] },
    ]);
  });
});
