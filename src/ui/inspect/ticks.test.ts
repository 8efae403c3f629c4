import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticksOver } from './ticks.ts';

test('axes have a few round values around all that is drawn', () => {
  expect(ticksOver(0.121, 0.874)).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(ticksOver(0.61, 0.68)).toEqual([0.6, 0.62, 0.64, 0.66, 0.68]);
  expect(ticksOver(0.5, 0.5)).toHaveLength(2);
  expect(ticksOver(0, 0)).toHaveLength(2);
  expect(ticksOver(5e-323, 5e-323)).toHaveLength(2);
});

test('whatever is drawn lies between the first and the last', () => {
  const value = fc.double({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(high - low > 1e-6 || high === low);
      const ticks = ticksOver(low, high);
      const slack = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
      expect(ticks.length).toBeGreaterThan(1);
      expect(ticks.length).toBeLessThan(7);
      expect(ticks[0]).toBeLessThanOrEqual(low + slack);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - slack);
    }),
  );
});
