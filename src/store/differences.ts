/** What is different between two recipes, as a list. Pure: two recipes in, words out. */

import {
  type Control,
  type ControlValue,
  isVisible,
  type Recipe,
  type Step,
  storedGroups,
  usesSeed,
} from '../formats/recipe.ts';
import type { Catalogue } from '../methods/metadata.ts';
import { type Names, short } from './sentence.ts';

export interface Difference {
  /** Such as `method`, `λ digits`, `seed`. */
  readonly what: string;
  readonly before: string;
  readonly after: string;
}

const NONE = '–';

/** The method first, then experts, controls of the steps that both have, in the order of the chain, and the seed where it matters. */
export function differences(before: Recipe, after: Recipe, names: Names, catalogue: Catalogue): readonly Difference[] {
  const [was, is] = [before, after].map((recipe) => recipe.chain.map(({ method }) => names.method(method)).join(' + '));
  const seeded = usesSeed(before, catalogue) || usesSeed(after, catalogue);
  return [
    ...changed('method', was ?? '', is ?? ''),
    ...experts(before, after, names),
    ...after.chain.flatMap((step) => {
      const old = before.chain.find(({ method }) => method === step.method);
      return old ? stepDifferences({ step: old, recipe: before }, { step, recipe: after }, names, catalogue) : [];
    }),
    ...(seeded ? changed('seed', String(before.seed), String(after.seed)) : []),
  ];
}

const changed = (what: string, before: string, after: string): readonly Difference[] =>
  before === after ? [] : [{ what, before, after }];

function experts(before: Recipe, after: Recipe, names: Names): readonly Difference[] {
  const list = (recipe: Recipe) => recipe.experts.map((id) => names.task(id)).join(', ') || NONE;
  return changed('experts', list(before), list(after));
}

interface Placed {
  readonly step: Step;
  readonly recipe: Recipe;
}

function stepDifferences(before: Placed, after: Placed, names: Names, catalogue: Catalogue): readonly Difference[] {
  const { controls = {} } = catalogue.methods.find(({ id }) => id === after.step.method) ?? {};
  const groups = [before, after].map(({ step }) => storedGroups(step));
  const divided = groups[0] === groups[1] ? [] : changed('groups of layers', String(groups[0]), String(groups[1]));
  return [
    ...divided,
    ...Object.entries(controls).flatMap(([key, control]) => {
      const symbol = names.symbol(after.step.method, key);
      const [was, is] = [before, after].map((placed) => valuesOf(placed, key, control, names));
      const places = [...new Set([...(is?.keys() ?? []), ...(was?.keys() ?? [])])];
      return places.flatMap((place) => {
        const [old, now] = [was?.get(place), is?.get(place)];
        // An expert that only one of them has is told already.
        if (old === undefined || now === undefined) return [];
        return changed([symbol, place].filter(Boolean).join(' '), old, now);
      });
    }),
  ];
}

/** Values in words, by expert and layers; '' for a control of the whole method. Empty while the control counts for nothing. */
function valuesOf({ step, recipe }: Placed, key: string, control: Control, names: Names): ReadonlyMap<string, string> {
  const value = step.controls[key];
  if (value === undefined || !isVisible(step, control)) return new Map();
  if (typeof value !== 'object') return new Map([['', shown(value, control)]]);
  const groups = Math.max(1, Math.round(value.length / Math.max(1, recipe.experts.length)));
  return new Map(
    value.map((one, i) => {
      const expert = names.task(recipe.experts[Math.floor(i / groups)] ?? '');
      return [groups === 1 ? expert : `${expert} · ${names.layers(i % groups, groups)}`, shown(one, control)];
    }),
  );
}

function shown(value: ControlValue | number, control: Control): string {
  if (control.kind === 'choice') return control.options.find((option) => option.value === value)?.name ?? String(value);
  return typeof value === 'number' && !control.integer ? short(value) : String(value);
}
