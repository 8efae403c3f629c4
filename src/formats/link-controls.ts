/**
 * Controls of a chain as parameters of a share link: `l` for the merge step's coefficients, `p.<control>` for all others. Experts are
 * separated by commas and, where groups of layers have coefficients of their own, the groups of one expert by slashes:
 * `l=.2/.4,.7/.7`. One number without a slash holds for all groups of its expert.
 */
import type { Catalogue } from '../methods/metadata.ts';
import { MAX_GROUPS } from './layer-groups.ts';
import { encode, quote, readNumber, shortNumber, splitList } from './link-text.ts';
import {
  type Control,
  type ControlValue,
  clampControl,
  clampValue,
  groupsOf,
  isGroupable,
  isVisible,
  knownMethod,
  type NumberControl,
  type Recipe,
  type Step,
  widestRange,
} from './recipe.ts';

interface Place {
  readonly step: Step;
  readonly key: string;
  readonly control: Control;
}

function placesOf(chain: readonly Step[], catalogue: Catalogue): Place[] {
  return chain.flatMap((step) =>
    Object.entries(knownMethod(catalogue, step.method).controls).map(([key, control]) => ({ step, key, control })),
  );
}

/** The place that `l` speaks of: the merge step's first control with one number per expert. */
function coefficientPlace(places: readonly Place[], catalogue: Catalogue): Place | undefined {
  return places.find(
    ({ step, control }) =>
      control.kind !== 'choice' && control.per === 'expert' && knownMethod(catalogue, step.method).kind === 'merge',
  );
}

/** Says that coefficients may lie beyond their own range, as where a user unlocked it. */
export const UNLOCKED_KEY = 'w';

// ---------------------------------------------------------------- writing

/** Whether a coefficient lies beyond its own range. */
export function isUnlocked(recipe: Recipe, catalogue: Catalogue): boolean {
  const beyond = (value: ControlValue | undefined, control: Control) =>
    typeof value === 'object' &&
    control.kind !== 'choice' &&
    value.some((one) => one < control.min || one > control.max);
  return placesOf(recipe.chain, catalogue).some(({ step, key, control }) => beyond(step.controls[key], control));
}

/** `key=value` of every control that counts and is not at its default. */
export function writeControls(recipe: Recipe, catalogue: Catalogue): string[] {
  const places = placesOf(recipe.chain, catalogue);
  const coefficients = coefficientPlace(places, catalogue);
  return places.flatMap((place) => {
    const { step, key, control } = place;
    const value = step.controls[key] ?? control.default;
    const groups = isGroupable(control) ? groupsOf(step, catalogue) : 1;
    // Equal values in all groups are another recipe than one value: they are written out even at the default.
    if (!isVisible(step, control) || (groups === 1 && isDefault(control, value))) return [];
    const shared = places.some((other) => other.key === key && other.step !== step);
    const name = place === coefficients ? 'l' : shared ? `p.${step.method}.${key}` : `p.${key}`;
    return [`${encode(name)}=${writeValue(value, groups)}`];
  });
}

function isDefault(control: Control, value: ControlValue): boolean {
  return typeof value === 'object' ? value.every((one) => one === control.default) : value === control.default;
}

function writeValue(value: ControlValue, groups: number): string {
  if (typeof value === 'string') return encode(value);
  if (typeof value === 'number') return shortNumber(value);
  return value.map((one, i) => `${i === 0 ? '' : i % groups === 0 ? ',' : '/'}${shortNumber(one)}`).join('');
}

// ---------------------------------------------------------------- reading

/**
 * The chain with the link's values; whatever cannot be used is left at its default and noted.
 * @param chain steps with their default controls
 * @param parameters all pairs of the link; those of other parts of the grammar are skipped
 */
export function readControls(
  chain: readonly Step[],
  experts: readonly string[],
  parameters: ReadonlyMap<string, string>,
  catalogue: Catalogue,
  notes: string[],
): readonly Step[] {
  const places = placesOf(chain, catalogue);
  const groups = groupsIn(parameters, places, catalogue);
  const changes = new Map<Place, ControlValue>();
  const wide = parameters.has(UNLOCKED_KEY);
  for (const [name, text] of parameters) {
    if (!isControl(name)) continue;
    const found = placeOf(name, places, catalogue);
    if (found === undefined) notes.push(`${quote(name)} means nothing to this method and is left out.`);
    else if (found === 'several')
      notes.push(`${quote(name)} could mean two steps and is left out: say p.<method>.<control>.`);
    else changes.set(found, readValue(found.control, text, { experts, wide, groups: groupsAt(found, groups) }, notes));
  }
  const read = chain.map((step) => withValues(step, changes, { experts: experts.length, groups, catalogue }));
  for (const { step, control } of changes.keys()) {
    const now = read[chain.indexOf(step)] ?? step;
    if (!isVisible(now, control)) notes.push(`${control.symbol}: ${whyHidden(control, now, catalogue)}`);
  }
  return read;
}

/** Most groups of layers that a value in the link tells apart. */
function groupsIn(parameters: ReadonlyMap<string, string>, places: readonly Place[], catalogue: Catalogue): number {
  const counts = [...parameters].flatMap(([name, text]) => {
    const found = placeOf(name, places, catalogue);
    if (found === undefined || found === 'several' || !divides(found, catalogue)) return [];
    return splitList(text).map((one) => one.split('/').length);
  });
  return Math.min(MAX_GROUPS, Math.max(1, ...counts));
}

const divides = ({ step, control }: Place, catalogue: Catalogue): boolean =>
  isGroupable(control) && knownMethod(catalogue, step.method).kind === 'merge';

const groupsAt = ({ control }: Place, groups: number): number => (isGroupable(control) ? groups : 1);

function withValues(
  step: Step,
  changes: ReadonlyMap<Place, ControlValue>,
  { experts, groups, catalogue }: { experts: number; groups: number; catalogue: Catalogue },
): Step {
  const { kind, controls } = knownMethod(catalogue, step.method);
  const own = new Map([...changes].flatMap(([place, value]) => (place.step === step ? [[place.key, value]] : [])));
  const divided = groups > 1 && experts > 0 && kind === 'merge' && Object.values(controls).some(isGroupable);
  const values = Object.entries(step.controls).map(([key, value]) => {
    const control = controls[key];
    // A control that the link does not name has its default in every group.
    const whole =
      divided && control && isGroupable(control) ? clampValue(control, control.default, experts, groups) : value;
    return [key, own.get(key) ?? whole];
  });
  return { ...step, ...(divided && { layerGroups: groups }), controls: Object.fromEntries(values) };
}

/** The value stays in the recipe, but it does not reach the merge. */
function whyHidden({ when }: Control, step: Step, catalogue: Catalogue): string {
  const decider = when && knownMethod(catalogue, step.method).controls[when.control];
  return `the values in the link have no effect unless “${decider?.name ?? when?.control}” is “${when?.is}”.`;
}

const isControl = (name: string): boolean => name === 'l' || name.startsWith('p.');

function placeOf(name: string, places: readonly Place[], catalogue: Catalogue): Place | 'several' | undefined {
  if (name === 'l') return coefficientPlace(places, catalogue);
  return isControl(name) ? placeNamed(name.slice(2), places) : undefined;
}

function placeNamed(name: string, places: readonly Place[]): Place | 'several' | undefined {
  const exact = places.find(({ step, key }) => `${step.method}.${key}` === name);
  if (exact) return exact;
  const [first, second] = places.filter(({ key }) => key === name);
  return second ? 'several' : first;
}

interface Shape {
  readonly experts: readonly string[];
  /** Whether coefficients may lie beyond their own range. */
  readonly wide: boolean;
  /** Of layers, in this control. */
  readonly groups: number;
}

function readValue(control: Control, text: string, shape: Shape, notes: string[]): ControlValue {
  const { experts } = shape;
  if (control.kind === 'choice') {
    const option = clampControl(control, text);
    if (option !== text) notes.push(`${control.name}: there is no ${quote(text)}, so “${option}” is used.`);
    return option;
  }
  if (control.per === 'method') return readOne(control, text, control, control.symbol, notes);
  const texts = splitList(text);
  if (texts.length !== experts.length) {
    const done = texts.length < experts.length ? 'the others get the default' : 'the last ones are left out';
    notes.push(`${control.symbol}: the link gives ${texts.length} values for ${experts.length} experts; ${done}.`);
  }
  return experts.flatMap((expert, i) => readGroups(control, texts[i], shape, `${control.symbol} ${expert}`, notes));
}

/** The values of one expert, one per group of layers. */
function readGroups(
  control: NumberControl,
  text: string | undefined,
  { groups, wide }: Shape,
  label: string,
  notes: string[],
): number[] {
  const range = wide ? widestRange(control) : control;
  const all = text?.split('/') ?? [];
  const own = all.slice(0, groups);
  if (all.length > groups) {
    const why = isGroupable(control) ? `at most ${MAX_GROUPS} groups of layers are read` : 'its layers have one value';
    notes.push(`${label}: ${quote(text ?? '')} gives ${all.length} values; ${why}, and the last ones are left out.`);
  } else if (own.length > 1 && own.length < groups) {
    notes.push(
      `${label}: ${quote(text ?? '')} gives ${own.length} values for ${groups} groups of layers; the others get the default.`,
    );
  }
  const [only] = own;
  if (own.length === 1) {
    const value = readOne(control, only, range, label, notes);
    return Array.from({ length: groups }, () => value);
  }
  return Array.from({ length: groups }, (_, g) =>
    readOne(control, own[g], range, groups > 1 ? `${label}, group ${g + 1}` : label, notes),
  );
}

type Range = Pick<NumberControl, 'min' | 'max'>;

/** @param text undefined when the link gives too few values, which has been noted */
function readOne(
  control: NumberControl,
  text: string | undefined,
  { min, max }: Range,
  label: string,
  notes: string[],
): number {
  if (text === undefined) return control.default;
  const given = readNumber(text);
  const used = clampControl(control, given === undefined ? given : Math.min(max, Math.max(min, given)));
  if (given === undefined) notes.push(`${label}: ${quote(text)} is not a number, so ${used} is used.`);
  else if (given < min || given > max) {
    notes.push(`${label}: ${given} is outside ${min} to ${max}, so ${used} is used.`);
  } else if (given !== used) notes.push(`${label}: ${given} is not a whole number, so ${used} is used.`);
  return used;
}
