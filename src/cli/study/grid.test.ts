import { expect, it } from 'vitest';
import { grid } from './front-study.ts';

it('is evenly spaced with both ends, the last coefficient changing fastest', () => {
  const box = [
    { min: 0, max: 1 },
    { min: -1, max: 1 },
  ];
  expect(grid(box, 3)).toEqual([0, 0.5, 1].flatMap((a) => [-1, 0, 1].map((b) => [a, b])));
});
