/**
 * Share links. The grammar is `#v=1&z=family&e=experts&m=steps&l=coefficients&p.control=value&s=seed&q=pair&g=all&o=objectives
 * &map=settings&vary=controls&lv=level&t=all&w=1&c.control=curves&f=left out&f.names=patterns&d=method`;
 * whatever has its default is left out, so `#v=1` alone is the card's opening recipe.
 */
import type { Catalogue } from '../methods/metadata.ts';
import type { Card } from './card.ts';
import { variedControls } from './coefficients.ts';
import { isUnlocked, readControls, UNLOCKED_KEY, writeControls } from './link-controls.ts';
import { isShapeKey, readShape, writeShape } from './link-shape.ts';
import { encode, MAX_LINK_LENGTH, quote, readNumber, shortNumber, splitList, splitPairs } from './link-text.ts';
import { writeMapSettings } from './map-settings.ts';
import {
  chainFor,
  DEFAULT_SEED,
  MAX_SEED,
  mergeStep,
  openingRecipe,
  type Recipe,
  type Step,
  usesSeed,
} from './recipe.ts';
import { checkChain } from './recipe-check.ts';
import { withShape } from './recipe-curves.ts';
import { defaultView, readView, type View } from './view.ts';

const VERSION = '1';
/** Families of the bundled zoo; the first is what a link without `z` means. */
const FAMILIES: readonly string[] = ['glyph-vit'];
/** A family of somebody's own files: the same files make the same name. */
const OWN_FAMILY = /^own-[0-9a-f]{12}$/;
/** More steps than any sensible chain has. */
const MAX_STEPS = 8;
/** More notes than anybody reads. */
const MAX_NOTES = 8;

/** A link that this studio cannot follow: nothing is loaded in its place. */
export interface Refused {
  readonly kind: 'refused';
  /** One sentence. */
  readonly reason: string;
  /** The offending text, shortened. */
  readonly got: string;
  /** What would have been understood. */
  readonly known: readonly string[];
  /** One sentence. */
  readonly todo: string;
}

export interface Opened {
  readonly kind: 'ok';
  readonly recipe: Recipe;
  readonly view: View;
  /** What was repaired or left out, a sentence each. */
  readonly notes: readonly string[];
}

// ---------------------------------------------------------------- writing

/** @returns the link's hash, beginning with `#`; absolute addresses are the page's business */
export function buildLink(recipe: Recipe, view: View, catalogue: Catalogue, card: Card): string {
  const opening = openingRecipe(card, catalogue);
  const usual = defaultView(recipe, card);
  const parts = [`v=${VERSION}`];
  const add = (key: string, value: string, usualValue: string) => {
    if (value !== usualValue) parts.push(`${key}=${encode(value)}`);
  };
  add('z', recipe.family, FAMILIES[0] ?? '');
  add('e', recipe.experts.join(), opening.experts.join());
  add('m', stepIds(recipe), stepIds(opening));
  parts.push(...writeControls(recipe, catalogue));
  add(UNLOCKED_KEY, isUnlocked(recipe, catalogue) ? '1' : '', '');
  if (usesSeed(recipe, catalogue)) add('s', shortNumber(recipe.seed), shortNumber(DEFAULT_SEED));
  add('q', view.pair.join(), usual.pair.join());
  add('g', view.goals, usual.goals);
  add('o', view.objectives.join(), '');
  add('map', writeMapSettings(view.map), '');
  const varied = variedControls(recipe, catalogue, view.vary);
  add('vary', varied.map(({ short }) => short).join(), '');
  add('lv', view.level, usual.level);
  add('t', view.allTasks ? 'all' : '', '');
  parts.push(...writeShape(mergeStep(recipe, catalogue)));
  add('d', view.doc ?? '', '');
  return `#${parts.join('&')}`;
}

function stepIds(recipe: Recipe): string {
  return recipe.chain.map((step) => step.method).join('+');
}

// ---------------------------------------------------------------- reading

/** Which family's card a link needs, read before that card is there. */
export function peekLink(hash: string, families = FAMILIES): { kind: 'ok'; family: string } | Refused {
  const refusal = refuseVersion(hash);
  if (refusal) return refusal;
  const family = splitPairs(hash).values.get('z') ?? families[0] ?? '';
  return families.includes(family) || OWN_FAMILY.test(family) ? { kind: 'ok', family } : refuseFamily(family, families);
}

/**
 * Reads a link against the card of its family. Never throws. Numbers come out finite and in range; a recipe that cannot be
 * merged (too many experts for its method, say) is still opened, and `checkRecipe` tells why.
 */
export function parseLink(hash: string, catalogue: Catalogue, card: Card): Opened | Refused {
  const refusal = refuseVersion(hash);
  if (refusal) return refusal;
  const { values, repeated } = splitPairs(hash);
  const notes = repeated.map((key) => `${quote(key)} comes twice; the first one counts.`);
  const family = values.get('z') ?? card.family;
  if (family !== card.family) return refuseFamily(family, [card.family]);

  const opening = openingRecipe(card, catalogue);
  const experts = readExperts(values.get('e'), opening, card, notes);
  if ('kind' in experts) return experts;
  const chain = readChain(values.get('m') ?? stepIds(opening), experts.length, catalogue);
  if ('kind' in chain) return chain;
  const plain: Recipe = {
    family,
    experts,
    chain: readControls(chain, experts, values, catalogue, notes),
    seed: readSeed(values.get('s'), notes),
  };
  const recipe = readShapeOf(plain, catalogue, values, notes);
  const view = readView(values, { recipe, card, catalogue }, notes);
  for (const key of values.keys()) {
    if (!KEYS.has(key) && !key.startsWith('p.') && !isShapeKey(key))
      notes.push(`${quote(key)} is not known to this studio and is left out.`);
  }
  return { kind: 'ok', recipe, view, notes: shortened(notes) };
}

const KEYS: ReadonlySet<string> = new Set([
  ...['v', 'z', 'e', 'm', 'l', 's', 'q', 'g', 'o', 'map', 'vary', 'lv', 't', 'd'],
  UNLOCKED_KEY,
]);

function shortened(notes: readonly string[]): string[] {
  if (notes.length <= MAX_NOTES) return [...notes];
  return [...notes.slice(0, MAX_NOTES - 1), `… and ${notes.length - MAX_NOTES + 1} more.`];
}

function refuseVersion(hash: string): Refused | undefined {
  const known = [`v=${VERSION}`];
  if (hash.length > MAX_LINK_LENGTH) {
    const reason = `The link is too long: ${hash.length} characters, at most ${MAX_LINK_LENGTH} are read.`;
    return {
      kind: 'refused',
      reason,
      got: quote(hash),
      known,
      todo: 'Ask for the link again; it may have been pasted twice.',
    };
  }
  const { values } = splitPairs(hash);
  if (values.size === 0) return undefined;
  const version = values.get('v');
  if (version === VERSION) return undefined;
  if (version === undefined) {
    const reason = 'The link does not say its version.';
    return {
      kind: 'refused',
      reason,
      got: quote(hash),
      known,
      todo: 'It may have been cut off: copy the whole link again.',
    };
  }
  const reason = `The link was made with another studio: its version is ${quote(version)}, this one reads ${VERSION}.`;
  return {
    kind: 'refused',
    reason,
    got: quote(version),
    known,
    todo: 'Reload the page to get the newest studio, or open it without the link.',
  };
}

function refuseFamily(family: string, known: readonly string[]): Refused {
  if (OWN_FAMILY.test(family))
    return {
      kind: 'refused',
      reason:
        'This link is about somebody’s own models, and this browser does not have them: a link holds settings, never files.',
      got: quote(family),
      known: [],
      todo: 'Ask for the model and data files and open them here with “Your own models and data”; then the link works.',
    };
  const reason = `There is no model family ${quote(family)} here.`;
  return { kind: 'refused', reason, got: quote(family), known, todo: 'Change z in the address to a known family.' };
}

function readExperts(
  text: string | undefined,
  opening: Recipe,
  card: Card,
  notes: string[],
): readonly string[] | Refused {
  if (text === undefined) return opening.experts;
  const ids = splitList(text);
  const known = card.experts.map((expert) => expert.id);
  const stranger = ids.find((id) => !known.includes(id));
  if (stranger !== undefined) {
    const reason = `There is no expert ${quote(stranger)} in ${card.name}.`;
    return { kind: 'refused', reason, got: quote(stranger), known, todo: 'Change e in the address to known experts.' };
  }
  const once = [...new Set(ids)];
  if (once.length < ids.length) notes.push('An expert comes twice in the link; it is merged once.');
  return once;
}

function readChain(text: string, experts: number, catalogue: Catalogue): readonly Step[] | Refused {
  // Some programs turn the plus signs of an address into spaces.
  const ids = text.split(/[+ ]/);
  const known = [...catalogue.methods, ...catalogue.presets].map(({ id }) => id);
  const refuse = (reason: string, got: string): Refused => {
    return {
      kind: 'refused',
      reason,
      got: quote(got),
      known,
      todo: 'Change m in the address to a known method, or reload the page for the newest studio.',
    };
  };
  if (ids.length > MAX_STEPS)
    return refuse(`The link names ${ids.length} methods; at most ${MAX_STEPS} are read.`, text);
  const chain: Step[] = [];
  for (const id of ids) {
    const steps = chainFor(catalogue, id, experts);
    if (!steps) return refuse(`There is no method ${quote(id)} in this studio.`, id);
    chain.push(...steps);
  }
  const reason = checkChain(chain, catalogue);
  return reason === undefined ? chain : refuse(reason, text);
}

/** The recipe with the curves and the filter of the link. What its method cannot use is noted. */
function readShapeOf(
  recipe: Recipe,
  catalogue: Catalogue,
  values: ReadonlyMap<string, string>,
  notes: string[],
): Recipe {
  const shape = readShape(values, notes);
  if (!shape.curves && !shape.filter) return recipe;
  const shaped = withShape(recipe, catalogue, shape);
  const { curves } = mergeStep(shaped, catalogue);
  const idle = Object.keys(shape.curves ?? {}).filter((key) => !curves || !Object.hasOwn(curves, key));
  for (const key of idle) notes.push(`The curves of ${quote(key)} change nothing in this merge and are left out.`);
  return shaped;
}

function readSeed(text: string | undefined, notes: string[]): number {
  if (text === undefined) return DEFAULT_SEED;
  const seed = readNumber(text);
  if (seed !== undefined && Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED) return Math.abs(seed);
  notes.push(`Seed: ${quote(text)} is not a whole number from 0 to ${MAX_SEED}, so ${DEFAULT_SEED} is used.`);
  return DEFAULT_SEED;
}
