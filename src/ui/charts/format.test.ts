import { describe, expect, it } from 'vitest';
import { duration, megabytes, percent, wholePercent } from './format.ts';

describe('numbers on the page', () => {
  it('durations are no finer than a guess is worth', () => {
    expect([0.2, 3.2, 59.6, 95, 119.7, 601].map(duration)).toEqual([
      '1 s',
      '3 s',
      '1 min',
      '1 min 35 s',
      '2 min',
      '10 min',
    ]);
  });

  it('accuracies have one decimal, shares of the expert none', () => {
    expect([percent(0.8321), percent(1), wholePercent(0.968), megabytes(1_234_567)]).toEqual([
      '83.2',
      '100.0',
      '97 %',
      '1.2 MB',
    ]);
  });
});
