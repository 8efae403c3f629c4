/** What a link says about what is looked at: no part of the merge. */
import type { Catalogue } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { furtherControls } from './coefficients.ts';
import { quote, splitList } from './link-text.ts';
import { type MapSettings, readMapSettings, USUAL_MAP } from './map-settings.ts';
import type { Recipe } from './recipe.ts';

const LEVELS = ['see', 'tune', 'inspect'] as const;
export type Level = (typeof LEVELS)[number];

/** Objectives over all tasks of the mix: their mean, the worst of them, and how far the merge is from its base. */
export const WHOLE_OBJECTIVES = ['average', 'worst', 'change'] as const;
export type WholeObjective = (typeof WHOLE_OBJECTIVES)[number];
const GOALS = ['pair', 'all', 'nested'] as const;
export type Goals = (typeof GOALS)[number];

/** What is looked at; no part of the merge. */
export interface View {
  /** Objectives on the axes of the Pareto plot: tasks, or `average`, `worst`, `change`. */
  readonly pair: readonly [string, string];
  /** Which front is looked at: of that pair, of all tasks of the mix, or the fronts of nested MAP. */
  readonly goals: Goals;
  /** Objectives of the front of all tasks; none means every task of the mix. */
  readonly objectives: readonly string[];
  readonly map: MapSettings;
  /** Further controls, `method.control`, that are varied along with the coefficients when points are measured. */
  readonly vary: readonly string[];
  readonly level: Level;
  /** Shows tasks of left-out experts too. */
  readonly allTasks: boolean;
  /** The method or preset whose documentation is open. */
  readonly doc: string | null;
}

/** The card's pair of tasks while both belong to the recipe, else its first two experts' tasks. */
export function defaultView(recipe: Recipe, card: Card): View {
  const [first, second] = recipe.experts;
  const fits = card.opening.pair.every((task) => recipe.experts.includes(task));
  const pair = fits || first === undefined || second === undefined ? card.opening.pair : ([first, second] as const);
  return { pair, goals: 'pair', objectives: [], map: USUAL_MAP, vary: [], level: 'see', allTasks: false, doc: null };
}

/** The merge that is looked at. */
interface Opening {
  readonly recipe: Recipe;
  readonly card: Card;
  readonly catalogue: Catalogue;
}

/** The view of a link whose recipe is known; what it gets wrong is noted, a sentence each. */
export function readView(
  values: ReadonlyMap<string, string>,
  { recipe, card, catalogue }: Opening,
  notes: string[],
): View {
  const usual = defaultView(recipe, card);
  const note = (key: string, text: string) => notes.push(`${key}=${quote(text)} is not known and is left out.`);
  const [x, y, ...rest] = splitList(values.get('q') ?? usual.pair.join());
  const isObjective = (id: string | undefined) =>
    card.tasks.some((task) => task.id === id) || WHOLE_OBJECTIVES.some((known) => known === id);
  const valid = x !== undefined && y !== undefined && x !== y && rest.length === 0 && isObjective(x) && isObjective(y);
  if (!valid) note('q', values.get('q') ?? '');
  const goals = GOALS.find((known) => known === (values.get('g') ?? usual.goals));
  if (!goals) note('g', values.get('g') ?? '');
  const named = splitList(values.get('o') ?? '');
  const objectives = [...new Set(named.filter(isObjective))];
  for (const id of named.filter((own) => !isObjective(own))) note('o', id);
  const { settings, unknown } = readMapSettings(values.get('map') ?? '');
  for (const name of unknown) note('map', name);
  const level = LEVELS.find((known) => known === (values.get('lv') ?? usual.level));
  if (!level) note('lv', values.get('lv') ?? '');
  const tasks = values.get('t');
  if (tasks !== undefined && tasks !== 'all') note('t', tasks);
  const doc = values.get('d');
  const documented = [...catalogue.methods, ...catalogue.presets].some(({ id }) => id === doc);
  if (doc !== undefined && !documented) note('d', doc);
  return {
    pair: valid ? [x, y] : usual.pair,
    goals: goals ?? usual.goals,
    objectives,
    map: settings,
    vary: readVary(values.get('vary'), recipe, catalogue, notes),
    level: level ?? usual.level,
    allTasks: tasks === 'all',
    doc: documented && doc !== undefined ? doc : null,
  };
}

/** Ids of the named controls, in the order of the chain. */
function readVary(text: string | undefined, recipe: Recipe, catalogue: Catalogue, notes: string[]): readonly string[] {
  const known = furtherControls(recipe, catalogue);
  const names = splitList(text ?? '');
  const named = ({ id, short }: (typeof known)[number]) => names.includes(id) || names.includes(short);
  const stranger = names.find((name) => !known.some(({ id, short }) => name === id || name === short));
  if (stranger !== undefined) {
    const list = known.map(({ short }) => short).join(', ') || 'none';
    notes.push(`vary: ${quote(stranger)} is left out; besides its coefficients this mix can vary: ${list}.`);
  }
  return known.filter(named).map(({ id }) => id);
}
