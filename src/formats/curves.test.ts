import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CURVE_GROUPS, carriedShape, clampCurve, factorAt, factorOf, flatCurve, isNeutral } from './curves.ts';
import { mergeId } from './merge-id.ts';
import { anyCurve, anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import {
  knownMethod,
  mergeStep,
  openingRecipe,
  type Recipe,
  withControl,
  withLayerGroups,
  withMethod,
} from './recipe.ts';
import { countingCurves, curvableControls, withCurves, withFilter, withShape } from './recipe-curves.ts';
import { withExperts } from './recipe-experts.ts';

const opening = openingRecipe(testCard, testCatalogue);
const idOf = (recipe: Recipe) => mergeId(recipe, testCatalogue, testCard);
const rising = clampCurve({ ...flatCurve(3), points: [0, 0.5, 1.5] });
const shaped = withCurves(opening, testCatalogue, 'lambda', [rising, flatCurve(3), flatCurve(3), rising]);
const curvesOf = (recipe: Recipe) => mergeStep(recipe, testCatalogue).curves;

describe('a curve', () => {
  it('is linear between its points, and flat beyond the ends', () => {
    expect([-1, 0, 0.25, 0.5, 0.75, 1, 2].map((depth) => factorAt(rising, depth))).toEqual([
      0, 0, 0.25, 0.5, 1, 1.5, 1.5,
    ]);
    expect(factorAt({ points: [0.7] }, 0.4)).toBe(0.7);
  });

  it('is exactly 1 everywhere when it is neutral, whatever number of points it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.double({ min: 0, max: 1, noNaN: true }), (points, depth) => {
        for (const group of CURVE_GROUPS) expect(factorOf(flatCurve(points), { depth, group })).toBe(1);
      }),
    );
  });

  it('multiplies the factor of its depth by that of the tensor’s group', () => {
    const curve = clampCurve({ ...rising, groups: { ...rising.groups, mlp: 0.5 } });
    expect(factorOf(curve, { depth: 1, group: 'mlp' })).toBe(0.75);
    expect(factorOf(curve, { depth: 1, group: 'norm' })).toBe(1.5);
  });

  it('holds finite factors in range, however it was made', () => {
    const wild = fc.array(fc.oneof(fc.double(), fc.constant(Number.NaN)), { maxLength: 100 });
    fc.assert(
      fc.property(wild, (points) => {
        const kept = clampCurve({ ...flatCurve(1), points }).points;
        expect(kept.length).toBeGreaterThan(0);
        expect(kept.every((factor) => factor >= 0 && factor <= 2 && !Object.is(factor, -0))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(anyCurve, (curve) => {
        expect(clampCurve(clampCurve(curve))).toEqual(clampCurve(curve));
      }),
    );
  });
});

describe('curves of a recipe', () => {
  it('leave every id as it was when they change nothing', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const plain = withShape(recipe, testCatalogue, {});
        const step = mergeStep(plain, testCatalogue);
        const neutral = Object.fromEntries(
          curvableControls(step, testCatalogue).map((key) => [key, plain.experts.map(() => flatCurve(5))]),
        );
        const again = withShape(plain, testCatalogue, { curves: neutral, filter: { without: [], names: ' * ' } });
        expect(again).toEqual(plain);
        expect(idOf(again)).toBe(idOf(plain));
      }),
    );
  });

  it('are another merge than none, and than others', () => {
    const other = withCurves(opening, testCatalogue, 'lambda', [rising, rising, rising, rising]);
    expect(new Set([opening, shaped, other].map(idOf)).size).toBe(3);
  });

  it('go to whom they belong when experts leave, come and go', () => {
    const fewer = withExperts(shaped, ['rotation', 'upper', 'digits'], testCatalogue, testCard);
    expect(fewer.experts).toEqual(['digits', 'upper', 'rotation']);
    expect(curvesOf(fewer)?.lambda).toEqual([rising, flatCurve(3), rising]);
    expect(curvesOf(withExperts(shaped, ['greek', 'kana'], testCatalogue, testCard))).toBeUndefined();
  });

  it('stay while coefficients and groups of layers change, and go with a method that has no such control', () => {
    const at = { method: 'task-arithmetic', control: 'lambda' };
    expect(curvesOf(withControl(shaped, testCatalogue, at, [1, 1, 1, 1]))).toEqual(curvesOf(shaped));
    const divided = withLayerGroups(shaped, testCatalogue, 2);
    expect(curvesOf(divided)).toEqual(curvesOf(shaped));
    expect(mergeStep(divided, testCatalogue).layerGroups).toBe(2);
    const filtered = withFilter(shaped, testCatalogue, { without: ['bias'], names: '' });
    const averaged = mergeStep(withMethod(filtered, testCatalogue, 'adamerging'), testCatalogue);
    expect([averaged.curves, averaged.filter]).toEqual([undefined, { without: ['bias'], names: '' }]);
    expect(curvesOf(withMethod(shaped, testCatalogue, 'dare'))).toEqual(curvesOf(shaped));
  });

  it('shape only what a curve can shape', () => {
    const step = mergeStep(withMethod(opening, testCatalogue, 'ties'), testCatalogue);
    expect(curvableControls(step, testCatalogue)).toEqual(['lambda']);
    const all = withShape(withMethod(opening, testCatalogue, 'ties'), testCatalogue, {
      curves: { lambda: [rising, rising], density: [rising], nothing: [rising] },
    });
    expect(curvesOf(all)).toEqual({ lambda: [rising] });
    expect(countingCurves(mergeStep(all, testCatalogue), testCatalogue)).toEqual({ lambda: [rising] });
    expect(
      Object.values(curvesOf(all) ?? {})
        .flat()
        .some(isNeutral),
    ).toBe(false);
  });

  it('are not taken over by a method that changes the depth', () => {
    const deeper = { ...knownMethod(testCatalogue, 'task-arithmetic'), changesDepth: true } as const;
    expect(carriedShape(mergeStep(shaped, testCatalogue), deeper, [0, 1, 2, 3])).toEqual({});
  });
});
