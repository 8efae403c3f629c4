import { describe, expect, it } from 'vitest';
import { clamp, dragged, place, spoken, stepped, withMean, written } from './scale.ts';

const lambda = { min: -0.5, max: 1.5, step: 0.05, default: 0.3, snaps: [0, 1] };
const rank = { min: 1, max: 64, step: 1, default: 8, integer: true, snaps: [8] };

describe('a step', () => {
  it('goes from grid point to grid point without the dust of binary fractions', () => {
    const path = [0.25, 0.3, 0.35, 0.4];
    for (const [i, value] of path.slice(0, -1).entries()) expect(stepped(lambda, value, 1)).toBe(path[i + 1]);
  });

  it('from between two grid points goes to the one on its side', () => {
    expect(stepped(lambda, 0.3127, 1)).toBe(0.35);
    expect(stepped(lambda, 0.3127, -1)).toBe(0.3);
    expect(stepped(lambda, -0.02, 1)).toBe(0);
  });

  it('stops at the ends', () => {
    expect(stepped(lambda, 1.45, 10)).toBe(1.5);
    expect(stepped(rank, 1, -1)).toBe(1);
  });
});

describe('a drag', () => {
  it('moves in fifths of a step, and in whole numbers where only these count', () => {
    expect(dragged(lambda, 0.30712)).toBe(0.31);
    expect(dragged(rank, 11.4)).toBe(11);
  });

  it('is pulled to a mark nearby, and by nothing else', () => {
    expect(dragged(lambda, 0.979)).toBe(1);
    expect(dragged(lambda, 0.96)).toBe(0.96);
  });

  it('never gives minus zero, which would be another merge', () => {
    expect(Object.is(dragged(lambda, -0.001), 0)).toBe(true);
    expect(Object.is(clamp(lambda, -0), 0)).toBe(true);
  });
});

describe('a number', () => {
  it('is written so that it can be parsed again, and read with a true minus sign', () => {
    expect(written(lambda, -0.25)).toBe('-0.25');
    expect(spoken(lambda, -0.25)).toBe('−0.25');
    expect(spoken(rank, 8)).toBe('8');
  });

  it('that rounds to zero has no sign', () => {
    expect(written(lambda, -0.001)).toBe('0.00');
  });

  it('shows the decimals of small steps', () => {
    expect(written({ min: 0.001, max: 0.05, step: 0.001, default: 0.01 }, 0.013)).toBe('0.013');
  });

  it('lies on the track in proportion, and within it', () => {
    expect(place(lambda, 0.5)).toBe(0.5);
    expect(place(lambda, 9)).toBe(1);
  });
});

describe('all together', () => {
  it('keeps the proportions of values of one sign', () => {
    expect(withMean(lambda, [0.2, 0.4], 0.6)).toEqual([0.4, 0.8]);
  });

  it('shifts values of both signs, and zeros', () => {
    expect(withMean(lambda, [-0.1, 0.3], 0.2)).toEqual([0, 0.4]);
    expect(withMean(lambda, [0, 0, 0], 0.3)).toEqual([0.3, 0.3, 0.3]);
  });

  it('keeps every value within its limits', () => {
    expect(withMean(lambda, [0.1, 1], 1.5)).toEqual([0.272727, 1.5]);
  });
});
