import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insideBox } from '../design/design.ts';
import { accuracyAt, BETAS, exactSurrogate } from '../quadratic.testing.ts';
import { features } from '../surrogate/features.ts';
import { dot } from '../surrogate/regression.ts';
import { hypervolume2, nonDominated } from './dominance.ts';
import { predictFront } from './front.ts';

const dominates = (a: readonly number[], b: readonly number[]) =>
  a.every((x, k) => x >= (b[k] ?? 0)) && a.some((x, k) => x > (b[k] ?? 0));

describe('dominance', () => {
  const coordinate = fc.integer({ min: 0, max: 12 });
  const cloud = fc
    .integer({ min: 1, max: 4 })
    .chain((m) => fc.array(fc.array(coordinate, { minLength: m, maxLength: m }), { maxLength: 60 }));

  it('keeps exactly the points that none dominates, one of each equal group', () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const wanted = points.filter((a) => !points.some((b) => dominates(b, a))).map(String);
        const got = nonDominated(points).map((i) => String(points[i]));
        expect(got.toSorted()).toEqual([...new Set(wanted)].toSorted());
      }),
      { numRuns: 300 },
    );
  });

  it('orders two objectives by the falling first', () => {
    expect(
      nonDominated([
        [1, 5],
        [4, 1],
        [2, 3],
        [2, 2],
      ]),
    ).toEqual([1, 2, 0]);
  });
});

describe('the covered area', () => {
  // moocore 0.3.2 minimises: {(1,5), (2,3), (4,1)} before (6,6) gives 17.
  const front = [
    [-1, -5],
    [-2, -3],
    [-4, -1],
  ];

  it('is the golden one, and duplicates, dominated points and points behind the reference add nothing', () => {
    expect(hypervolume2(front, [-6, -6])).toBe(17);
    expect(hypervolume2([...front, [-2, -3], [-5, -5], [-7, 0]], [-6, -6])).toBe(17);
    expect(hypervolume2([], [0, 0])).toBe(0);
  });

  it('never shrinks when a point is added', () => {
    const point = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), point, (points, one) => {
        expect(hypervolume2([...points, one], [0, 0])).toBeGreaterThanOrEqual(hypervolume2(points, [0, 0]) - 1e-12);
      }),
    );
  });
});

describe('the predicted front', () => {
  const surrogates = BETAS.map((beta) => exactSurrogate(beta));
  const box = [
    { min: 0, max: 1 },
    { min: 0, max: 1 },
  ];
  const front = predictFront(surrogates, box, { seed: 1 });
  const values = front.map(({ estimates }) => estimates.map(({ mean }) => mean));

  it('is non-dominated, inside the box, and ordered by the falling first task', () => {
    expect(front.length).toBeGreaterThan(50);
    expect(nonDominated(values)).toEqual(values.map((_, i) => i));
    expect(front.every(({ coefficients }) => insideBox(coefficients, box))).toBe(true);
  });

  it.each([
    [0.25, [0.157711, 0.624008]],
    [0.5, [0.371461, 0.444631]],
    [0.75, [0.598751, 0.14679]],
  ])('holds the closed form of preference %f', (w, c) => {
    const distances = front.map(({ coefficients: [x = 0, y = 0] }) => Math.hypot(x - (c[0] ?? 0), y - (c[1] ?? 0)));
    expect(Math.min(...distances)).toBeLessThan(0.01);
    const gain = (at: readonly number[]) => w * dot(features(at), BETAS[0]) + (1 - w) * dot(features(at), BETAS[1]);
    expect(Math.max(...front.map(({ coefficients }) => gain(coefficients)))).toBeGreaterThan(gain(c) - 1e-6);
  });

  it('covers what a grid of 101 × 101 merges covers', () => {
    const ticks = Array.from({ length: 101 }, (_, i) => i / 100);
    const grid = ticks.flatMap((x) => ticks.map((y) => BETAS.map((beta) => accuracyAt(beta, [x, y]))));
    // A quarter of one sample of 512: what lies between the front's points is not worth a candidate.
    expect(hypervolume2(values, [0, 0])).toBeGreaterThan(hypervolume2(grid, [0, 0]) - 5e-4);
  });

  it('holds known vectors that are better than all candidates, moved into the box', () => {
    const linear = [exactSurrogate([0, 0, 0, 1, 0, 0]), exactSurrogate([0, 0, 0, 0, 1, 0])];
    const corner = predictFront(linear, box, { seed: 1, candidates: 16, known: [[3, 3]] });
    expect(corner.map(({ coefficients }) => coefficients)).toEqual([[1, 1]]);
  });

  it('takes more than two tasks', () => {
    const three = [...surrogates, exactSurrogate([0, 0, 0, -1, -1, 0])];
    const points = predictFront(three, box, { seed: 1, candidates: 512 });
    const estimates = points.map((point) => point.estimates.map(({ mean }) => mean));
    expect(estimates.some((a) => estimates.some((b) => dominates(a, b)))).toBe(false);
    expect(points.some(({ coefficients: [x = 1, y = 1] }) => x + y < 0.02)).toBe(true);
  });

  it('takes what is to be small', () => {
    const points = predictFront(surrogates, box, { seed: 1, candidates: 512, minimised: [false, true] });
    const signed = points.map(({ estimates: [a, b] }) => [a?.mean ?? 0, -(b?.mean ?? 0)]);
    expect(nonDominated(signed)).toEqual(signed.map((_, i) => i));
    // The first task alone at its best, the second as low as it gets: far from where both are wanted.
    expect(Math.min(...points.map(({ estimates: [, b] }) => b?.mean ?? 1))).toBeLessThan(0.24);
  });

  it('refuses surrogates of other coefficients in words', () => {
    expect(() => predictFront(surrogates, box.slice(1), { seed: 1 })).toThrow('2 coefficients, but the box has 1');
  });
});
