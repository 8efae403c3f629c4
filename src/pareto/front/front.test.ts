import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axis, design, insideBox, pointsNeeded, sampledBox, samplingRange } from '../design/design.ts';
import { accuracyAt, BETAS, exactSurrogate } from '../quadratic.testing.ts';
import { features } from '../surrogate/features.ts';
import { addRow, dot, emptySums, solve } from '../surrogate/regression.ts';
import { hypervolume2, nonDominated } from './dominance.ts';
import { predictFront } from './front.ts';

const dominates = (a: readonly number[], b: readonly number[]) =>
  a.every((x, k) => x >= (b[k] ?? 0)) && a.some((x, k) => x > (b[k] ?? 0));

describe('the design', () => {
  const lambda: Axis = { min: -0.5, max: 1.5, perExpert: true };
  const axes = (n: number) => Array.from({ length: n }, () => lambda);

  it('begins with the base and each expert alone', () => {
    expect(design(axes(3), 4, 1)).toEqual([
      [0, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('samples experts between absent and fully added, and continues a shorter design', () => {
    const long = design(axes(4), 30, 9);
    expect(long.slice(0, 15)).toEqual(design(axes(4), 15, 9));
    expect(long.flat().every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(new Set(long.map(String)).size).toBe(30);
  });

  it('determines the quadratic with the fewest points for two to eight experts', () => {
    for (let n = 2; n <= 8; n++) {
      const p = pointsNeeded(n);
      const sums = emptySums(p);
      for (const c of design(axes(n), p, 3)) addRow(sums, { phi: features(c), z: 1, weight: 1 });
      const { factor } = solve(sums, 0);
      const pivots = Array.from({ length: p }, (_, i) => factor[i * (p + 1)] ?? 0);
      expect(Math.min(...pivots), `N = ${n}`).toBeGreaterThan(1e-3);
    }
  });

  it('has no base where the space does not hold it, and uses the whole range of a method’s own control', () => {
    expect(samplingRange({ min: -0.5, max: 2, perExpert: false })).toEqual({ min: -0.5, max: 2 });
    const own = design([{ min: 0, max: 2, perExpert: false }], 16, 1).flat();
    expect(Math.max(...own)).toBeGreaterThan(1.8);
    expect(own).not.toContain(0);
    const away = design([{ min: 0.2, max: 1, perExpert: true }, lambda], 3, 1);
    expect(away.every(([x]) => (x ?? 0) >= 0.2)).toBe(true);
  });

  it('tells the box that was sampled', () => {
    const box = sampledBox([{ coefficients: [0, 2] }, { coefficients: [1, -1] }]) ?? [];
    expect(box).toEqual([
      { min: 0, max: 1 },
      { min: -1, max: 2 },
    ]);
    expect(insideBox([0.5, 0], box)).toBe(true);
    expect(insideBox([0.5, 3], box)).toBe(false);
    expect(sampledBox([])).toBeUndefined();
  });
});

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

  it('refuses surrogates of other coefficients in words', () => {
    expect(() => predictFront(surrogates, box.slice(1), { seed: 1 })).toThrow('2 coefficients, but the box has 1');
  });
});
