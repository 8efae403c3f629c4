import { describe, expect, it } from 'vitest';
import { placeNames, shareTicks, sizeTicks, xOf, yOf } from './size-scale.ts';

const box = { left: 40, right: 440, top: 10, bottom: 150 };

describe('the plot of size against accuracy', () => {
  it('is logarithmic in size', () => {
    expect([1, 2, 4].map((size) => xOf(size, 4, box))).toEqual([40, 240, 440]);
    expect(sizeTicks(8)).toEqual([1, 2, 4, 8]);
    expect(sizeTicks(3)).toEqual([1, 2]);
  });

  it('has round accuracies around all values, never beyond 0 and 1', () => {
    const ticks = shareTicks([0.781, 0.963]);
    expect(ticks.map((share) => Math.round(share * 100))).toEqual([75, 80, 85, 90, 95, 100]);
    expect(shareTicks([1, 1]).at(-1)).toBeLessThanOrEqual(1);
    expect(shareTicks([0, 0.004])[0]).toBe(0);
    expect(yOf(0.75, [0.75, 1], box)).toBe(150);
  });

  it('names marks beside them, inside, and never two names on each other', () => {
    const names = placeNames(
      [
        { text: 'first', x: 200, y: 80 },
        { text: 'second', x: 202, y: 82 },
        { text: 'at the end', x: 438, y: 80 },
      ],
      box,
    );
    expect(names.map(({ anchor }) => anchor)).toEqual(['start', 'end', 'end']);
    const [left] = placeNames(
      [
        { text: 'beside another mark', x: 200, y: 80 },
        { text: 'it', x: 214, y: 82 },
      ],
      box,
    );
    expect(left?.anchor).toBe('end');
  });
});
