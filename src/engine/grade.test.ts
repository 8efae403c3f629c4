import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grade } from './grade.ts';

describe('a grade', () => {
  it('is that of the definition', () => {
    const logits = [0, Math.log(3), 2, 2];
    expect(grade(logits, [1, 1])).toEqual({ correct: 1, loss: expect.closeTo(Math.log(4 / 3) + Math.log(2), 12) });
    // Of two equal logits the first is the answer.
    expect(grade([2, 2], [0]).correct).toBe(1);
  });

  it('does not change when all logits of a sample are shifted, however far', () => {
    const row = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(row, fc.integer({ min: -1e6, max: 1e6 }), fc.nat({ max: 4 }), (logits, shift, label) => {
        const shifted = logits.map((value) => value + shift);
        const [a, b] = [grade(logits, [label]), grade(shifted, [label])];
        expect(b.correct).toBe(a.correct);
        expect(b.loss).toBeCloseTo(a.loss, 9);
        expect(a.loss).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is not a number when a logit is none, at any place', () => {
    for (const bad of [0, 1, 2, 3])
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
        expect(Number.isFinite(grade([1, 2, 3, 4].with(bad, value), [0, 1]).loss)).toBe(false);
  });
});
