/** The continuous controls of a recipe along which a Pareto front is sought. */
import type { Catalogue } from '../methods/metadata.ts';
import { isVisible, knownMethod, mergeStep, type NumberControl, type Recipe, withControl } from './recipe.ts';

export interface Coefficient {
  /** Name of the control in the merge step. */
  readonly key: string;
  /** Symbol and, where the coefficient belongs to one expert, its id: `λ digits`. */
  readonly name: string;
  readonly expert?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/**
 * What MAP fits for this recipe: the merge step's visible per-expert control, one that only needs a new combination before one
 * that needs a new preparation; without such a control, its method-wide controls of stage 'combine'. Integers are no
 * coefficients. Empty when nothing is left to vary.
 */
export function coefficientsOf(recipe: Recipe, catalogue: Catalogue): readonly Coefficient[] {
  const step = mergeStep(recipe, catalogue);
  return fittedControls(recipe, catalogue).flatMap(([key, control]) => {
    const value = step.controls[key];
    const range = { min: control.min, max: control.max, step: control.step };
    if (typeof value === 'number') return [{ key, name: control.symbol, value, ...range }];
    return recipe.experts.map((expert, i) => ({
      key,
      name: `${control.symbol} ${expert}`,
      expert,
      value: (typeof value === 'object' ? value[i] : undefined) ?? control.default,
      ...range,
    }));
  });
}

/** The recipe with these values, clamped, in the order of `coefficientsOf`. */
export function withCoefficients(recipe: Recipe, catalogue: Catalogue, values: readonly number[]): Recipe {
  const { method } = mergeStep(recipe, catalogue);
  let used = 0;
  let changed = recipe;
  for (const [key, control] of fittedControls(recipe, catalogue)) {
    const count = control.per === 'expert' ? recipe.experts.length : 1;
    const own = values.slice(used, used + count);
    changed = withControl(
      changed,
      catalogue,
      { method, control: key },
      control.per === 'expert' ? own : (own[0] ?? control.default),
    );
    used += count;
  }
  return changed;
}

function fittedControls(recipe: Recipe, catalogue: Catalogue): readonly (readonly [string, NumberControl])[] {
  const step = mergeStep(recipe, catalogue);
  const visible = Object.entries(knownMethod(catalogue, step.method).controls).flatMap(([key, control]) =>
    control.kind !== 'choice' && !control.integer && isVisible(step, control) ? [[key, control] as const] : [],
  );
  const find = (per: 'expert' | 'method', stage: 'prepare' | 'combine') =>
    visible.filter(([, control]) => control.per === per && control.stage === stage);
  const perExpert = find('expert', 'combine')[0] ?? find('expert', 'prepare')[0];
  return perExpert ? [perExpert] : find('method', 'combine');
}
