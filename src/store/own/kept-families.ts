/** Families of own files, kept in the browser's own database: a reload has them still, and a link to them works here. */
import { del, get, set } from 'idb-keyval';
import { type Card, parseCard } from '../../formats/card.ts';

/** The oldest go first; some megabytes each. */
const MOST_FAMILIES = 3;
const ALL = 'own families';
const cardKey = (family: string) => `${family} card`;
const filesKey = (family: string) => `${family} files`;

export interface KeptFamily {
  readonly card: Card;
  readonly files: ReadonlyMap<string, Blob>;
}

/** @throws Error where the browser keeps nothing: without it the studio could not be opened with them */
export async function keepFamily(card: Card, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const { family } = card;
  const blobs = new Map([...files].map(([name, bytes]) => [name, new Blob([new Uint8Array(bytes)])]));
  await set(filesKey(family), blobs);
  await set(cardKey(family), card);
  const known = ((await get<readonly string[]>(ALL)) ?? []).filter((each) => each !== family);
  const all = [...known, family];
  await set(ALL, all.slice(-MOST_FAMILIES));
  for (const gone of all.slice(0, -MOST_FAMILIES)) await Promise.all([del(cardKey(gone)), del(filesKey(gone))]);
}

/** What is kept of this family, or undefined. */
export async function recallFamily(family: string): Promise<KeptFamily | undefined> {
  try {
    const [card, files] = await Promise.all([
      get<unknown>(cardKey(family)),
      get<ReadonlyMap<string, Blob>>(filesKey(family)),
    ]);
    return card && files ? { card: parseCard(card, family), files } : undefined;
  } catch {
    // No database, or one of another studio: the link says what is missing.
    return undefined;
  }
}
