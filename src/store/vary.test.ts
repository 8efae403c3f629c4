import catalogue from 'virtual:catalogue';
import { expect, it } from 'vitest';
import { mergeId } from '../formats/merge-id.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe, type Recipe, withLayerGroups, withMethod } from '../formats/recipe.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { coefficientNames } from './export.ts';
import { recipeAt } from './point-recipe.ts';
import type { ParetoPoint } from './state.ts';
import { budgetOf, coefficientValues, designRecipes, studyOf } from './study.ts';
import { pointsIn } from './vary.ts';

const ONLY = { vary: [], blocks: 3 };
const DENSITY = { vary: ['ties.density'], blocks: 3 };
const two = withExperts(openingRecipe(card, catalogue), ['digits', 'kana'], catalogue, card);
const ties = withMethod(two, catalogue, 'ties');
const dense = recipeAt(ties, [1, 0.8], DENSITY);

const point = (recipe: Recipe): ParetoPoint => ({
  mergeId: mergeId(recipe, catalogue, card),
  recipe,
  study: studyOf(recipe, card, ONLY),
  coefficients: coefficientValues(recipe, ONLY),
  calibration: {},
  test: {},
  source: 'design',
});

it('merges of other densities are of one study only while the density varies', () => {
  expect(studyOf(dense, card, ONLY)).not.toBe(studyOf(ties, card, ONLY));
  expect(studyOf(dense, card, DENSITY)).toBe(studyOf(ties, card, DENSITY));
  expect(studyOf(ties, card, DENSITY), 'studies that vary different controls never mix').not.toBe(
    studyOf(ties, card, ONLY),
  );
  // A control of another method varies nothing.
  expect(studyOf(two, card, DENSITY)).toBe(studyOf(two, card, ONLY));
});

it('measured merges find their place in the study of what varies now, and back', () => {
  const points = [point(ties), point(dense), point(two)];
  const moved = pointsIn(points, card, DENSITY);
  expect(moved.map(({ coefficients }) => coefficients)).toEqual([
    [1, 0.2],
    [1, 0.8],
    [0.3, 0.3],
  ]);
  expect(new Set(moved.slice(0, 2).map(({ study }) => study)).size).toBe(1);
  expect(moved[2]).toBe(points[2]);
  expect(pointsIn(moved, card, ONLY)).toEqual(points);
});

it('a point of a method that this studio does not have stays as it is', () => {
  const gone: ParetoPoint = { ...point(two), recipe: { ...two, chain: [{ method: 'model-of-2031', controls: {} }] } };
  expect(pointsIn([gone], card, DENSITY)).toEqual([gone]);
});

it('the budget counts what varies, and the design moves all of it', () => {
  expect(budgetOf(ties, ONLY)).toMatchObject({ coefficients: 1, unknowns: 3, merges: 6, prepares: false });
  expect(budgetOf(ties, DENSITY)).toMatchObject({ coefficients: 2, unknowns: 6, merges: 12, prepares: true });
  const densities = designRecipes(ties, DENSITY).map(({ chain }) => Number(chain[0]?.controls.density));
  expect(densities).toHaveLength(12);
  expect(Math.max(...densities) - Math.min(...densities)).toBeGreaterThan(0.8);
});

it('groups of layers are coefficients with names of their own', () => {
  const divided = withLayerGroups(two, catalogue, 3);
  expect(coefficientNames(divided, ONLY)).toEqual(['digits@1', 'digits@2', 'digits@3', 'kana@1', 'kana@2', 'kana@3']);
  expect(budgetOf(divided, ONLY)).toMatchObject({ coefficients: 6, unknowns: 28, prepares: false });
  expect(studyOf(divided, card, ONLY)).not.toBe(studyOf(two, card, ONLY));
});
