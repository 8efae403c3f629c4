import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../front/dominance.ts';
import { BETAS, expectClose } from '../quadratic.testing.ts';
import { featureCount, features, quadraticOf } from '../surrogate/features.ts';
import { ACCURACY, fromLink } from '../surrogate/link.ts';
import { dot } from '../surrogate/regression.ts';
import { ascend, quadraticOfPoint, RAW } from './ascent.ts';
import { candidateFront } from './candidates.ts';
import { concaveFront, isConcave } from './concave.ts';
import { dasDennis } from './das-dennis.ts';
import { rowsOf } from './population.ts';
import { quadraticValues } from './quadratics.ts';

const unit = (n: number) => Array.from({ length: n }, () => ({ min: 0, max: 1 }));
const number = fc.double({ min: -2, max: 2, noNaN: true });
const vectors = (length: number, count: number) =>
  fc.array(fc.array(number, { minLength: length, maxLength: length }), { minLength: count, maxLength: count });
const both = BETAS.map((beta) => quadraticOf(beta, 2));

describe('values of quadratics', () => {
  it('are φ(c)·β, and those of the matrix form', () => {
    const sizes = fc.integer({ min: 1, max: 6 });
    const cases = sizes.chain((n) =>
      fc.record({ n: fc.constant(n), betas: vectors(featureCount(n), 3), cs: vectors(n, 4) }),
    );
    fc.assert(
      fc.property(cases, ({ n, betas, cs }) => {
        const got = quadraticValues(betas, Float64Array.from(cs.flat()), n);
        expectClose(
          got,
          cs.flatMap((c) => betas.map((beta) => dot(features(c), beta))),
          1e-11,
        );
        expectClose(
          got,
          cs.flatMap((c) => betas.map((beta) => quadraticOfPoint(quadraticOf(beta, n), c))),
          1e-11,
        );
      }),
    );
  });

  it('need as many terms as there are features', () => {
    expect(() => quadraticValues([[1, 2]], new Float64Array(2), 2)).toThrow('has 2 terms; wanted 6');
  });
});

describe('the ascent', () => {
  const objectives = (beta: readonly number[], n: number) => [
    { quadratic: quadraticOf(beta, n), metric: RAW },
    { quadratic: quadraticOf(beta.toReversed(), n), metric: ACCURACY },
  ];

  it('never goes down, and stays inside the box', () => {
    const cases = fc.record({ beta: vectors(10, 1), from: vectors(3, 1), weights: fc.tuple(number, number) });
    fc.assert(
      fc.property(cases, ({ beta: [beta = []], from: [from = []], weights }) => {
        const parts = objectives(beta, 3);
        const height = (c: readonly number[]) =>
          parts.reduce(
            (sum, { quadratic, metric }, t) =>
              sum + (weights[t] ?? 0) * fromLink(metric, quadraticOfPoint(quadratic, c)),
            0,
          );
        const start = from.map((x) => Math.min(1, Math.max(0, x)));
        const end = ascend(from, weights, parts, unit(3));
        expect(end.every((x) => x >= 0 && x <= 1)).toBe(true);
        expect(height(end)).toBeGreaterThanOrEqual(height(start));
      }),
    );
  });

  it('finds the peak of a concave sum, of accuracies as of raw quadratics', () => {
    for (const metric of [RAW, ACCURACY]) {
      const one = BETAS.slice(0, 1).map((beta) => ({ quadratic: quadraticOf(beta, 2), metric }));
      const [peak] = concaveFront([quadraticOf(BETAS[0], 2)], unit(2), [[1]]) ?? [];
      expectClose(ascend([0, 1], [1], one, unit(2), 200), peak?.coefficients ?? [], 1e-6);
    }
  });

  it('goes to the corner of a linear sum, and down for a negative weight', () => {
    const slope = [{ quadratic: quadraticOf([0, 0, 0, 1, -1, 0], 2), metric: RAW }];
    expect(ascend([0.4, 0.4], [1], slope, unit(2))).toEqual([1, 0]);
    expect(ascend([0.4, 0.4], [-1], slope, unit(2))).toEqual([0, 1]);
  });
});

describe('the closed form', () => {
  it.each([
    [0.25, [0.157711, 0.624008]],
    [0.5, [0.371461, 0.444631]],
    [0.75, [0.598751, 0.14679]],
  ])('of the fixture at weight %f is the specification’s', (w, c) => {
    const [point] = concaveFront(both, unit(2), [[w, 1 - w]]) ?? [];
    expectClose(point?.coefficients ?? [], c, 1e-6);
    expect(point?.atBorder).toBe(false);
  });

  it('at the border is the best point of the box, which is not the clipped peak', () => {
    const box = [
      { min: 0, max: 0.3 },
      { min: 0, max: 1 },
    ];
    const [point] = concaveFront(both, box, [[1, 0]]) ?? [];
    const { coefficients = [], unconstrained = [] } = point ?? {};
    expect(point?.atBorder).toBe(true);
    const height = (c: readonly number[]) => dot(features(c), BETAS[0]);
    const ticks = Array.from({ length: 201 }, (_, i) => i / 200);
    const grid = ticks.flatMap((x) => ticks.map((y) => height([0.3 * x, y])));
    expect(height(coefficients)).toBeGreaterThanOrEqual(Math.max(...grid));
    const clipped = unconstrained.map((x, i) => Math.min(box[i]?.max ?? 1, Math.max(0, x)));
    expect(height(coefficients)).toBeGreaterThan(height(clipped) + 1e-4);
  });

  it('is mutually non-dominated, and no candidate dominates it', () => {
    const closed = concaveFront(both, unit(2), dasDennis(2, 20)) ?? [];
    const x = Float64Array.from(closed.flatMap(({ coefficients }) => coefficients));
    const values = rowsOf(quadraticValues(BETAS, x, 2), closed.length);
    expect(nonDominated(values)).toHaveLength(closed.length);
    const candidates = candidateFront(BETAS, unit(2), { seed: 1 });
    const better = rowsOf(candidates.f, candidates.count).filter((f) =>
      values.some((value) => f.every((part, m) => part > (value[m] ?? 0) + 1e-9)),
    );
    expect(better).toEqual([]);
  });

  it('is none where one quadratic is not strictly concave', () => {
    const saddle = quadraticOf([-1, 1, 0, 0, 0, 0], 2);
    const flat = quadraticOf([-1, -1, 2, 0, 0, 0], 2);
    expect([...both, saddle, flat].map(isConcave)).toEqual([true, true, false, false]);
    expect(concaveFront([...both, saddle], unit(2), [[1, 1, 1]])).toBeUndefined();
  });

  it('refuses weights without a positive sum', () => {
    expect(() => concaveFront(both, unit(2), [[0, 0]])).toThrow('must not be negative, nor all zero');
  });
});

describe('the front of candidates', () => {
  it('is non-dominated, inside the box and says its own values, for one to nine objectives', () => {
    const box = [
      { min: -1, max: 0.5 },
      { min: 0, max: 2 },
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }).chain((m) => vectors(6, m)),
        (betas) => {
          const { x, f, count } = candidateFront(betas, box, { seed: 2, candidates: 128 });
          expect(f).toEqual(quadraticValues(betas, x, 2));
          expect(nonDominated(rowsOf(f, count))).toHaveLength(count);
          expect(rowsOf(x, count).every(([a = 9, b = 9]) => a >= -1 && a <= 0.5 && b >= 0 && b <= 2)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not change when the objectives get increasing units', () => {
    const plain = candidateFront(BETAS, unit(2), { seed: 1, candidates: 512 });
    const scaled = candidateFront(
      BETAS.map((beta) => beta.map((term) => 4 * term)),
      unit(2),
      { seed: 1, candidates: 512 },
    );
    expect(scaled.x).toEqual(plain.x);
  });
});
