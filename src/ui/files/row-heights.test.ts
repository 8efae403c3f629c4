import { expect, test } from 'vitest';
import { heightOf, windowOf } from './row-heights.ts';

test('rows are as high as their texts need', () => {
  const wide = { width: 500, isNarrow: false };
  expect(heightOf(['a.weight'], wide)).toBe(46);
  expect(heightOf(['a.weight', 'short'], wide)).toBe(62);
  expect(heightOf(['a.weight', 'x'.repeat(100)], wide)).toBe(78);
  expect(heightOf(['a.weight'], { width: 300, isNarrow: true })).toBe(70);
  // Before the width is known nothing is endless.
  expect(heightOf(['a.weight', 'x'.repeat(100)], { width: 0, isNarrow: false })).toBeLessThan(400);
});

test('only rows near the sight are drawn, and none is lost', () => {
  const heights = Array.from({ length: 5000 }, (_, i) => (i % 3 === 0 ? 78 : 46));
  const whole = heights.reduce((sum, height) => sum + height, 0);
  for (const top of [0, 1000, 100_000, whole]) {
    const { from, to, above, below } = windowOf(heights, top);
    const drawn = heights.slice(from, to).reduce((sum, height) => sum + height, 0);
    expect(above + drawn + below).toBe(whole);
    expect(to - from).toBeGreaterThan(0);
    expect(to - from).toBeLessThan(60);
    expect(above).toBeLessThanOrEqual(top);
  }
  expect(windowOf([], 0)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
});
