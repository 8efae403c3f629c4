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

/** A method or preset that can be chosen. */
export interface Entry {
  readonly id: string;
  readonly name: string;
  readonly family: MethodMetadata['family'];
  /** 'pre' and 'post' entries are added to the chain, the others replace the merge. */
  readonly kind: MethodMetadata['kind'];
  readonly steps: readonly MethodMetadata[];
  /** How many experts each of its demands allows. */
  readonly experts: readonly { readonly min: number; readonly max?: number }[];
  readonly year: number;
}

/** In the order of the shelves: simple ideas first. */
export const families: readonly MethodMetadata['family'][] = [
  'average',
  'geometry',
  'sign',
  'drop',
  'spectral',
  'trained',
  'layer',
  'pack',
];

const methodEntry = (method: MethodMetadata): Entry => ({
  ...method,
  steps: [method],
  experts: [method.needs.experts],
});

function presetEntry({ id, name, year, chain, experts }: Preset): Entry | undefined {
  const steps = chain.flatMap((step) => findMethod(step.method) ?? []);
  const [first] = steps;
  if (!first || steps.length < chain.length) return undefined;
  const counts = [...steps.map(({ needs }) => needs.experts), ...(experts ? [experts] : [])];
  return { id, name, family: first.family, kind: 'merge', steps, experts: counts, year };
}

export const methodsOfKind = (kind: MethodMetadata['kind']): readonly MethodMetadata[] =>
  catalogue.methods.filter((method) => method.kind === kind);

export function findMethod(id: string): MethodMetadata | undefined {
  return catalogue.methods.find((method) => method.id === id);
}

const rank = (entry: Entry) => families.indexOf(entry.family);

/** Every method and preset, shelf by shelf, older papers first. */
export const entries: readonly Entry[] = [
  ...catalogue.methods.map(methodEntry),
  ...catalogue.presets.flatMap((preset) => presetEntry(preset) ?? []),
].sort((a, b) => rank(a) - rank(b) || a.year - b.year);

const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];
const inWords = (n: number) => words[n] ?? String(n);

/** Why an entry cannot be chosen with so many experts and what would help, in words; undefined when it can. */
export function whyNot(entry: Entry, experts: number): string | undefined {
  const are = `${inWords(experts)} ${experts === 1 ? 'is' : 'are'} in the mix`;
  for (const { min, max } of entry.experts) {
    const todo = experts < min ? `add ${inWords(min - experts)}` : `leave ${inWords(experts - (max ?? min))} out`;
    if (min === max && experts !== min) return `needs exactly ${inWords(min)} experts; ${are}: ${todo}`;
    if (experts < min) return `needs at least ${inWords(min)} experts; ${are}: ${todo}`;
    if (max !== undefined && experts > max) return `takes at most ${inWords(max)} experts; ${are}: ${todo}`;
  }
  return undefined;
}

const methodsOf = (steps: readonly { readonly method: string }[]) => steps.map((step) => step.method).join('+');

/** The preset of these steps. A preset of one step is only a setting of its method, whose name it does not take. */
function presetOf(recipe: Recipe): Preset | undefined {
  if (recipe.chain.length === 1) return undefined;
  return catalogue.presets.find((candidate) => methodsOf(candidate.chain) === methodsOf(recipe.chain));
}

/** The preset or method whose steps are exactly the recipe's. */
export function currentEntry(recipe: Recipe): Entry | undefined {
  const id = presetOf(recipe)?.id ?? methodsOf(recipe.chain);
  return entries.find((entry) => entry.id === id);
}

/** Name of the chain as a whole, for the method button. */
export function chainName(recipe: Recipe): string {
  return (
    currentEntry(recipe)?.name ?? recipe.chain.map((step) => findMethod(step.method)?.name ?? step.method).join(' + ')
  );
}

/** A preset of one step: chosen, it is its method from then on. */
const isSetting = ({ id, steps }: Entry) => steps.length === 1 && steps[0]?.id !== id;

/** The merge method or preset `by` places further in the sheet's order that fits the number of experts. */
export function neighbour(recipe: Recipe, by: 1 | -1): string | undefined {
  const usable = entries.filter(
    (entry) => entry.kind === 'merge' && !isSetting(entry) && !whyNot(entry, recipe.experts.length),
  );
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
  const preset = presetOf(recipe);
  const chain = recipe.chain.map((step, i): Step => {
    const given = preset?.chain[i]?.controls ?? {};
    const controls = Object.entries(findMethod(step.method)?.controls ?? {}).map(([key, control]) => {
      const value = given[key] ?? control.default;
      const one = (expert: number) => (typeof value === 'object' ? (value[expert] ?? control.default) : value);
      return [key, control.per === 'expert' ? recipe.experts.map((_, expert) => one(expert)) : value];
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
