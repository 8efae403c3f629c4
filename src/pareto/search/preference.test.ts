import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../front/dominance.ts';
import { BETAS } from '../quadratic.testing.ts';
import { features, quadraticOf } from '../surrogate/features.ts';
import { ACCURACY, sigmoid } from '../surrogate/link.ts';
import { dot } from '../surrogate/regression.ts';
import { aboveFloors, aspirationPoint, balancedPoint, kneePoint, preferredVector, weightedPick } from './preference.ts';

const FRONT = [
  [0.9, 0.1],
  [0.8, 0.5],
  [0.7, 0.6],
  [0.3, 0.65],
];

const point = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 3, maxLength: 3 });
const front = fc
  .array(point, { minLength: 1, maxLength: 20 })
  .map((points) => nonDominated(points).map((i) => points[i] ?? []));

describe('the weighted pick', () => {
  it('is the largest weighted sum, of equal ones the first', () => {
    expect(weightedPick(FRONT, [1, 0])).toBe(0);
    expect(weightedPick(FRONT, [0, 1])).toBe(3);
    expect(weightedPick(FRONT, [1, 1])).toBe(1);
    expect(weightedPick([], [1, 1])).toBeUndefined();
  });

  it('depends on the proportions of the weights only', () => {
    fc.assert(
      fc.property(front, fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)), (points, weights) => {
        expect(
          weightedPick(
            points,
            weights.map((w) => 4 * w),
          ),
        ).toBe(weightedPick(points, weights));
      }),
    );
  });

  it('is improved to the best of the box by gradient steps on the accuracies themselves', () => {
    const box = [0, 1].map(() => ({ min: 0, max: 1 }));
    const objectives = BETAS.map((beta) => ({ quadratic: quadraticOf(beta, 2), metric: ACCURACY }));
    const values = (c: readonly number[]) => BETAS.map((beta) => sigmoid(dot(features(c), beta)));
    const coarse = [0, 0.25, 0.5, 0.75, 1].flatMap((x) => [0, 0.25, 0.5, 0.75, 1].map((y) => [x, y]));
    const fine = Array.from({ length: 101 * 101 }, (_, i) => [Math.floor(i / 101) / 100, (i % 101) / 100]);
    for (const weights of [
      [1, 0],
      [0.3, 0.7],
      [0.5, 0.5],
    ]) {
      const c = preferredVector({ coefficients: coarse, values: coarse.map(values) }, weights, objectives, box) ?? [];
      expect(dot(weights, values(c))).toBeGreaterThanOrEqual(
        Math.max(...fine.map((at) => dot(weights, values(at)))) - 1e-5,
      );
    }
    expect(preferredVector({ coefficients: [], values: [] }, [1, 1], objectives, box)).toBeUndefined();
  });
});

describe('marked points of a front', () => {
  it('are the knee, farthest beyond the line of the ends, and the balanced one, whose worst is best', () => {
    expect(kneePoint(FRONT)).toBe(2);
    expect(balancedPoint(FRONT)).toBe(1);
    expect(balancedPoint([...FRONT, [0.72, 0.58]])).toBe(1);
    const bent = [
      [1, 0],
      [0.95, 0.4],
      [0.5, 0.5],
      [0, 1],
    ];
    expect(kneePoint(bent)).toBe(1);
    expect(balancedPoint(bent)).toBe(2);
  });

  it('do not change with the units of the objectives', () => {
    fc.assert(
      fc.property(front, (points) => {
        const other = points.map((values) => values.map((value, m) => value * 2 ** m - 8));
        expect(kneePoint(other)).toBe(kneePoint(points));
        expect(balancedPoint(other)).toBe(balancedPoint(points));
      }),
    );
  });

  it('take an objective that never varies as met', () => {
    const flat = FRONT.map((values) => [...values, 0.4]);
    expect(kneePoint(flat)).toBe(kneePoint(FRONT));
    expect(balancedPoint(flat)).toBe(balancedPoint(FRONT));
    expect(kneePoint([[0.5, 0.5]])).toBe(0);
    expect(kneePoint([])).toBeUndefined();
  });
});

describe('an aspiration', () => {
  it('is met by the point with the largest smallest surplus', () => {
    expect(aspirationPoint(FRONT, [0.6, 0.4])).toEqual({ index: 1, reached: true });
    expect(aspirationPoint(FRONT, [0.85, 0.05])).toEqual({ index: 0, reached: true });
  });

  it('out of reach goes to the point with the least largest shortfall, and says so', () => {
    expect(aspirationPoint(FRONT, [0.9, 0.6])).toEqual({ index: 1, reached: false });
    expect(aspirationPoint([], [1])).toBeUndefined();
  });

  it('at a point of the front is that point', () => {
    fc.assert(
      fc.property(front, fc.nat(), (points, which) => {
        const wish = points[which % points.length] ?? [];
        expect(aspirationPoint(points, wish)).toEqual({ index: which % points.length, reached: true });
      }),
    );
  });
});

describe('floors', () => {
  it('keep the points that are nowhere below them', () => {
    expect(aboveFloors(FRONT, [0.7, undefined])).toEqual([0, 1, 2]);
    expect(aboveFloors(FRONT, [0.7, 0.5])).toEqual([1, 2]);
    expect(aboveFloors(FRONT, [])).toEqual([0, 1, 2, 3]);
    expect(aboveFloors(FRONT, [undefined, 0.7])).toEqual([]);
  });
});
