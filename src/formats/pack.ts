/** Packs: merges that give a network for each expert's task, so that the task has to be known when they are used. */
import type { Catalogue } from '../methods/metadata.ts';
import { knownMethod, type Recipe } from './recipe.ts';

export const isPack = (recipe: Recipe, catalogue: Catalogue): boolean =>
  recipe.chain.some(({ method }) => (knownMethod(catalogue, method).result ?? 'single') !== 'single');
