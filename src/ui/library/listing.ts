/** The methods as the browser lists them: with their texts, on shelves, found by words. */

import type { PrintedHandbook } from '../../methods/metadata.ts';
import { shelfName } from '../../store/library.ts';
import { type Entry, entries, findMethod, whyNot } from '../ingredients/methods.ts';
import { facetsOf } from './facets.ts';

export interface Listed {
  readonly entry: Entry;
  readonly summary: string;
  readonly badge: string | undefined;
  /** Why it cannot be chosen now, and what would help. */
  readonly reason: string | undefined;
  readonly facets: ReadonlySet<string>;
  /** Everything that a search looks into, in lower case. */
  readonly text: string;
}

/** Every method and preset, with what concerns so many experts. */
export const listing = (handbook: PrintedHandbook, experts: number): readonly Listed[] =>
  entries.map((entry) => {
    const page = handbook.methods[entry.id];
    const { summary, reference } = page ?? handbook.presets[entry.id] ?? {};
    const steps = entry.steps.map(({ id }) => findMethod(id)?.name);
    const words = [
      entry.id,
      entry.name,
      entry.year,
      summary,
      shelfName(entry.family),
      reference?.title,
      page?.reference.authors,
      ...(page?.aliases ?? []),
      page?.helps,
      page?.mergekit,
      ...steps,
    ];
    return {
      entry,
      summary: summary ?? '',
      badge: page?.confidence === 'low' ? 'reconstruction' : undefined,
      reason: whyNot(entry, experts),
      facets: facetsOf(entry, handbook, experts),
      text: words.join(' ').toLowerCase(),
    };
  });

/** Those with all words of the query; what is called so comes before what only speaks of it. */
export function matching(listed: readonly Listed[], query: string): readonly Listed[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = listed.filter(({ text }) => words.every((word) => text.includes(word)));
  const isCalledSo = ({ entry }: Listed) => entry.name.toLowerCase().startsWith(words.join(' '));
  return [...found.filter(isCalledSo), ...found.filter((one) => !isCalledSo(one))];
}

export interface Shelf {
  readonly name: string;
  readonly listed: readonly Listed[];
}

/** Shelf by shelf; on each, what fits the mix comes first. */
export function shelved(listed: readonly Listed[]): readonly Shelf[] {
  const families = [...new Set(listed.map(({ entry }) => entry.family))];
  return families.map((family) => {
    const own = listed.filter(({ entry }) => entry.family === family);
    const fits = (wanted: boolean) => own.filter(({ reason }) => (reason === undefined) === wanted);
    return { name: shelfName(family), listed: [...fits(true), ...fits(false)] };
  });
}
