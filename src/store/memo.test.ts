import { describe, expect, it, vi } from 'vitest';
import { memo } from './memo.ts';

interface State {
  readonly a: number;
  readonly b: string;
}

describe('memo', () => {
  const build = () => {
    const compute = vi.fn((a: number) => ({ twice: 2 * a }));
    return { compute, select: memo((state: State) => [state.a] as const, compute) };
  };

  it('gives the very same object while its inputs stay the same', () => {
    const { compute, select } = build();
    const first = select({ a: 1, b: 'x' });
    expect(select({ a: 1, b: 'y' })).toBe(first);
    expect(compute).toHaveBeenCalledTimes(1);
  });

  it('computes anew when an input changes, and again when it changes back', () => {
    const { compute, select } = build();
    expect([1, 2, 1].map((a) => select({ a, b: '' }).twice)).toEqual([2, 4, 2]);
    expect(compute).toHaveBeenCalledTimes(3);
  });

  it('takes NaN for itself, so that it does not compute for ever', () => {
    const { compute, select } = build();
    select({ a: Number.NaN, b: '' });
    select({ a: Number.NaN, b: '' });
    expect(compute).toHaveBeenCalledTimes(1);
  });
});
