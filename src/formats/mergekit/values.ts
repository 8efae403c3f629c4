/** A step's controls as mergekit's parameters, with their curves over depth and the tensors that are left out. */
import type { MergekitForm, MergekitValue } from '../../methods/mergekit.ts';
import type { Catalogue } from '../../methods/metadata.ts';
import type { Curves } from '../curves.ts';
import type { Step } from '../recipe.ts';
import { countingCurves } from '../recipe-curves.ts';
import { leftOut, type Setting, settingOf } from './shape.ts';

type MergekitValues = Readonly<Record<string, MergekitValue>>;
export type Written = Readonly<Record<string, Setting | boolean>>;

/** PyYAML reads 1e-7 as a text: numbers are written with six decimals. */
const DECIMALS = 1e6;

/** A coefficient as a configuration can hold it. */
export function roundedForYaml(value: number): number {
  const rounded = Math.round(value * DECIMALS) / DECIMALS;
  return rounded === 0 ? 0 : rounded;
}

/** What a step says of single layers and tensors. */
export interface Shape {
  /** Of the controls that count. */
  readonly curves: Curves;
  /** Parts of names of tensors that keep the base's weights. */
  readonly parts: readonly string[];
  /** Whether the filter says more than that. */
  readonly beyond: boolean;
  /** The control that is 0 where tensors keep the base's weights; undefined where none does that. */
  readonly zeroed: string | undefined;
}

export const isList = <T>(values: T | readonly T[]): values is readonly T[] => Array.isArray(values);

export function shapeOf(step: Step, form: MergekitForm, catalogue: Catalogue): Shape {
  const { parts, inexact: beyond } = leftOut(step.filter);
  return { curves: countingCurves(step, catalogue) ?? {}, parts, beyond, zeroed: zeroedControl(form) };
}

/** λ where there is one, else the weights, unless they are divided by their sum. */
function zeroedControl({ base, perModel, parameters = {} }: MergekitForm): string | undefined {
  if (base !== 'base') return undefined;
  const { lambda, normalize } = parameters;
  if (typeof lambda === 'object') return lambda.control;
  if (!perModel || isList(perModel) || normalize !== false) return undefined;
  return typeof perModel.weight === 'object' ? perModel.weight.control : undefined;
}

export function shapeRemarks({ curves, parts, beyond, zeroed }: Shape): string[] {
  const grouped = Object.values(curves)
    .flat()
    .some(({ groups }) => Object.values(groups).some((factor) => factor !== 1));
  const told: string[] = [];
  if (
    Object.values(curves)
      .flat()
      .some(({ points }) => points[0] !== points.at(-1))
  ) {
    told.push(
      'mergekit gives the first number of a list to all that is no layer, the final norm and the output layer too; here they get the last.',
    );
  }
  if (grouped || (zeroed !== undefined && parts.length > 0)) {
    told.push(
      'mergekit tells groups of tensors by parts of their names (norm, attn, mlp, embed): check that yours have them.',
    );
  }
  if (zeroed === undefined && (parts.length > 0 || beyond))
    told.push('The filter is left out: in mergekit this merge has no base whose tensors could stay.');
  else if (beyond) told.push('The filter is only written in part: mergekit tells tensors by one part of their name.');
  return told;
}

/** How values are written. */
export interface Writing {
  /** Of the merge over depth; a step before it has none. */
  readonly shape?: Shape | undefined;
  /** To six decimals unless something else is wanted. */
  readonly round?: (value: number) => number;
}

/** @param expert whose value counts where a control has one for each */
export function valuesOf(
  values: MergekitValues = {},
  step: Step,
  expert: number,
  { shape, round = roundedForYaml }: Writing = {},
): Written {
  const writing = { shape, round };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, written(value, step, expert, writing)]),
  );
}

function written(
  value: MergekitValue,
  step: Step,
  expert: number,
  { shape, round }: Writing & { readonly round: (value: number) => number },
): Setting | boolean {
  if (typeof value !== 'object') return value;
  const set = step.controls[value.control];
  if (typeof set === 'string') return value.map?.[set] ?? false;
  const [number, place] = typeof set === 'object' ? [set[expert], expert] : [set, 0];
  const curve = shape?.curves[value.control]?.[place];
  const out = shape && value.control === shape.zeroed ? shape.parts : [];
  return settingOf(number ?? 0, curve, out, (one) => round(asWritten(value, one)));
}

/** A control's number as mergekit's. */
function asWritten({ complement, power }: Exclude<MergekitValue, number | boolean>, one: number): number {
  if (complement) return 1 - one;
  return power === undefined ? one : power ** one;
}
