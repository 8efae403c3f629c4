/** mergekit's method and parameters as steps of a recipe: what the method files say of mergekit, read backwards. */
import type { MergekitForm, MergekitJoin, MergekitReading, MergekitValue } from '../../methods/mergekit.ts';
import type { MethodMetadata } from '../../methods/metadata.ts';
import { quote } from '../link-text.ts';
import { type ControlValue, defaultStep, knownMethod, type Step } from '../recipe.ts';
import { type Dictionary, remarksOn } from './form.ts';
import { isList } from './values.ts';

/** A way to read a merge: a method's form, with the step before it that mergekit has in the same method. */
export interface Candidate {
  readonly method: MethodMetadata;
  readonly form: MergekitForm & { readonly reading: MergekitReading };
  readonly before?: { readonly method: MethodMetadata; readonly join: MergekitJoin };
}

/** What a configuration says to one tensor: of every model in turn, or of all. */
export interface Said {
  /** Number of models that are joined, without the base. */
  readonly experts: number;
  /** @returns undefined where nothing is set; @param expert undefined for what is said of all */
  value(name: string, kind: 'number' | 'boolean', expert: number | undefined): number | boolean | undefined;
}

export type Backwards =
  | { readonly kind: 'steps'; readonly steps: readonly Step[]; readonly remarks: readonly string[] }
  | { readonly kind: 'unlike'; readonly reason: string };

/** All ways to read a `merge_method`. */
export function candidatesOf(name: string, dictionary: Dictionary): Candidate[] {
  const { catalogue, mergekit } = dictionary;
  const read = Object.entries(mergekit.merges).flatMap(([id, forms]) =>
    forms.flatMap((form) => {
      const { reading } = form;
      return reading ? [{ method: knownMethod(catalogue, id), form: { ...form, reading } }] : [];
    }),
  );
  const joined = Object.entries(mergekit.joins).flatMap(([id, joins]) =>
    joins.flatMap((join) => (join.reading ? [{ method: knownMethod(catalogue, id), join }] : [])),
  );
  return [
    ...read.filter(({ form }) => form.method === name),
    ...joined.flatMap((before) =>
      read.flatMap((candidate) =>
        before.join.methods[candidate.form.method] === name ? [{ ...candidate, before }] : [],
      ),
    ),
  ];
}

/** Every `merge_method` that can be read, sorted. */
export function readableMethods(dictionary: Dictionary): string[] {
  const { merges, joins } = dictionary.mergekit;
  const alone = Object.values(merges).flatMap((forms) =>
    forms.flatMap(({ reading, method }) => (reading ? [method] : [])),
  );
  const both = Object.values(joins).flatMap((all) =>
    all.flatMap(({ reading, methods }) =>
      reading ? alone.flatMap((name) => (Object.hasOwn(methods, name) ? [methods[name] ?? name] : [])) : [],
    ),
  );
  return [...new Set([...alone, ...both])].sort();
}

/** Of another merge than the configuration's: the candidate cannot say it. */
class Unlike extends Error {}

/** The steps that do what the configuration says, if they can. */
export function stepsOf(candidate: Candidate, said: Said): Backwards {
  try {
    return { kind: 'steps', ...read(candidate, said) };
  } catch (error) {
    if (error instanceof Unlike) return { kind: 'unlike', reason: error.message };
    throw error;
  }
}

function read({ method, form, before }: Candidate, said: Said) {
  const { min, max } = method.needs.experts;
  const wanted = form.experts ?? (min === max ? min : undefined);
  if (said.experts < min || (wanted !== undefined && said.experts !== wanted)) {
    const base = form.base === 'base' ? ' beside the base' : '';
    throw new Unlike(`got ${said.experts} models${base}, wanted ${wanted === undefined ? `at least ${min}` : wanted}`);
  }
  const folds = form.reading.folds;
  const defaults = { ...form.reading.defaults, ...before?.join.reading?.defaults };
  const known = { said, defaults };
  const joinNames = [...Object.keys(before?.join.perModel ?? {}), ...Object.keys(before?.join.parameters ?? {})];
  const controls: Record<string, ControlValue> = { ...form.when, ...form.reading.controls };
  const own = perModelOf(form).filter(([name]) => !joinNames.includes(name));
  const shared = Object.entries(form.parameters ?? {}).filter(([name]) => !joinNames.includes(name));
  for (const [name, value] of own) invert(name, value, method, { ...known, perModel: true }, controls);
  for (const [name, value] of shared) {
    if (folds !== undefined && (name === 'lambda' || name === 'normalize')) continue;
    if (!form.reading.ignored?.includes(name)) invert(name, value, method, { ...known, perModel: false }, controls);
  }
  if (folds !== undefined) controls[folds] = folded(controls[folds], known);
  const inner: Record<string, ControlValue> = { ...before?.join.when, ...before?.join.reading?.controls };
  if (before) {
    for (const [name, value] of Object.entries(before.join.perModel ?? {}))
      invert(name, value, before.method, { ...known, perModel: true }, inner);
    for (const [name, value] of Object.entries(before.join.parameters ?? {}))
      invert(name, value, before.method, { ...known, perModel: false }, inner);
  }
  const spoken = new Set([...joinNames, ...own.map(([name]) => name), ...shared.map(([name]) => name)]);
  for (const [name, wants] of Object.entries(defaults)) if (!spoken.has(name)) mustBe(name, wants, known);
  const merge = stepWith(method, said.experts, controls);
  const pre = before && stepWith(before.method, said.experts, inner);
  // A step before the merge leaves its own density to it.
  const steps = pre ? [pre, withoutTrimming(merge, form, joinNames)] : [merge];
  const joined = pre !== undefined;
  const always = (all: MergekitForm['inexact']) => all?.filter((one) => one.always === true);
  const remarks = [
    ...remarksOn(always(form.inexact), merge, joined),
    ...(pre ? remarksOn(always(before.join.inexact), pre, true) : []),
  ];
  return { steps, remarks };
}

function perModelOf({ perModel = {} }: MergekitForm): [string, MergekitValue][] {
  // Forms with values of each model in turn are only written.
  return isList(perModel) ? [] : Object.entries(perModel);
}

/** A parameter that the step before took over is neutral in the merge itself: everything is kept. */
function withoutTrimming(step: Step, form: MergekitForm, taken: readonly string[]): Step {
  const neutral = perModelOf(form).flatMap(([name, value]) =>
    taken.includes(name) && typeof value === 'object' ? [[value.control, 1] as const] : [],
  );
  return { ...step, controls: { ...step.controls, ...Object.fromEntries(neutral) } };
}

/** Controls as they are said: numbers are not held to the range of a slider. */
function stepWith(method: MethodMetadata, experts: number, controls: Readonly<Record<string, ControlValue>>): Step {
  const step = defaultStep(method, experts, controls);
  const numbers = Object.entries(controls).filter(([, value]) => typeof value !== 'string');
  return { ...step, controls: { ...step.controls, ...Object.fromEntries(numbers) } };
}

interface Known {
  readonly said: Said;
  readonly defaults: Readonly<Record<string, number | boolean>>;
}

const kindOf = (value: number | boolean) => (typeof value === 'boolean' ? 'boolean' : 'number');

/** What mergekit gives the parameter, its default included. */
function given(name: string, kind: 'number' | 'boolean', expert: number | undefined, { said, defaults }: Known) {
  const value = said.value(name, kind, expert) ?? defaults[name];
  if (value !== undefined) return value;
  throw new Unlike(`${name} is missing, and mergekit has no default of it`);
}

function mustBe(name: string, wants: number | boolean, known: Known): void {
  const got = given(name, kindOf(wants), undefined, known);
  if (got !== wants) throw new Unlike(`${name}: got ${got}, and only ${wants} can be done here`);
}

function invert(
  name: string,
  value: MergekitValue,
  method: MethodMetadata,
  { perModel, ...known }: Known & { readonly perModel: boolean },
  into: Record<string, ControlValue>,
): void {
  if (typeof value !== 'object') {
    mustBe(name, value, known);
    return;
  }
  const control = method.controls[value.control];
  const kind = value.map && Object.values(value.map).some((one) => typeof one === 'boolean') ? 'boolean' : 'number';
  const places = perModel ? Array.from({ length: known.said.experts }, (_, i) => i) : [undefined];
  const numbers = places.map((expert) => given(name, kind, expert, known));
  if (value.map) {
    const options = optionsOf(value.map, numbers[0] ?? false, into[value.control]);
    if (options === undefined) throw new Unlike(`${name}: got ${numbers[0]}, which has no counterpart here`);
    into[value.control] = options;
    return;
  }
  const values = numbers.map((one) => unwritten(value, Number(one)));
  if (control && control.kind !== 'choice' && control.per === 'expert' && perModel) {
    into[value.control] = values;
    return;
  }
  const [only = 0] = values;
  if (values.some((one) => one !== only)) {
    throw new Unlike(
      `${name}: got ${numbers.join(', ')} for the models, and here one ${quote(control?.name ?? name)} holds for all`,
    );
  }
  into[value.control] = only;
}

/** The first option that is written so; an option that another parameter left open is kept where it fits. */
function optionsOf(
  map: Readonly<Record<string, number | boolean>>,
  wanted: number | boolean,
  held: ControlValue | undefined,
): string | undefined {
  const fitting = Object.entries(map).flatMap(([option, written]) => (written === wanted ? [option] : []));
  return fitting.find((option) => option === held) ?? fitting[0];
}

function unwritten({ complement, power }: Exclude<MergekitValue, number | boolean>, value: number): number {
  if (complement) return 1 - value;
  return power === undefined ? value : Math.log(value) / Math.log(power);
}

/** Below this mergekit leaves a sum of weights undivided. */
const SMALLEST_SUM = 1e-8;

/** Weights that hold what mergekit does to their sum. */
function folded(weights: ControlValue | undefined, known: Known): ControlValue {
  if (typeof weights !== 'object') throw new Error('folds names a control of experts that no parameter of models sets');
  const lambda = Number(given('lambda', 'number', undefined, known));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const divides = given('normalize', 'boolean', undefined, known) === true && Math.abs(total) >= SMALLEST_SUM;
  return weights.map((weight) => (weight * lambda) / (divides ? total : 1));
}
