/** A study: all recipes that differ in nothing but what MAP varies, their coefficients and the further controls of a space. */
import { MAX_DIMENSIONS } from '../core/random/sobol.ts';
import type { Card } from '../formats/card.ts';
import {
  coefficientsOf,
  needsPreparing,
  type Space,
  variedControls,
  withCoefficients,
} from '../formats/coefficients.ts';
import type { MapSettings } from '../formats/map-settings.ts';
import { mergeId } from '../formats/merge-id.ts';
import { openingRecipe, type Recipe } from '../formats/recipe.ts';
import { type Axis, design, pointsNeeded } from '../pareto/design/design.ts';
import { officialDesign, plainDesign } from '../pareto/design/official.ts';
import { catalogue } from './catalogue.ts';
import type { ParetoPoint, Plan } from './state.ts';

/** Two recipes with the same key are points of one study; studies that vary different controls have different keys. */
export function studyOf(recipe: Recipe, card: Card, space: Space): string {
  const zeros = coefficientsOf(recipe, catalogue, space).map(() => 0);
  const fixed = mergeId(withCoefficients(recipe, catalogue, zeros, space), catalogue, card);
  return [fixed, ...variedControls(recipe, catalogue, space.vary).map(({ id }) => id)].join(' ');
}

export const coefficientValues = (recipe: Recipe, space: Space): number[] =>
  coefficientsOf(recipe, catalogue, space).map(({ value }) => value);

/** What measuring a study asks for. */
export interface StudyBudget {
  /** Unknowns p of one quadratic. */
  readonly unknowns: number;
  /** Merges that are measured to determine it well: twice as many. */
  readonly merges: number;
  /** Whether each of them needs a preparation of its own, not only a combination. */
  readonly prepares: boolean;
  readonly coefficients: number;
  /** Most coefficients that a design can be made for. */
  readonly most: number;
}

export function budgetOf(recipe: Recipe, space: Space): StudyBudget {
  const coefficients = coefficientsOf(recipe, catalogue, space).length;
  const unknowns = pointsNeeded(coefficients);
  const prepares = needsPreparing(recipe, catalogue, space);
  return { unknowns, merges: 2 * unknowns, prepares, coefficients, most: MAX_DIMENSIONS };
}

export const axesOf = (recipe: Recipe, space: Space): Axis[] =>
  coefficientsOf(recipe, catalogue, space).map(({ min, max, expert }) => ({
    min,
    max,
    perExpert: expert !== undefined,
  }));

/** The recipes of a design over what the space varies of `recipe`. The published grid knows coefficients of experts only. */
export function designRecipes(recipe: Recipe, space: Space, kind: MapSettings['design'] = 'sobol'): Recipe[] {
  const axes = axesOf(recipe, space);
  const official = kind === 'official' && axes.every(({ perExpert }) => perExpert);
  const vectors = official
    ? officialDesign(axes.length, plainDesign(axes.length), recipe.seed)
    : design(axes, budgetOf(recipe, space).merges, recipe.seed);
  return vectors.map((c) => withCoefficients(recipe, catalogue, c, space));
}

export function planOf(recipes: readonly Recipe[], card: Card): Plan {
  const ids = recipes.map((own) => mergeId(own, catalogue, card));
  return { recipes, ids, tasks: recipes[0]?.experts ?? [], startedAt: performance.now(), doneBefore: 0 };
}

/** Tasks whose scores are wanted of one of a plan's merges. */
export const tasksOf = ({ tasks, fewer }: Plan, index: number): readonly string[] => fewer?.[index] ?? tasks;

/** The merges that were measured when the zoo was made: a surrogate is there before any weight has arrived. */
export function openingPoints(card: Card): ParetoPoint[] {
  const recipe = openingRecipe(card, catalogue);
  const study = studyOf(recipe, card, { vary: [], blocks: card.model.blocks });
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
