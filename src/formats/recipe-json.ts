/** Recipes as JSON files: the recipe as it is held, with every control by name, and what differs from layer to layer. */
import type { Catalogue } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { CURVE_GROUPS, type Curve, type Curves, clampCurve, clampFactor, MAX_POINTS } from './curves.ts';
import { parseJson } from './json-checks.ts';
import { quote } from './link-text.ts';
import {
  type ControlValue,
  chainFor,
  DEFAULT_SEED,
  findMethod,
  isGroupable,
  knownMethod,
  MAX_SEED,
  type Recipe,
  withControl,
  withLayerGroups,
} from './recipe.ts';
import { checkChain } from './recipe-check.ts';
import { withShape } from './recipe-curves.ts';
import { KINDS, refuseNames, type TensorFilter } from './tensor-filter.ts';

const VERSION = 1;

export type ReadRecipe =
  | {
      readonly kind: 'ok';
      readonly recipe: Recipe;
      /** What was moved inside its range or left out, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

export const writeRecipeJson = (recipe: Recipe): string => JSON.stringify({ version: VERSION, ...recipe }, null, 2);

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A stranger's value between quotation marks. */
const told = (value: unknown): string =>
  quote(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
const refused = (reason: string): ReadRecipe => ({ kind: 'refused', reason });

/** What a recipe may be about: a family of the zoo, or models under names of their own. */
interface Named extends Pick<Card, 'family'> {
  readonly experts: readonly { readonly id: string }[];
}

/** Reads what `writeRecipeJson` wrote, and files by hand in which controls are missing: they have their defaults. Never throws. */
export function readRecipeJson(text: string, catalogue: Catalogue, card: Named): ReadRecipe {
  const parsed = parseJson(text);
  if ('refusal' in parsed) return refused(`The recipe is ${parsed.refusal}.`);
  const { json } = parsed;
  if (!isFields(json) || json.version !== VERSION)
    return refused(
      `The file is no recipe: got version ${told(isFields(json) ? json.version : undefined)}, wanted ${VERSION}.`,
    );
  if (json.family !== card.family)
    return refused(`The recipe is for the family ${told(json.family)}, but “${card.family}” is open.`);
  const { experts } = json;
  const known = card.experts.map(({ id }) => id);
  if (!Array.isArray(experts) || !experts.every((id) => known.includes(id)) || new Set(experts).size < experts.length)
    return refused(`experts: got ${told(experts)}, wanted a list of ${known.join(', ')}.`);
  const steps = Array.isArray(json.chain) ? json.chain.filter(isFields) : [];
  const chain = steps.flatMap(({ method }) =>
    typeof method === 'string' && findMethod(catalogue, method)
      ? (chainFor(catalogue, method, experts.length) ?? [])
      : [],
  );
  const stranger = steps.find((_, i) => chain[i]?.method !== steps[i]?.method);
  if (stranger) return refused(`There is no method ${told(stranger.method)} in this studio: choose another one.`);
  const reason = checkChain(chain, catalogue);
  if (reason) return refused(reason);
  const notes: string[] = [];
  let recipe: Recipe = { family: card.family, experts: experts.map(String), chain, seed: seedOf(json.seed, notes) };
  for (const fields of steps) recipe = withStep(recipe, catalogue, fields, notes);
  return { kind: 'ok', recipe, notes };
}

function seedOf(given: unknown, notes: string[]): number {
  if (given === undefined) return DEFAULT_SEED;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= MAX_SEED) return given;
  notes.push(`seed: got ${told(given)}, wanted a whole number from 0 to ${MAX_SEED}; ${DEFAULT_SEED} is used.`);
  return DEFAULT_SEED;
}

/** Options first, since they decide whether groups of layers count; then the groups, then the values that they divide. */
function withStep(before: Recipe, catalogue: Catalogue, fields: Fields, notes: string[]): Recipe {
  const method = knownMethod(catalogue, typeof fields.method === 'string' ? fields.method : '');
  const given = isFields(fields.controls) ? Object.entries(fields.controls) : [];
  const divided = (key: string) => {
    const control = Object.hasOwn(method.controls, key) ? method.controls[key] : undefined;
    return control !== undefined && isGroupable(control);
  };
  let recipe = before;
  const set = ([control, value]: readonly [string, unknown]) => {
    if (!Object.hasOwn(method.controls, control) || !isControlValue(value)) {
      notes.push(`${method.id}: ${quote(control)} means nothing to this method and is left out.`);
      return;
    }
    recipe = withControl(recipe, catalogue, { method: method.id, control }, value);
    const now = recipe.chain.find((step) => step.method === method.id)?.controls[control];
    if (JSON.stringify(now) !== JSON.stringify(value))
      notes.push(`${method.id}.${control}: got ${told(value)}, so ${JSON.stringify(now)} is used.`);
  };
  for (const one of given.filter(([key]) => !divided(key))) set(one);
  if (method.kind === 'merge' && typeof fields.layerGroups === 'number')
    recipe = withLayerGroups(recipe, catalogue, fields.layerGroups);
  for (const one of given.filter(([key]) => divided(key))) set(one);
  return method.kind === 'merge' ? shaped(recipe, catalogue, fields, notes) : recipe;
}

const isControlValue = (value: unknown): value is ControlValue =>
  ['number', 'string'].includes(typeof value) ||
  (Array.isArray(value) && value.every((one) => typeof one === 'number'));

function shaped(recipe: Recipe, catalogue: Catalogue, { curves, filter }: Fields, notes: string[]): Recipe {
  const read = curves === undefined ? undefined : curvesOf(curves, notes);
  const kept = filter === undefined ? undefined : filterOf(filter, notes);
  return withShape(recipe, catalogue, { ...(read && { curves: read }), ...(kept && { filter: kept }) });
}

function curvesOf(json: unknown, notes: string[]): Curves {
  const entries = isFields(json) ? Object.entries(json) : [];
  return Object.fromEntries(
    entries.map(([key, list]) => {
      const all = Array.isArray(list) ? list.map(curveOf) : [];
      if (all.length === 0 || all.includes(undefined))
        notes.push(`curves.${key}: wanted a list of { points, groups }.`);
      return [key, all.map((curve) => curve ?? clampCurve({ points: [1], groups: neutral }))];
    }),
  );
}

const neutral = { attention: 1, mlp: 1, norm: 1, embedding: 1 };

function curveOf(json: unknown): Curve | undefined {
  if (!isFields(json) || !Array.isArray(json.points) || json.points.length === 0 || json.points.length > MAX_POINTS)
    return undefined;
  if (!json.points.every((factor) => Number.isFinite(factor))) return undefined;
  const given = isFields(json.groups) ? json.groups : {};
  const [attention, mlp, norm, embedding] = CURVE_GROUPS.map((group) => clampFactor(given[group]));
  const groups = { attention: attention ?? 1, mlp: mlp ?? 1, norm: norm ?? 1, embedding: embedding ?? 1 };
  return clampCurve({ points: json.points.map(Number), groups });
}

function filterOf(json: unknown, notes: string[]): TensorFilter {
  const { without = [], names = '' } = isFields(json) ? json : {};
  const kinds = KINDS.filter((kind) => Array.isArray(without) && without.includes(kind));
  const text = typeof names === 'string' ? names : '';
  const refusal = refuseNames(text);
  if (refusal) notes.push(`filter.names: ${refusal}; they are left out.`);
  if (!Array.isArray(without) || kinds.length < without.length)
    notes.push(`filter.without: wanted a list of ${KINDS.join(', ')}; others are left out.`);
  return { without: kinds, names: text };
}
