/** Recipes of the published methods that a search for a Pareto front is compared with, over the experts of another recipe. */
import type { Catalogue } from '../methods/metadata.ts';
import { withCoefficients } from './coefficients.ts';
import { chainFor, type Recipe } from './recipe.ts';

const SUM_METHOD = 'task-arithmetic';
const TRAINED_METHOD = 'adamerging';

function withChain(recipe: Recipe, catalogue: Catalogue, method: string): Recipe {
  const chain = chainFor(catalogue, method, recipe.experts.length);
  if (!chain) throw new Error(`no method "${method}" in the catalogue`);
  return { ...recipe, chain };
}

/** θ₀ + Σ λᵢτᵢ with these λ, one per expert: Task Arithmetic. */
export const sumRecipe = (recipe: Recipe, catalogue: Catalogue, lambda: readonly number[]): Recipe =>
  withCoefficients(withChain(recipe, catalogue, SUM_METHOD), catalogue, lambda);

/** AdaMerging with its default controls: a training that needs unlabelled images only. */
export const trainedRecipe = (recipe: Recipe, catalogue: Catalogue): Recipe =>
  withChain(recipe, catalogue, TRAINED_METHOD);
