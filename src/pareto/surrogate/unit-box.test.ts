import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { design } from '../design/design.ts';
import type { Range } from '../point.ts';
import { accuracyAt, BETAS, expectClose } from '../quadratic.testing.ts';
import { betaOf, featureCount, features, quadraticOf } from './features.ts';
import { predict, type Surrogate } from './predict.ts';
import { dot } from './regression.ts';
import { emptyFit, observe, surrogateOf } from './surrogate.ts';
import { fromUnitBox, toUnitBox } from './unit-box.ts';

const range = fc
  .tuple(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: 0.5, max: 4, noNaN: true }))
  .map(([min, width]) => ({ min, max: min + width }));

const UNIT = { min: 0, max: 1 };

/** Accuracies of the specification's first task on a stretched box: the merges are the same, their coefficients are not. */
function stretched(box: readonly Range[], given: readonly Range[] | undefined): Surrogate {
  const fit = emptyFit(2, given && { box: given });
  for (const u of design(
    [UNIT, UNIT].map((axis) => ({ ...axis, perExpert: true })),
    20,
    3,
  )) {
    const c = u.map((x, i) => (box[i]?.min ?? 0) + x * ((box[i]?.max ?? 1) - (box[i]?.min ?? 0)));
    observe(fit, c, { correct: Math.round(256 * accuracyAt(BETAS[1], u)), n: 256 });
  }
  const surrogate = surrogateOf(fit);
  if (!surrogate) throw new Error('20 points are too few');
  return surrogate;
}

describe('a box that is not the unit cube', () => {
  it('gives the same polynomial of the coefficients themselves', () => {
    const sized = fc.integer({ min: 1, max: 4 }).chain((n) => {
      const p = featureCount(n);
      const entry = fc.double({ min: -3, max: 3, noNaN: true });
      return fc.record({
        box: fc.array(range, { minLength: n, maxLength: n }),
        beta: fc.array(entry, { minLength: p, maxLength: p }),
        c: fc.array(entry, { minLength: n, maxLength: n }),
      });
    });
    fc.assert(
      fc.property(sized, ({ box, beta, c }) => {
        const inBox = dot(features(toUnitBox(c, box)), beta);
        const outside = dot(features(c), fromUnitBox(Float64Array.from(beta), box));
        expect(outside).toBeCloseTo(inBox, 8);
      }),
    );
  });

  it('rescales with the task vectors: estimates and bands of the same merges do not change', () => {
    const plain = stretched([UNIT, UNIT], undefined);
    fc.assert(
      fc.property(range, range, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, x) => {
        const box = [first, second];
        const at = [x, 0.3].map((u, i) => (box[i]?.min ?? 0) + u * ((box[i]?.max ?? 1) - (box[i]?.min ?? 0)));
        const [got, wanted] = [predict(stretched(box, box), at), predict(plain, [x, 0.3])];
        expectClose([got.mean, got.low, got.high], [wanted.mean, wanted.low, wanted.high], 1e-9);
      }),
    );
  });

  it('keeps the fit where axes of very different sizes lose it: a rank in [1, 4096] beside a density in [0, 0.001]', () => {
    const box = [
      { min: 1, max: 4096 },
      { min: 0, max: 0.001 },
    ];
    const missed = (surrogate: Surrogate) => {
      const errors = [0.1, 0.3, 0.5, 0.7, 0.9].map((u) => {
        const at = [1 + 0.7 * 4095, u * 0.001];
        return Math.abs(predict(surrogate, at).mean - accuracyAt(BETAS[1], [0.7, u]));
      });
      return Math.max(...errors);
    };
    expect(missed(stretched(box, box))).toBeLessThan(0.01);
    // Without it the ridge penalty holds the slope along the narrow axis at nothing.
    expect(missed(stretched(box, undefined))).toBeGreaterThan(0.05);
  });

  it('is no other when it is the unit cube: the very same numbers', () => {
    const { box, ...got } = stretched([UNIT, UNIT], [UNIT, UNIT]);
    expect(box).toBeUndefined();
    expect(got).toEqual(stretched([UNIT, UNIT], undefined));
  });

  it('is refused in words without a width or with other axes', () => {
    expect(() => emptyFit(1, { box: [{ min: 2, max: 2 }] })).toThrow('axis 0 of the box goes from 2 to 2');
    expect(() => emptyFit(2, { box: [UNIT] })).toThrow('the box has 1 axes; wanted 2');
  });
});

it('β is written and read in one order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), (n) => {
      const beta = Float64Array.from({ length: featureCount(n) }, (_, i) => i + 1);
      expect(betaOf(quadraticOf(beta, n))).toEqual(beta);
    }),
  );
});
