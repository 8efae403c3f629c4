/** Which tensors a merge touches. All others keep the base's weights. */
import { CURVE_GROUPS } from './curves.ts';

/** What a tensor belongs to (its group) or is. */
export const KINDS = [...CURVE_GROUPS, 'linear', 'bias'] as const;
export type Kind = (typeof KINDS)[number];

export interface TensorFilter {
  /** Kinds that are left out. */
  readonly without: readonly Kind[];
  /**
   * Patterns between commas, of which `*` stands for any run of characters: a tensor must match one of them, and none that begins
   * with `!`. Empty where names do not matter.
   */
  readonly names: string;
}

/** What a filter asks of a tensor. */
export interface FilteredTensor {
  readonly name: string;
  readonly role: string;
  readonly group: string;
}

/** Longer than any pattern that a person types. */
const MAX_NAMES = 200;
const ALLOWED = /^[\w.\-*!,]*$/;

/** Why a list of patterns cannot be used, in words. */
export function refuseNames(names: string): string | undefined {
  if (names.length > MAX_NAMES) return `got ${names.length} characters of name patterns, at most ${MAX_NAMES} are read`;
  if (ALLOWED.test(names.replace(/\s/g, ''))) return undefined;
  return 'name patterns hold letters, digits and “. _ -”, with * for anything, ! before what is left out and commas between them';
}

const patternsOf = (names: string): string[] => names.split(',').filter((pattern) => pattern !== '');

/** A filter as a recipe holds it; undefined when it leaves nothing out. Patterns that cannot be used count for nothing. */
export function cleanFilter({ without, names }: TensorFilter): TensorFilter | undefined {
  const kinds = KINDS.filter((kind) => without.includes(kind));
  const tight = refuseNames(names) === undefined ? names.replace(/\s/g, '').replace(/\*+/g, '*') : '';
  const patterns = [...new Set(patternsOf(tight))].filter((pattern) => pattern !== '!');
  const positive = patterns.filter((pattern) => !pattern.startsWith('!'));
  // One that matches everything makes the other wanted ones idle.
  const kept = positive.includes('*') ? patterns.filter((pattern) => pattern.startsWith('!')) : patterns;
  return kinds.length + kept.length === 0 ? undefined : { without: kinds, names: kept.join() };
}

/** Whether a merge with this filter touches the tensor. */
export function passes({ without, names }: TensorFilter, { name, role, group }: FilteredTensor): boolean {
  if (without.some((kind) => kind === group || kind === role)) return false;
  const patterns = patternsOf(names);
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.flatMap((pattern) => (pattern.startsWith('!') ? [pattern.slice(1)] : []));
  if (unwanted.some((pattern) => matches(pattern, name))) return false;
  return wanted.length === 0 || wanted.some((pattern) => matches(pattern, name));
}

/** Whether a pattern describes the whole name. It takes time in proportion to the name: no expression from a link is ever run. */
export function matches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
