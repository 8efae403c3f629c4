/** The coefficients of a point of the Pareto plot by name, and the recipe that has others. */

import {
  type Coefficient,
  coefficientsOf,
  type FurtherControl,
  furtherControls,
  type Space,
  withCoefficients,
} from '../formats/coefficients.ts';
import type { Recipe } from '../formats/recipe.ts';
import { catalogue } from './catalogue.ts';

/** The recipe with these values in the order that points have them. */
export const recipeAt = (recipe: Recipe, values: readonly number[], space: Space): Recipe =>
  withCoefficients(recipe, catalogue, values, space);

export const namedCoefficients = (recipe: Recipe, space: Space): readonly Coefficient[] =>
  coefficientsOf(recipe, catalogue, space);

/** What may be varied along with the coefficients. */
export const furtherOf = (recipe: Recipe): readonly FurtherControl[] => furtherControls(recipe, catalogue);
