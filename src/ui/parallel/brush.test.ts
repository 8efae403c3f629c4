import { describe, expect, it } from 'vitest';
import { between, dragged, isLimited, moved, selectionOf, stepped, withEnd } from './brush.ts';

const axes = [
  { id: 'λ', kind: 'coefficient', domain: [0, 1] },
  { id: 'digits', kind: 'task', domain: [0.5, 1] },
  { id: 'letters', kind: 'task', domain: [0.5, 1] },
] as const;
const lines = [
  { values: [0.1, 0.9, 0.6] },
  { values: [0.4, 0.8, 0.8] },
  { values: [0.7, 0.6, 0.9] },
  { values: [0.5, undefined, 0.95] },
];
const kept = (brushes: Parameters<typeof selectionOf>[2], floors: Parameters<typeof selectionOf>[3] = {}) =>
  selectionOf(axes, lines, brushes, floors).flatMap((each, i) => (each ? [i] : []));

describe('the selection', () => {
  it('is everything without brushes and floors', () => {
    expect(kept({})).toEqual([0, 1, 2, 3]);
    expect(isLimited(axes, {}, {})).toBe(false);
  });

  it('keeps what lies within a brush, its ends included', () => {
    expect(kept({ λ: [0.4, 0.7] })).toEqual([1, 2, 3]);
    expect(isLimited(axes, { λ: [0.4, 0.7] }, {})).toBe(true);
  });

  it('keeps what meets every brush and every floor', () => {
    expect(kept({ λ: [0.4, 0.7], letters: [0.5, 0.9] })).toEqual([1, 2]);
    expect(kept({ λ: [0.4, 0.7] }, { letters: 0.85 })).toEqual([2, 3]);
    expect(kept({ letters: [0.55, 0.85] }, { letters: 0.7 })).toEqual([1]);
  });

  it('keeps no gap on an axis that is brushed or has a floor', () => {
    expect(kept({ digits: [0.55, 1] })).toEqual([0, 1, 2]);
    expect(kept({}, { digits: 0.55 })).toEqual([0, 1, 2]);
  });

  it('has no limit where a brush reaches the end of its axis, beyond which values are drawn there', () => {
    const far = [{ values: [1.4, 0.2, 0.9] }];
    expect(selectionOf(axes, far, { λ: [0.5, 1] }, {})).toEqual([true]);
    expect(selectionOf(axes, far, { λ: [0.5, 0.99] }, {})).toEqual([false]);
    expect(selectionOf(axes, far, { digits: [0.5, 0.8] }, {})).toEqual([true]);
    expect(selectionOf(axes, far, { digits: [0.5, 0.8] }, { digits: 0.5 })).toEqual([false]);
  });

  it('heeds neither floors of coefficients nor brushes of axes that are not shown', () => {
    expect(kept({ kana: [0.9, 1] }, { λ: 0.6 })).toEqual([0, 1, 2, 3]);
  });
});

describe('a brush', () => {
  const [axis] = axes;
  it('lies between two values in either order', () => {
    expect(between(axis, 0.7, 0.2)).toEqual([0.2, 0.7]);
  });

  it('is none over the whole axis', () => {
    expect(between(axis, 1, 0)).toBeUndefined();
    expect(withEnd(axis, [0.2, 1], 'least', 0)).toBeUndefined();
  });

  it('starts with one end where no brush was, and an end stops at the other', () => {
    expect(withEnd(axis, undefined, 'least', 0.3)).toEqual([0.3, 1]);
    expect(withEnd(axis, undefined, 'most', 0.3)).toEqual([0, 0.3]);
    expect(withEnd(axis, [0.2, 0.6], 'least', 0.9)).toEqual([0.6, 0.6]);
    expect(withEnd(axis, [0.2, 0.6], 'most', 0.1)).toEqual([0.2, 0.2]);
  });

  it('keeps its length when moved, and stops at the ends of the axis', () => {
    expect(moved(axis, [0.2, 0.5], 0.1)).toEqual([0.3, 0.6]);
    expect(moved(axis, [0.2, 0.5], 0.1042)).toEqual([0.3, 0.6]);
    expect(moved(axis, [0.2, 0.5], 3)).toEqual([0.7, 1]);
    expect(moved(axis, [0.2, 0.5], -3)).toEqual([0, 0.3]);
  });
});

describe('keys', () => {
  const key = (value: number, name: string) => stepped(axes[1], value, name);
  it('move by a hundredth and a tenth of the axis, and to its ends', () => {
    expect([key(0.8, 'ArrowUp'), key(0.8, 'ArrowRight')]).toEqual([0.805, 0.805]);
    expect([key(0.8, 'ArrowDown'), key(0.8, 'ArrowLeft')]).toEqual([0.795, 0.795]);
    expect([key(0.8, 'PageUp'), key(0.8, 'PageDown')]).toEqual([0.85, 0.75]);
    expect([key(0.8, 'Home'), key(0.8, 'End')]).toEqual([0.5, 1]);
    expect([key(0.998, 'ArrowUp'), key(0.52, 'PageDown')]).toEqual([1, 0.5]);
    expect(key(0.8, 'Tab')).toBeUndefined();
  });
});

describe('a drag', () => {
  it('stops at round values, and at the ends of the axis exactly', () => {
    const odd = { domain: [0.613, 0.977] as const };
    expect(dragged(odd, 0.70123)).toBe(0.702);
    expect(dragged(odd, 0.977)).toBe(0.977);
    expect(dragged(odd, 0.6)).toBe(0.613);
    expect(dragged(odd, 0.9769)).toBe(0.976);
  });
});
