/**
 * What a fair tuning moves of a recipe, the same rule for every method: the numbers that only need a new combination, of every step;
 * where there are none, those that need a new preparation, unless each preparation is a training of its own.
 */
import type { Catalogue } from '../methods/metadata.ts';
import { isVisible, knownMethod, type NumberControl, type Recipe, withControl } from './recipe.ts';

/** Merges that every method gets, its default among them. */
export const TUNE_BUDGET = 24;

export interface TunedControl {
  readonly method: string;
  readonly key: string;
  readonly control: NumberControl;
}

export interface Tuning {
  /** Empty where there is nothing to tune; `reason` then says why. */
  readonly controls: readonly TunedControl[];
  /** Whether every merge needs a preparation of its own. */
  readonly prepares: boolean;
  readonly reason?: string;
}

export function tuningOf(recipe: Recipe, catalogue: Catalogue): Tuning {
  const all = recipe.chain.flatMap((step) =>
    Object.entries(knownMethod(catalogue, step.method).controls).flatMap(([key, control]): TunedControl[] =>
      control.kind === 'choice' || control.integer || !isVisible(step, control)
        ? []
        : [{ method: step.method, key, control }],
    ),
  );
  const combined = all.filter(({ control }) => control.stage === 'combine');
  if (combined.length > 0) return { controls: combined, prepares: false };
  if (all.length === 0) return { controls: [], prepares: false, reason: 'It has no continuous number to tune.' };
  if (recipe.chain.some(({ method }) => trains(catalogue, method)))
    return { controls: [], prepares: true, reason: 'Each of its numbers would need a training of its own.' };
  return { controls: all, prepares: true };
}

/** Whether a preparation of this method is an optimisation. */
function trains(catalogue: Catalogue, method: string): boolean {
  const { needs, facets } = knownMethod(catalogue, method);
  return needs.gradients === true || facets?.includes('optimiser') === true;
}

export interface TuningSpace {
  readonly box: readonly { readonly min: number; readonly max: number }[];
  /** The recipe's own values. */
  readonly start: readonly number[];
}

/** One axis per tuned number: a control of the experts has one for each of them. */
export function tuningSpace(recipe: Recipe, { controls }: Tuning): TuningSpace {
  const axes = controls.flatMap(({ method, key, control }) => {
    const value = recipe.chain.find((step) => step.method === method)?.controls[key];
    const values = typeof value === 'object' ? value : [typeof value === 'number' ? value : control.default];
    return values.map((start) => ({ start, min: control.min, max: control.max }));
  });
  return { box: axes.map(({ min, max }) => ({ min, max })), start: axes.map(({ start }) => start) };
}

/** The recipe with these values, in the order of `tuningSpace`. */
export function tunedRecipe(
  recipe: Recipe,
  catalogue: Catalogue,
  { controls }: Tuning,
  values: readonly number[],
): Recipe {
  let used = 0;
  return controls.reduce((changed, { method, key, control }) => {
    const value = recipe.chain.find((step) => step.method === method)?.controls[key];
    const count = typeof value === 'object' ? value.length : 1;
    const own = values.slice(used, used + count);
    used += count;
    const whole = typeof value === 'object' ? own : (own[0] ?? control.default);
    return withControl(changed, catalogue, { method, control: key }, whole);
  }, recipe);
}
