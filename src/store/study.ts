/** A study: all recipes that differ in nothing but the coefficients that MAP fits. */

import type { Card } from '../formats/card.ts';
import { coefficientsOf, withCoefficients } from '../formats/coefficients.ts';
import { mergeId } from '../formats/merge-id.ts';
import { openingRecipe, type Recipe } from '../formats/recipe.ts';
import { type Axis, design, pointsNeeded } from '../pareto/design/design.ts';
import { catalogue } from './catalogue.ts';
import type { ParetoPoint, Plan } from './state.ts';

/** Two recipes with the same key are points of one study. */
export function studyOf(recipe: Recipe, card: Card): string {
  const zeros = coefficientsOf(recipe, catalogue).map(() => 0);
  return mergeId(withCoefficients(recipe, catalogue, zeros), catalogue, card);
}

export const coefficientValues = (recipe: Recipe): number[] =>
  coefficientsOf(recipe, catalogue).map(({ value }) => value);

/** Unknowns of one quadratic, and the merges that are measured to determine it well: twice as many. */
export function budgetOf(recipe: Recipe): { unknowns: number; merges: number } {
  const unknowns = pointsNeeded(coefficientsOf(recipe, catalogue).length);
  return { unknowns, merges: 2 * unknowns };
}

export const axesOf = (recipe: Recipe): Axis[] =>
  coefficientsOf(recipe, catalogue).map(({ min, max, expert }) => ({ min, max, perExpert: expert !== undefined }));

/** The recipes of a design over the coefficients of `recipe`. */
export function designRecipes(recipe: Recipe): Recipe[] {
  return design(axesOf(recipe), budgetOf(recipe).merges, recipe.seed).map((c) =>
    withCoefficients(recipe, catalogue, c),
  );
}

export function planOf(recipes: readonly Recipe[], card: Card): Plan {
  const ids = recipes.map((own) => mergeId(own, catalogue, card));
  return { recipes, ids, tasks: recipes[0]?.experts ?? [], startedAt: performance.now(), doneBefore: 0 };
}

/** The merges that were measured when the zoo was made: a surrogate is there before any weight has arrived. */
export function openingPoints(card: Card): ParetoPoint[] {
  const recipe = openingRecipe(card, catalogue);
  const study = studyOf(recipe, card);
  return card.opening.points.map(({ lambda, calibration, test }) => {
    const own = withCoefficients(recipe, catalogue, lambda);
    return {
      mergeId: mergeId(own, catalogue, card),
      recipe: own,
      study,
      coefficients: lambda,
      calibration,
      test,
      source: 'zoo',
    };
  });
}
