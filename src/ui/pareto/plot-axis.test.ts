import { describe, expect, it } from 'vitest';
import { axisAround, axisOver, nearest } from './plot-axis.ts';

describe('an axis', () => {
  it('has round limits that enclose the values and stay within 0 and 100 %', () => {
    expect(axisOver([0.712, 0.951])).toEqual({ domain: [0.65, 1], ticks: [0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] });
    expect(axisOver([0, 1])).toEqual({ domain: [0, 1], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] });
    expect(axisOver([0.9]).domain).toEqual([0.88, 0.92]);
    expect(axisOver([1]).domain).toEqual([0.98, 1]);
  });

  it('leaves the weakest of the other points below rather than squeeze the rest', () => {
    const others = [0.02, 0.05, 0.1, 0.7, 0.72, 0.75, 0.8, 0.8, 0.85, 0.9];
    expect(axisOver([0.9], others).domain).toEqual([0.65, 0.95]);
    expect(axisOver([0.4], others).domain).toEqual([0.3, 1]);
  });
});

describe('an axis of what has no natural limits', () => {
  it('has round limits around the values, and runs the other way where less is better', () => {
    expect(axisAround([0.42, 1.31], [], true)).toEqual({
      domain: [0.4, 1.4],
      ticks: [0.4, 0.6, 0.8, 1, 1.2, 1.4],
      reversed: true,
    });
    expect(axisAround([-3, 12], [], false).domain).toEqual([-5, 15]);
    expect(axisAround([3], [], true).domain).toEqual([3, 4]);
    expect(axisAround([], [], false).domain).toEqual([0, 1]);
  });

  it('leaves the worst of the other points beyond', () => {
    const others = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 9, 9, 9];
    expect(axisAround([0.5], others, true).domain[1]).toBeLessThan(2);
    const low = [9, 9.1, 9.2, 9.3, 9.4, 9.5, 9.6, 0.1, 0.2, 0.3];
    expect(axisAround([9], low, false).domain[0]).toBeGreaterThan(8);
  });
});

describe('the nearest point', () => {
  it('is within reach, the last of equals, or nothing', () => {
    const points = [
      { id: 1, at: [0, 0] as const },
      { id: 2, at: [10, 0] as const },
      { id: 3, at: [10, 0] as const },
    ];
    const find = (x: number, reach: number) => nearest(points, (p) => p.at, [x, 0], reach)?.id;
    expect([find(1, 5), find(9, 5), find(5, 4)]).toEqual([1, 3, undefined]);
  });
});
