/** The current values of a step's controls, as the formula and the list beside it need them. */
import catalogue from 'virtual:catalogue';
import type { StudioState } from '../../store/state.ts';
import type { Numbers } from './substitute.ts';

export type Recipe = NonNullable<StudioState['recipe']>;
export type Step = Recipe['chain'][number];
export type Method = (typeof catalogue)['methods'][number];
type Control = Method['controls'][string];

export const methodOf = (step: Step): Method | undefined =>
  catalogue.methods.find((method) => method.id === step.method);

/** Between the equations of one formula its author left a wide gap. */
export const EQUATIONS = /,?\\q?quad\s*/;

export interface Setting {
  readonly key: string;
  readonly control: Control;
  readonly value: Step['controls'][string];
}

/** Controls that count at present, with their values. */
export function settingsOf(step: Step, method: Method): readonly Setting[] {
  return Object.entries(method.controls).flatMap(([key, control]) => {
    const value = step.controls[key];
    const hidden = control.when !== undefined && step.controls[control.when.control] !== control.when.is;
    return value === undefined || hidden ? [] : [{ key, control, value }];
  });
}

/** Coefficients that differ between groups of layers are left as letters: the formula has room for one per expert. */
export function numbersOf(settings: readonly Setting[], experts: readonly string[]): Numbers {
  const perExpert = settings.flatMap(({ control, value }) =>
    typeof value === 'object' && value.length === experts.length ? [[control.symbol, value] as const] : [],
  );
  const single = settings.flatMap(({ control, value }) =>
    typeof value === 'number' && !(control.kind !== 'choice' && control.integer)
      ? [[control.symbol, value] as const]
      : [],
  );
  return { perExpert: Object.fromEntries(perExpert), single: Object.fromEntries(single), experts };
}

/** Whether a step of the chain learns from data, by gradients or by trying. */
export const isTrained = ({ chain }: Recipe): boolean => chain.some((step) => methodOf(step)?.needs.gradients === true);

/** Which step of its own path the method's result is taken from; undefined for methods without such a control. */
export function stepOnPath(recipe: Recipe): number | undefined {
  for (const step of recipe.chain) {
    const method = methodOf(step);
    if (method?.kind !== 'merge') continue;
    const found = Object.entries(method.controls).find(
      ([, control]) => control.kind !== 'choice' && control.integer === true && control.stage === 'combine',
    );
    const value = found && step.controls[found[0]];
    if (typeof value === 'number') return value;
  }
  return undefined;
}
