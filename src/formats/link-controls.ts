/** Controls of a chain as parameters of a share link: `l` for the merge step's coefficients, `p.<control>` for all others. */
import type { Catalogue } from '../methods/metadata.ts';
import { encode, quote, readNumber, shortNumber, splitList } from './link-text.ts';
import {
  type Control,
  type ControlValue,
  clampControl,
  isVisible,
  knownMethod,
  type NumberControl,
  type Recipe,
  type Step,
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

// ---------------------------------------------------------------- writing

/** `key=value` of every control that counts and is not at its default. */
export function writeControls(recipe: Recipe, catalogue: Catalogue): string[] {
  const places = placesOf(recipe.chain, catalogue);
  const coefficients = coefficientPlace(places, catalogue);
  return places.flatMap((place) => {
    const { step, key, control } = place;
    const value = step.controls[key] ?? control.default;
    if (!isVisible(step, control) || isDefault(control, value)) return [];
    const shared = places.some((other) => other.key === key && other.step !== step);
    const name = place === coefficients ? 'l' : shared ? `p.${step.method}.${key}` : `p.${key}`;
    return [`${encode(name)}=${writeValue(value)}`];
  });
}

function isDefault(control: Control, value: ControlValue): boolean {
  return typeof value === 'object' ? value.every((one) => one === control.default) : value === control.default;
}

function writeValue(value: ControlValue): string {
  if (typeof value === 'string') return encode(value);
  return typeof value === 'number' ? shortNumber(value) : value.map(shortNumber).join(',');
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
  const changes = new Map<Place, ControlValue>();
  for (const [name, text] of parameters) {
    if (name !== 'l' && !name.startsWith('p.')) continue;
    const found = name === 'l' ? coefficientPlace(places, catalogue) : placeNamed(name.slice(2), places);
    if (found === undefined) notes.push(`${quote(name)} means nothing to this method and is left out.`);
    else if (found === 'several')
      notes.push(`${quote(name)} could mean two steps and is left out: say p.<method>.<control>.`);
    else changes.set(found, readValue(found.control, text, experts, notes));
  }
  const read = chain.map((step) => {
    const own = [...changes].flatMap(([place, value]) => (place.step === step ? [[place.key, value] as const] : []));
    return { ...step, controls: { ...step.controls, ...Object.fromEntries(own) } };
  });
  for (const { step, control } of changes.keys()) {
    const now = read[chain.indexOf(step)] ?? step;
    if (!isVisible(now, control)) notes.push(`${control.symbol}: ${whyHidden(control, now, catalogue)}`);
  }
  return read;
}

/** The value stays in the recipe, but it does not reach the merge. */
function whyHidden({ when }: Control, step: Step, catalogue: Catalogue): string {
  const decider = when && knownMethod(catalogue, step.method).controls[when.control];
  return `the values in the link have no effect unless “${decider?.name ?? when?.control}” is “${when?.is}”.`;
}

function placeNamed(name: string, places: readonly Place[]): Place | 'several' | undefined {
  const exact = places.find(({ step, key }) => `${step.method}.${key}` === name);
  if (exact) return exact;
  const [first, second] = places.filter(({ key }) => key === name);
  return second ? 'several' : first;
}

function readValue(control: Control, text: string, experts: readonly string[], notes: string[]): ControlValue {
  if (control.kind === 'choice') {
    const option = clampControl(control, text);
    if (option !== text) notes.push(`${control.name}: there is no ${quote(text)}, so “${option}” is used.`);
    return option;
  }
  if (control.per === 'method') return readOne(control, text, control.symbol, notes);
  const texts = splitList(text);
  if (texts.length !== experts.length) {
    const done = texts.length < experts.length ? 'the others get the default' : 'the last ones are left out';
    notes.push(`${control.symbol}: the link gives ${texts.length} values for ${experts.length} experts; ${done}.`);
  }
  return experts.map((expert, i) => readOne(control, texts[i], `${control.symbol} ${expert}`, notes));
}

/** @param text undefined when the link gives too few values, which has been noted */
function readOne(control: NumberControl, text: string | undefined, label: string, notes: string[]): number {
  if (text === undefined) return control.default;
  const given = readNumber(text);
  const used = clampControl(control, given);
  if (given === undefined) notes.push(`${label}: ${quote(text)} is not a number, so ${used} is used.`);
  else if (given < control.min || given > control.max) {
    notes.push(`${label}: ${given} is outside ${control.min} to ${control.max}, so ${used} is used.`);
  } else if (given !== used) notes.push(`${label}: ${given} is not a whole number, so ${used} is used.`);
  return used;
}
