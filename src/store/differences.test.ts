import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRecipe, testCard, testCatalogue } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe, withControl, withLayerGroups, withMethod } from '../formats/recipe.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { differences } from './differences.ts';
import type { Names } from './sentence.ts';

const names: Names = {
  task: (id) => id.toUpperCase(),
  method: (id) => testCatalogue.methods.find((method) => method.id === id)?.name ?? id,
  symbol: (id, key) => testCatalogue.methods.find((method) => method.id === id)?.controls[key]?.symbol ?? key,
  layers: (group) => `layers ${group + 1}`,
};
const opening = openingRecipe(testCard, testCatalogue);
const between = (before: Recipe, after: Recipe) =>
  differences(before, after, names, testCatalogue).map(({ what, before: was, after: is }) => `${what}: ${was} → ${is}`);
const set = (recipe: Recipe, control: string, value: number | string | readonly number[]) =>
  withControl(recipe, testCatalogue, { method: recipe.chain[0]?.method ?? '', control }, value);

describe('what is different', () => {
  it('is nothing between a recipe and itself', () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        expect(between(recipe, recipe)).toEqual([]);
      }),
    );
  });

  it('is told both ways alike', () => {
    fc.assert(
      fc.property(anyRecipe, anyRecipe, (a, b) => {
        const there = differences(a, b, names, testCatalogue).map(({ what, before, after }) => [what, before, after]);
        const back = differences(b, a, names, testCatalogue).map(({ what, before, after }) => [what, after, before]);
        expect(back.toSorted()).toEqual(there.toSorted());
      }),
    );
  });

  it('is each coefficient that moved, by its expert', () => {
    expect(between(opening, set(opening, 'lambda', [0.3, 0.55, 0.3, -0.05]))).toEqual([
      'λ GREEK: .30 → .55',
      'λ ROTATION: .30 → −.05',
    ]);
  });

  it('is the method as a whole, and controls only of steps that both have', () => {
    const ties = withMethod(opening, testCatalogue, 'ties');
    expect(between(opening, ties)).toEqual(['method: Task Arithmetic → TIES']);
    const dare = withMethod(opening, testCatalogue, 'dare-ties');
    expect(between(ties, dare)).toEqual(['method: TIES → DARE + TIES', 'k: .20 → 1.00']);
  });

  it('is the seed only where one is used', () => {
    expect(between(opening, { ...opening, seed: 7 })).toEqual([]);
    const dare = withMethod(opening, testCatalogue, 'dare-ties');
    expect(between(dare, { ...dare, seed: 7 })).toEqual(['seed: 1 → 7']);
  });

  it('is who is in the mix, without the coefficients of those who came or went', () => {
    const fewer = withExperts(opening, ['digits', 'kana'], testCatalogue, testCard);
    expect(between(opening, fewer)).toEqual(['experts: DIGITS, GREEK, KANA, ROTATION → DIGITS, KANA']);
  });

  it('is the division into layers, then each layer’s own', () => {
    const two = withLayerGroups(opening, testCatalogue, 2);
    expect(between(opening, two)).toEqual(['groups of layers: 1 → 2']);
    expect(between(two, set(two, 'lambda', [0.3, 0.9, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]))).toEqual([
      'λ DIGITS · layers 2: .30 → .90',
    ]);
  });

  it('leaves out what counts for nothing', () => {
    const ties = withMethod(opening, testCatalogue, 'ties');
    const hidden = set(ties, 'weight', [2, 2, 2, 2]);
    expect(between(ties, hidden)).toEqual([]);
    expect(between(ties, set(hidden, 'weighting', 'own'))).toEqual(['w?: equal → own']);
  });
});
