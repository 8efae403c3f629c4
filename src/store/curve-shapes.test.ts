import { describe, expect, it } from 'vitest';
import { testCard } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { catalogue } from './catalogue.ts';
import {
  CURVE_PRESETS,
  curvesOf,
  hasPreset,
  heightAt,
  movedPoints,
  pointName,
  shapeableOf,
  strengthOf,
  withGroupFactor,
  withPreset,
  withStrength,
} from './curve-shapes.ts';

const recipe = openingRecipe(testCard, catalogue);
const [lambda] = shapeableOf(recipe);
if (!lambda) throw new Error('the opening method has a control that curves can shape');
const flat = curvesOf(recipe, lambda, testCard.model.blocks);
const everyone = [...flat.keys()];
const preset = (name: string) =>
  CURVE_PRESETS.filter((one) => one.name === name)[0] ?? { name, make: () => flat[0] as never };

describe('editing curves', () => {
  it('begins flat, with one point per block', () => {
    expect(flat.map(({ points }) => points)).toEqual(recipe.experts.map(() => [1, 1, 1]));
    expect([0, 1, 2].map((k) => pointName(k, 3, 3))).toEqual(['block 1', 'block 2', 'block 3']);
    expect(pointName(1, 5, 3)).toBe('25 % of the depth');
  });

  it('moves points of the chosen curves alike, and leaves the others', () => {
    const moved = movedPoints(flat, [1, 2], [0, 2], -0.3);
    expect(moved.map(({ points }) => points)).toEqual([
      [1, 1, 1],
      [0.7, 1, 0.7],
      [0.7, 1, 0.7],
      [1, 1, 1],
    ]);
    expect(heightAt(moved, everyone, 0)).toBeCloseTo(0.85);
    expect(movedPoints(moved, [1], [0], -5)[1]?.points[0]).toBe(0);
  });

  it('scales a shape around 1 with its groups, and back', () => {
    const rising = withGroupFactor(withPreset(flat, [0], preset('rising')), [0], 'mlp', 0.6);
    expect(strengthOf(rising, [0])).toBeCloseTo(0.8);
    const half = withStrength(rising, [0], 0.4);
    expect(half[0]).toEqual({ points: [0.6, 1, 1.4], groups: { attention: 1, mlp: 0.8, norm: 1, embedding: 1 } });
    expect(withStrength(half, [0], 0.8)).toEqual(rising);
    expect(withStrength(flat, [0], 1)).toEqual(flat);
  });

  it('knows the preset that it shows', () => {
    for (const own of CURVE_PRESETS) {
      const shaped = withPreset(flat, everyone, own);
      expect(CURVE_PRESETS.filter((other) => hasPreset(shaped, everyone, other))).toEqual([own]);
    }
  });
});
