/** The coefficients of a point of the Pareto plot by name, and the recipe that has others. */

import { type Coefficient, coefficientsOf, withCoefficients } from '../formats/coefficients.ts';
import type { Recipe } from '../formats/recipe.ts';
import { catalogue } from './catalogue.ts';

/** The recipe with these values in the order that points have them. */
export const recipeAt = (recipe: Recipe, values: readonly number[]): Recipe =>
  withCoefficients(recipe, catalogue, values);

export const namedCoefficients = (recipe: Recipe): readonly Coefficient[] => coefficientsOf(recipe, catalogue);
