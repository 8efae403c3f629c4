/** What the page asks of the catalogue: the list of methods and presets, which of them fit, and what a chain's defaults are. */
import catalogue from 'virtual:catalogue';
import type { StudioState } from '../../store/state.ts';

export type Recipe = NonNullable<StudioState['recipe']>;
export type Step = Recipe['chain'][number];
export type ControlValue = Step['controls'][string];
export type MethodMetadata = (typeof catalogue.methods)[number];
export type Control = MethodMetadata['controls'][string];
export type ChoiceControl = Extract<Control, { readonly kind: 'choice' }>;
export type NumberControl = Exclude<Control, { readonly kind: 'choice' }>;
type Preset = (typeof catalogue.presets)[number];

/** A method or preset as the method sheet lists it. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly shelf: string;
  /** 'pre' and 'post' entries are added to the chain, the others replace the merge. */
  readonly kind: MethodMetadata['kind'];
  readonly steps: readonly MethodMetadata[];
  readonly year: number;
  /** Everything that a search looks into, in lower case. */
  readonly text: string;
}

const shelves: readonly { readonly family: MethodMetadata['family']; readonly name: string }[] = [
  { family: 'average', name: 'Averages' },
  { family: 'geometry', name: 'Geometry' },
  { family: 'sign', name: 'Sign votes' },
  { family: 'drop', name: 'Random dropping' },
  { family: 'spectral', name: 'Spectra' },
  { family: 'trained', name: 'Trained on data' },
  { family: 'layer', name: 'Layer by layer' },
  { family: 'pack', name: 'Masks and packs' },
];

export const shelfNames: readonly string[] = shelves.map((shelf) => shelf.name);

const shelfOf = (method: MethodMetadata) =>
  shelves.find((shelf) => shelf.family === method.family)?.name ?? method.family;

function methodEntry(method: MethodMetadata): Entry {
  const { id, name, summary, kind, aliases = [], reference } = method;
  const shelf = shelfOf(method);
  const text = [id, name, summary, shelf, ...aliases, reference.title, reference.authors].join(' ').toLowerCase();
  return { id, name, summary, shelf, kind, steps: [method], year: reference.year, text };
}

function presetEntry(preset: Preset): Entry | undefined {
  const steps = preset.chain.flatMap((step) => findMethod(step.method) ?? []);
  const [first] = steps;
  if (!first || steps.length < preset.chain.length) return undefined;
  const { id, name, summary, reference } = preset;
  const shelf = shelfOf(first);
  const text = [id, name, summary, shelf, reference.title, ...steps.map((step) => step.name)].join(' ').toLowerCase();
  return { id, name, summary, shelf, kind: 'merge', steps, year: reference.year, text };
}

export function findMethod(id: string): MethodMetadata | undefined {
  return catalogue.methods.find((method) => method.id === id);
}

const shelfRank = (entry: Entry) => shelfNames.indexOf(entry.shelf);

/** Every method and preset, shelf by shelf, older papers first. */
export const entries: readonly Entry[] = [
  ...catalogue.methods.map(methodEntry),
  ...catalogue.presets.flatMap((preset) => presetEntry(preset) ?? []),
].sort((a, b) => shelfRank(a) - shelfRank(b) || a.year - b.year);

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const inWords = (n: number) => words[n] ?? String(n);

/** Why an entry cannot be chosen with so many experts, in words; undefined when it can. */
export function whyNot(entry: Entry, experts: number): string | undefined {
  const are = `${inWords(experts)} ${experts === 1 ? 'is' : 'are'} in the mix`;
  for (const { needs } of entry.steps) {
    const { min, max } = needs.experts;
    if (min === max && experts !== min) return `needs exactly ${inWords(min)} experts; ${are}`;
    if (experts < min) return `needs at least ${inWords(min)} experts; ${are}`;
    if (max !== undefined && experts > max) return `takes at most ${inWords(max)} experts; ${are}`;
  }
  return undefined;
}

const methodsOf = (steps: readonly { readonly method: string }[]) => steps.map((step) => step.method).join('+');

/** The preset or method whose steps are exactly the recipe's. */
export function currentEntry(recipe: Recipe): Entry | undefined {
  const chain = methodsOf(recipe.chain);
  const preset = catalogue.presets.find((candidate) => methodsOf(candidate.chain) === chain);
  return entries.find((entry) => entry.id === (preset?.id ?? chain));
}

/** Name of the chain as a whole, for the method button. */
export function chainName(recipe: Recipe): string {
  return (
    currentEntry(recipe)?.name ?? recipe.chain.map((step) => findMethod(step.method)?.name ?? step.method).join(' + ')
  );
}

/** The merge method or preset `by` places further in the sheet's order that fits the number of experts. */
export function neighbour(recipe: Recipe, by: 1 | -1): string | undefined {
  const usable = entries.filter((entry) => entry.kind === 'merge' && !whyNot(entry, recipe.experts.length));
  const merge = recipe.chain.find((step) => findMethod(step.method)?.kind === 'merge');
  const current = currentEntry(recipe)?.id ?? merge?.method;
  const at = usable.findIndex((entry) => entry.id === current);
  return usable[(at + by + usable.length) % usable.length]?.id;
}

/** Whether another seed would give another network. */
export function usesSeed(recipe: Recipe): boolean {
  return recipe.chain.some((step) => findMethod(step.method)?.needs.seed === true);
}

/** A control counts only while the choice that it hangs on has the value that it asks for. */
export function isVisible(step: Step, control: Control): boolean {
  return control.when === undefined || step.controls[control.when.control] === control.when.is;
}

/** Whether a control may differ between groups of layers. */
export const isGroupable = (control: Control): boolean => control.per === 'expert' && control.stage === 'combine';

/** The same chain and experts with every control at its default and the same for all layers; a preset's defaults are the preset's. */
export function withDefaults(recipe: Recipe): Recipe {
  const preset = catalogue.presets.find((candidate) => methodsOf(candidate.chain) === methodsOf(recipe.chain));
  const chain = recipe.chain.map((step, i): Step => {
    const given = preset?.chain[i]?.controls ?? {};
    const controls = Object.entries(findMethod(step.method)?.controls ?? {}).map(([key, control]) => {
      const value = given[key] ?? control.default;
      return [key, control.per === 'expert' ? recipe.experts.map(() => value) : value];
    });
    return { method: step.method, controls: Object.fromEntries(controls) };
  });
  return { ...recipe, chain };
}

/** Whether two recipes of one chain have the same controls. */
export function sameControls(a: Recipe, b: Recipe): boolean {
  const values = (recipe: Recipe) =>
    JSON.stringify(
      recipe.chain.map(({ layerGroups = 1, curves = null, filter = null, controls }) => [
        layerGroups,
        curves,
        filter,
        Object.entries(controls).sort(([x], [y]) => (x < y ? -1 : 1)),
      ]),
    );
  return values(a) === values(b);
}
