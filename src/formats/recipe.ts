/**
 * A recipe says completely which network is wanted: which experts of which family, the chain of steps with every control
 * stored explicitly, and the seed. It holds neither weights nor what is looked at.
 */
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { carriedShape, type Shape } from './curves.ts';
import { MAX_GROUPS, resampled } from './layer-groups.ts';

export type Control = MethodMetadata['controls'][string];
export type NumberControl = Exclude<Control, { readonly kind: 'choice' }>;

/**
 * A number or an option of the whole method, or numbers of the experts in the recipe's order: one each or, in a step with groups of
 * layers, one for each group: all groups of the first expert from input to output, then those of the second …
 */
export type ControlValue = number | string | readonly number[];

/** Curves over depth and a filter of tensors (see curves.ts, tensor-filter.ts) only merge steps have, and only where they change something. */
export interface Step extends Shape {
  readonly method: string;
  /**
   * Groups of layers (see layer-groups.ts) that have coefficients of their own, 2 to 4; absent where one coefficient holds for the
   * whole network. Only merge steps have it, and it concerns those controls that are `isGroupable`.
   */
  readonly layerGroups?: number;
  readonly controls: Readonly<Record<string, ControlValue>>;
}

export interface Recipe {
  readonly family: string;
  readonly experts: readonly string[];
  /** pre* → merge → post* */
  readonly chain: readonly Step[];
  readonly seed: number;
}

export const DEFAULT_SEED = 1;
/** Random streams are keyed by 32 bits. */
export const MAX_SEED = 0xffffffff;
/** Method of a recipe in which nothing was chosen. */
const OPENING_METHOD = 'task-arithmetic';

export function findMethod(catalogue: Catalogue, id: string): MethodMetadata | undefined {
  return catalogue.methods.find((method) => method.id === id);
}

/** @throws Error when the recipe names a method that the catalogue lacks: such a recipe is never made by this file */
export function knownMethod(catalogue: Catalogue, id: string): MethodMetadata {
  const method = findMethod(catalogue, id);
  if (method) return method;
  throw new Error(`no method "${id}"; known: ${catalogue.methods.map((known) => known.id).join(', ')}`);
}

// ---------------------------------------------------------------- controls

/** How far an expert's coefficient goes where its range is unlocked: taken away twice over, or added three times. */
const UNLOCKED = { min: -2, max: 3 } as const;

/** The range in which a control's values count; beyond its own range only for coefficients of experts, see `isGroupable`. */
export function widestRange(control: NumberControl): { readonly min: number; readonly max: number } {
  const { min, max } = control;
  if (!isGroupable(control) || control.integer) return { min, max };
  return { min: Math.min(min, UNLOCKED.min), max: Math.max(max, UNLOCKED.max) };
}

/** One valid value of a control: finite and in range, an integer where one is wanted, a known option; else the default. */
export function clampControl(control: NumberControl, value: unknown): number;
export function clampControl(control: Control, value: unknown): number | string;
export function clampControl(control: Control, value: unknown): number | string {
  if (control.kind === 'choice') {
    return control.options.find((option) => option.value === value)?.value ?? control.default;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return control.default;
  const { min, max } = widestRange(control);
  const inside = Math.min(max, Math.max(min, control.integer ? Math.round(value) : value));
  // −0 and 0 are one position of a slider and must be one merge.
  return inside === 0 ? 0 : inside;
}

/**
 * A control's whole value: a single number given to a per-expert control counts for each, missing entries are defaults.
 * @param groups of layers that the step holds; they count where the control `isGroupable`
 */
export function clampValue(control: Control, value: unknown, experts: number, groups = 1): ControlValue {
  if (control.kind === 'choice' || control.per === 'method') return clampControl(control, value);
  const at = (i: number) => (Array.isArray(value) ? value[i] : value);
  const length = experts * (isGroupable(control) ? groups : 1);
  return Array.from({ length }, (_, i) => clampControl(control, at(i)));
}

/** Whether a control may differ between groups of layers: it belongs to an expert and acts only where weights are combined. */
export function isGroupable(control: Control): boolean {
  return control.kind !== 'choice' && control.per === 'expert' && control.stage === 'combine';
}

/** Groups of layers that a step's values are stored for, whether or not they count at the moment. */
export const storedGroups = (step: Step): number => step.layerGroups ?? 1;

/** Groups of layers that reach the merge: 1 while no control that they divide is visible. */
export const groupsOf = (step: Step, catalogue: Catalogue): number =>
  isDivisible(step, knownMethod(catalogue, step.method)) ? storedGroups(step) : 1;

/** Whether groups of layers can have coefficients of their own in this step, as its choices stand. */
export const isDivisible = (step: Step, { kind, controls, changesDepth }: MethodMetadata): boolean =>
  kind === 'merge' &&
  !changesDepth &&
  Object.values(controls).some((control) => isGroupable(control) && isVisible(step, control));

/** A control counts only while the choice that it hangs on has the value that it asks for. */
export function isVisible(step: Step, control: Control): boolean {
  return control.when === undefined || step.controls[control.when.control] === control.when.is;
}

/** @param given values that differ from the defaults */
export function defaultStep(method: MethodMetadata, experts: number, given: Step['controls'] = {}, groups = 1): Step {
  const controls = Object.entries(method.controls).map(([key, control]) => [
    key,
    clampValue(control, Object.hasOwn(given, key) ? given[key] : control.default, experts, groups),
  ]);
  // Without experts there is nothing to divide, and a link could not tell.
  const divided = groups > 1 && experts > 0;
  return { method: method.id, ...(divided && { layerGroups: groups }), controls: Object.fromEntries(controls) };
}

// ---------------------------------------------------------------- chains

/** The steps that a method's or preset's id stands for, with default controls; undefined when there is no such id. */
export function chainFor(catalogue: Catalogue, idOrPreset: string, experts: number): readonly Step[] | undefined {
  const method = findMethod(catalogue, idOrPreset);
  if (method) return [defaultStep(method, experts)];
  return catalogue.presets
    .find((preset) => preset.id === idOrPreset)
    ?.chain.map((step) => defaultStep(knownMethod(catalogue, step.method), experts, step.controls));
}

/** The card's opening experts, merged by task arithmetic with its default λ. */
export function openingRecipe(card: Card, catalogue: Catalogue): Recipe {
  const experts = card.experts.map(({ id }) => id).filter((id) => card.opening.experts.includes(id));
  const chain = [defaultStep(knownMethod(catalogue, OPENING_METHOD), experts.length)];
  return { family: card.family, experts, chain, seed: DEFAULT_SEED };
}

/** @throws Error when the chain has no merge step, which `checkRecipe` tells in words before */
export function mergeStep(recipe: Recipe, catalogue: Catalogue): Step {
  const step = recipe.chain.find((candidate) => findMethod(catalogue, candidate.method)?.kind === 'merge');
  if (step) return step;
  throw new Error(`no merge step among ${recipe.chain.map((candidate) => candidate.method).join(' + ') || 'no steps'}`);
}

/**
 * Chooses a method, with its default controls. A merge method or preset replaces all steps but the post steps, and keeps groups of
 * layers if it has coefficients for them, the filter, and curves of controls that it has too; a pre or post step is added at its place unless the chain has it.
 * @throws Error when there is no such method or preset
 */
export function withMethod(recipe: Recipe, catalogue: Catalogue, idOrPreset: string): Recipe {
  const plain = chainFor(catalogue, idOrPreset, recipe.experts.length);
  if (!plain) throw new Error(`no method or preset "${idOrPreset}"`);
  const kind = (step: Step) => knownMethod(catalogue, step.method).kind;
  const merges = plain.some((step) => kind(step) === 'merge');
  const before = mergeStep(recipe, catalogue);
  const groups = groupsOf(before, catalogue);
  const steps = plain.map((step) => {
    if (kind(step) !== 'merge') return step;
    const divided = regrouped(step, catalogue, recipe.experts.length, groups);
    return { ...divided, ...carriedShape(before, knownMethod(catalogue, step.method), [...recipe.experts.keys()]) };
  });
  const kept = recipe.chain.filter(
    (old) => (!merges || kind(old) === 'post') && !steps.some((step) => step.method === old.method),
  );
  const all = [...kept, ...steps];
  const chain = (['pre', 'merge', 'post'] as const).flatMap((wanted) => all.filter((step) => kind(step) === wanted));
  return { ...recipe, chain };
}

/** Takes a pre or post step out of the chain. */
export function withoutStep(recipe: Recipe, method: string): Recipe {
  return { ...recipe, chain: recipe.chain.filter((step) => step.method !== method) };
}

/** Changes places with the step before (−1) or after (1), if that one is of the same kind: a pre step stays before the merge. */
export function withStepMoved(recipe: Recipe, catalogue: Catalogue, method: string, by: -1 | 1): Recipe {
  const at = recipe.chain.findIndex((step) => step.method === method);
  const step = recipe.chain[at];
  const other = recipe.chain[at + by];
  const kind = ({ method: id }: Step) => knownMethod(catalogue, id).kind;
  if (!step || !other || kind(step) !== kind(other)) return recipe;
  const chain = recipe.chain.map((old) => (old === step ? other : old === other ? step : old));
  return { ...recipe, chain };
}

/** Sets one control of one step of the chain; the value is clamped. */
export function withControl(
  recipe: Recipe,
  catalogue: Catalogue,
  at: { readonly method: string; readonly control: string },
  value: ControlValue,
): Recipe {
  const control = knownMethod(catalogue, at.method).controls[at.control];
  if (!control) throw new Error(`${at.method}: no control "${at.control}"`);
  const chain = recipe.chain.map((step) => {
    if (step.method !== at.method) return step;
    const whole = clampValue(control, value, recipe.experts.length, storedGroups(step));
    return { ...step, controls: { ...step.controls, [at.control]: whole } };
  });
  return { ...recipe, chain };
}

/**
 * Divides the merge step's coefficients among groups of layers, 1 to 4: more groups begin with the values that their layers had,
 * fewer with the mean over the layers that they join. A merge without such coefficients stays as it is.
 */
export function withLayerGroups(recipe: Recipe, catalogue: Catalogue, groups: number): Recipe {
  const merge = mergeStep(recipe, catalogue);
  const wanted = Math.min(MAX_GROUPS, Math.max(1, Math.round(groups) || 1));
  const chain = recipe.chain.map((step) =>
    step === merge ? regrouped(step, catalogue, recipe.experts.length, wanted) : step,
  );
  return { ...recipe, chain };
}

function regrouped(step: Step, catalogue: Catalogue, experts: number, groups: number): Step {
  const method = knownMethod(catalogue, step.method);
  const before = storedGroups(step);
  if (groups === before || !isDivisible(step, method)) return step;
  const spread = (control: Control | undefined, value: ControlValue): ControlValue =>
    control && isGroupable(control) && typeof value === 'object'
      ? Array.from({ length: experts }, (_, e) => resampled(value.slice(e * before, (e + 1) * before), groups)).flat()
      : value;
  const given = Object.entries(step.controls).map(([key, value]) => [key, spread(method.controls[key], value)]);
  const { curves, filter } = step;
  return {
    ...defaultStep(method, experts, Object.fromEntries(given), groups),
    ...(curves && { curves }),
    ...(filter && { filter }),
  };
}

/** Whether the experts in another order would give another network. */
export function dependsOnOrder(recipe: Recipe, catalogue: Catalogue): boolean {
  return recipe.chain.some((step) => findMethod(catalogue, step.method)?.needs.order === true);
}

/** Whether another seed would give another network. */
export function usesSeed(recipe: Recipe, catalogue: Catalogue): boolean {
  return recipe.chain.some((step) => findMethod(catalogue, step.method)?.needs.seed === true);
}

/** Method of the uniform average, the baseline that every merge is compared with. */
const AVERAGE_METHOD = 'weight-average';

/** What is chosen for models of which nothing is known but whether one of them is the base. */
export const plainChain = (catalogue: Catalogue, experts: number, hasBase: boolean): readonly Step[] => [
  defaultStep(knownMethod(catalogue, hasBase ? OPENING_METHOD : AVERAGE_METHOD), experts),
];

/** The uniform average of the recipe's experts. */
export function averageRecipe(recipe: Recipe, catalogue: Catalogue): Recipe {
  return { ...recipe, chain: [defaultStep(knownMethod(catalogue, AVERAGE_METHOD), recipe.experts.length)] };
}
