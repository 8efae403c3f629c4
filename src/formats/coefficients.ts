/**
 * The continuous controls of a recipe along which a Pareto front is sought: the axes of the box that MAP samples. They are the merge
 * step's coefficients (one per expert, or one per expert and group of layers) and, after them, those further controls of any step
 * that the user lets vary, each in its own range.
 */
import type { Catalogue, MethodMetadata } from '../methods/metadata.ts';
import { groupName } from './layer-groups.ts';
import {
  groupsOf,
  isGroupable,
  isVisible,
  knownMethod,
  mergeStep,
  type NumberControl,
  type Recipe,
  type Step,
  withControl,
} from './recipe.ts';

/** What besides the coefficients is varied, and of what network. No part of the recipe: it decides which recipes are compared. */
export interface Space {
  /** Ids of further controls, see `furtherControls`; those that the recipe does not have count for nothing. */
  readonly vary: readonly string[];
  /** Blocks of the network, which groups of layers are called by. */
  readonly blocks: number;
}

/** Coefficients alone, where their names do not matter. */
export const COEFFICIENTS_ONLY: Space = { vary: [], blocks: 0 };

export interface Coefficient {
  /** Unique among the recipe's, for files: the expert, `digits@2` for its second group of layers, or the control's name. */
  readonly id: string;
  /** Name of the control in its step. */
  readonly key: string;
  /** Symbol and, where the coefficient belongs to one expert, its id and layers: `λ digits`, `λ digits · blocks 2–3`. */
  readonly name: string;
  readonly symbol: string;
  readonly expert?: string;
  /** What its group of layers holds, `blocks 2–3`; absent where there is only one group. */
  readonly layers?: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A number of a whole method that MAP may vary along with the coefficients. */
export interface FurtherControl {
  /** `method.control`. */
  readonly id: string;
  /** The control's name alone, where no other further control has it; else the id. */
  readonly short: string;
  readonly method: string;
  readonly key: string;
  readonly control: NumberControl;
}

/**
 * What MAP fits for this recipe: the merge step's visible per-expert control, one that only needs a new combination before one
 * that needs a new preparation; without such a control, its method-wide controls of stage 'combine'. Integers are no
 * coefficients. Then the further controls of the space, in the order of the chain. Empty when nothing is left to vary.
 */
export function coefficientsOf(
  recipe: Recipe,
  catalogue: Catalogue,
  { vary, blocks }: Space = COEFFICIENTS_ONLY,
): readonly Coefficient[] {
  const fitted = fittedControls(recipe, catalogue, vary);
  const alone = (of: (one: Fitted) => string, one: Fitted) =>
    fitted.filter((other) => of(other) === of(one)).length === 1;
  return fitted.flatMap((one) => {
    const { step, key, control, groups } = one;
    const value = step.controls[key];
    const range = { min: control.min, max: control.max, step: control.step };
    if (control.per === 'method') {
      const { name } = knownMethod(catalogue, step.method);
      const unique = alone((other) => other.key, one) && !recipe.experts.includes(key);
      const id = unique ? key : `${step.method}.${key}`;
      const called = alone((other) => other.control.symbol, one) ? control.symbol : `${control.symbol} of ${name}`;
      return [
        {
          id,
          key,
          name: called,
          symbol: control.symbol,
          value: typeof value === 'number' ? value : control.default,
          ...range,
        },
      ];
    }
    return recipe.experts.flatMap((expert, e) =>
      Array.from({ length: groups }, (_, group): Coefficient => {
        const own = (typeof value === 'object' ? value[e * groups + group] : undefined) ?? control.default;
        const { symbol } = control;
        const whole = { id: expert, key, name: `${symbol} ${expert}`, symbol, expert, value: own, ...range };
        if (groups === 1) return whole;
        const layers = groupName(group, groups, blocks);
        return { ...whole, id: `${expert}@${group + 1}`, name: `${whole.name} · ${layers}`, layers };
      }),
    );
  });
}

/** The recipe with these values, clamped, in the order of `coefficientsOf`. */
export function withCoefficients(
  recipe: Recipe,
  catalogue: Catalogue,
  values: readonly number[],
  { vary }: Space = COEFFICIENTS_ONLY,
): Recipe {
  let used = 0;
  let changed = recipe;
  for (const { step, key, control, groups } of fittedControls(recipe, catalogue, vary)) {
    const count = control.per === 'expert' ? recipe.experts.length * groups : 1;
    const own = values.slice(used, used + count);
    changed = withControl(
      changed,
      catalogue,
      { method: step.method, control: key },
      control.per === 'expert' ? own : (own[0] ?? control.default),
    );
    used += count;
  }
  return changed;
}

/** Visible numbers of whole methods, of every step and stage, that are not varied anyway. */
export function furtherControls(recipe: Recipe, catalogue: Catalogue): readonly FurtherControl[] {
  const own = coefficientControls(recipe, catalogue);
  const all = recipe.chain.flatMap((step) =>
    visibleNumbers(step, knownMethod(catalogue, step.method)).flatMap(([key, control]) =>
      control.per === 'method' && !own.some((one) => one.step === step && one.key === key)
        ? [{ id: `${step.method}.${key}`, method: step.method, key, control }]
        : [],
    ),
  );
  return all.map((one) => {
    const unique = all.filter(({ key }) => key === one.key).length === 1;
    return { ...one, short: unique ? one.key : one.id };
  });
}

/** Of the further controls those that the space varies. */
export function variedControls(
  recipe: Recipe,
  catalogue: Catalogue,
  vary: readonly string[],
): readonly FurtherControl[] {
  return furtherControls(recipe, catalogue).filter(({ id }) => vary.includes(id));
}

/** Whether the merges of the space differ in more than their combination: each then needs a preparation of its own. */
export function needsPreparing(recipe: Recipe, catalogue: Catalogue, { vary }: Space): boolean {
  return fittedControls(recipe, catalogue, vary).some(({ control }) => control.stage === 'prepare');
}

interface Fitted {
  readonly step: Step;
  readonly key: string;
  readonly control: NumberControl;
  /** Of layers that this control's values are given for. */
  readonly groups: number;
}

function fittedControls(recipe: Recipe, catalogue: Catalogue, vary: readonly string[]): readonly Fitted[] {
  const further = variedControls(recipe, catalogue, vary).flatMap(({ method, key, control }) => {
    const step = recipe.chain.find((candidate) => candidate.method === method);
    return step ? [{ step, key, control, groups: 1 }] : [];
  });
  return [...coefficientControls(recipe, catalogue), ...further];
}

function coefficientControls(recipe: Recipe, catalogue: Catalogue): readonly Fitted[] {
  const step = mergeStep(recipe, catalogue);
  const visible = visibleNumbers(step, knownMethod(catalogue, step.method));
  const find = (per: 'expert' | 'method', stage: 'prepare' | 'combine') =>
    visible.filter(([, control]) => control.per === per && control.stage === stage);
  const perExpert = find('expert', 'combine')[0] ?? find('expert', 'prepare')[0];
  const groups = groupsOf(step, catalogue);
  return (perExpert ? [perExpert] : find('method', 'combine')).map(([key, control]) => {
    return { step, key, control, groups: isGroupable(control) ? groups : 1 };
  });
}

function visibleNumbers(step: Step, { controls }: MethodMetadata): readonly (readonly [string, NumberControl])[] {
  return Object.entries(controls).flatMap(([key, control]) =>
    control.kind !== 'choice' && !control.integer && isVisible(step, control) ? [[key, control] as const] : [],
  );
}
