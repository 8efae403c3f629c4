/** Curves and filters of a recipe's merge step: how they are set, and what of them reaches the merge. */
import type { Catalogue } from '../methods/metadata.ts';
import { type Curve, type Curves, cleanCurves, isCurvable, type Shape } from './curves.ts';
import { isVisible, knownMethod, mergeStep, type Recipe, type Step } from './recipe.ts';
import { cleanFilter, type TensorFilter } from './tensor-filter.ts';

/** The recipe with another shape of its merge step: cleaned, and absent where it changes nothing. */
function reshaped(recipe: Recipe, catalogue: Catalogue, change: (step: Step) => Shape): Recipe {
  const merge = mergeStep(recipe, catalogue);
  const { curves: _curves, filter: _filter, ...plain } = merge;
  const given = change(merge);
  const method = knownMethod(catalogue, merge.method);
  const curves = cleanCurves(method, recipe.experts.length, given.curves ?? {});
  const filter = given.filter && !method.changesDepth ? cleanFilter(given.filter) : undefined;
  const next: Step = { ...plain, ...(curves && { curves }), ...(filter && { filter }) };
  return { ...recipe, chain: recipe.chain.map((step) => (step === merge ? next : step)) };
}

export const withShape = (recipe: Recipe, catalogue: Catalogue, shape: Shape): Recipe =>
  reshaped(recipe, catalogue, () => shape);

/** Gives one control of the merge step other curves: one for each expert, or one of a control of the whole method. */
export const withCurves = (recipe: Recipe, catalogue: Catalogue, control: string, curves: readonly Curve[]): Recipe =>
  reshaped(recipe, catalogue, (step) => ({ ...step, curves: { ...step.curves, [control]: curves } }));

export const withFilter = (recipe: Recipe, catalogue: Catalogue, filter: TensorFilter): Recipe =>
  reshaped(recipe, catalogue, (step) => ({ ...step, filter }));

/** Curves of the controls that count as the step's choices stand; undefined when there is none. */
export function countingCurves(step: Step, catalogue: Catalogue): Curves | undefined {
  const { controls } = knownMethod(catalogue, step.method);
  const counting = Object.entries(step.curves ?? {}).filter(([key]) => {
    const control = controls[key];
    return control && isVisible(step, control);
  });
  return counting.length > 0 ? Object.fromEntries(counting) : undefined;
}

/** Controls of the step that a curve can shape, as its choices stand. */
export function curvableControls(step: Step, catalogue: Catalogue): readonly string[] {
  const method = knownMethod(catalogue, step.method);
  return Object.entries(method.controls).flatMap(([key, control]) =>
    isCurvable(method, control) && isVisible(step, control) ? [key] : [],
  );
}
