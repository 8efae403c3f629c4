import { describe, expect, it } from 'vitest';
import { conditionsOf, meets, openEnded, withinAxis } from './limits.ts';

const axes = ['λ a', 'task a', 'task b'];
const kept = (values: readonly (number | undefined)[], limits: Parameters<typeof conditionsOf>[2]) =>
  meets(conditionsOf(axes, ['a', 'b'], limits), (index) => values[index]);

describe('limits', () => {
  it('keep everything while there are none, and heed only axes that a merge has', () => {
    expect(kept([0.5, undefined, 0.1], { brushes: {}, floors: {} })).toBe(true);
    expect(kept([0.5, 0.5, 0.1], { brushes: { 'task c': [0.9, 1] }, floors: { c: 0.9 } })).toBe(true);
  });

  it('join brushes and floors, their ends included', () => {
    const limits = { brushes: { 'λ a': [0.2, 0.5], 'task a': [0.1, 0.8] }, floors: { a: 0.6 } } as const;
    expect(conditionsOf(axes, ['a', 'b'], limits)).toEqual([
      { index: 0, least: 0.2, most: 0.5 },
      { index: 1, least: 0.6, most: 0.8 },
    ]);
    expect([0.59, 0.6, 0.8, 0.81].map((a) => kept([0.2, a, 0], limits))).toEqual([false, true, true, false]);
  });

  it('are ceilings where less is better', () => {
    const limits = { brushes: { 'task a': [0.1, 0.8] }, floors: { a: 0.6 } } as const;
    expect(conditionsOf(axes, ['a', 'b'], limits, ['a'])).toEqual([{ index: 1, least: 0.1, most: 0.6 }]);
  });

  it('keep nothing whose value is not known', () => {
    expect(kept([0.5, undefined, 1], { brushes: {}, floors: { a: 0 } })).toBe(false);
  });
});

describe('a brush', () => {
  it('that reaches the end of its axis is no limit there, and is drawn up to it', () => {
    const open = openEnded([0, 0.7], [0, 1]);
    expect(open).toEqual([Number.NEGATIVE_INFINITY, 0.7]);
    expect(withinAxis(open, [0, 1])).toEqual([0, 0.7]);
    expect(withinAxis([0.2, 0.7], [0.3, 0.6])).toEqual([0.3, 0.6]);
  });
});
