import { describe, expect, it } from 'vitest';
import { type GoalAxes, percentText, valuesAt } from './goal-axis.ts';

const place = { area: { x: 10, y: 20, width: 100, height: 200 } };
const axis = { goal: 'a', name: 'A', domain: [0.5, 1], format: percentText } as const;

describe('values at a place', () => {
  it('lie between the ends of the axes, the high end to the right and above', () => {
    const axes: GoalAxes = [axis, axis];
    expect(valuesAt(axes, place, [10, 220])).toEqual([0.5, 0.5]);
    expect(valuesAt(axes, place, [60, 20])).toEqual([0.75, 1]);
    expect(valuesAt(axes, place, [-50, 999])).toEqual([0.5, 0.5]);
  });

  it('run the other way on a reversed axis', () => {
    expect(valuesAt([axis, { ...axis, reversed: true }], place, [110, 20])).toEqual([1, 0.5]);
  });
});

describe('percent', () => {
  it('has a decimal only where it says something', () => {
    expect([0.8, 0.805].map(percentText)).toEqual(['80 %', '80.5 %']);
  });
});
