/** Which recipes share work: the same key, the same prepared tensors. */
import type { Catalogue } from '../methods/metadata.ts';
import { isVisible, knownMethod, type Recipe, type Step } from './recipe.ts';

function stepKey(step: Step, catalogue: Catalogue, stage: 'all' | 'prepare'): unknown {
  const { revision, controls } = knownMethod(catalogue, step.method);
  const counting = Object.entries(controls)
    .filter(([, control]) => isVisible(step, control) && (stage === 'all' || control.stage === 'prepare'))
    .map(([key]) => [key, step.controls[key]]);
  return [step.method, revision, counting];
}

const kindOf = (step: Step, catalogue: Catalogue) => knownMethod(catalogue, step.method).kind;

/**
 * What the merge step receives: the experts, and the task vectors that the pre steps make of them.
 * @param count of pre steps, for what the step after them receives; all by default
 */
export function originKey(recipe: Recipe, catalogue: Catalogue, count?: number): string {
  const pre = recipe.chain.filter((step) => kindOf(step, catalogue) === 'pre').slice(0, count);
  const seeded = pre.some((step) => knownMethod(catalogue, step.method).needs.seed);
  return JSON.stringify([
    recipe.family,
    recipe.experts,
    pre.map((step) => stepKey(step, catalogue, 'all')),
    seeded ? recipe.seed : null,
  ]);
}

/** All that a preparation depends on; what is left of the recipe only needs a new combination. */
export function preparationKey(recipe: Recipe, catalogue: Catalogue): string {
  const merge = recipe.chain.filter((step) => kindOf(step, catalogue) === 'merge');
  const seeded = merge.some((step) => knownMethod(catalogue, step.method).needs.seed);
  return JSON.stringify([
    originKey(recipe, catalogue),
    merge.map((step) => stepKey(step, catalogue, 'prepare')),
    seeded ? recipe.seed : null,
  ]);
}
