/** What is measured: a zoo on disk, and recipes over its experts written as share links. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openZoo, type Zoo } from '../../engine/zoo.ts';
import { type Card, parseCard } from '../../formats/card.ts';
import { parseLink } from '../../formats/link.ts';
import type { Recipe } from '../../formats/recipe.ts';
import { metadata } from '../../methods/metadata.ts';

export interface Subject {
  readonly folder: string;
  readonly card: Card;
  readonly zoo: Zoo;
  /** All experts of the card. */
  readonly everyone: readonly string[];
}

export async function openSubject(folder: string): Promise<Subject> {
  const path = join(folder, 'card.json');
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${path}: cannot be read; run \`npm run train -- glyph-vit\`, or name another folder with --zoo`);
  });
  const card = parseCard(JSON.parse(text), path);
  const zoo = openZoo(card, async (file) => new Uint8Array(await readFile(join(folder, file))));
  return { folder, card, zoo, everyone: card.experts.map(({ id }) => id) };
}

/** The recipe of a link that must be understood to the last letter: a bench of something else would mislead. */
export function recipeOf(card: Card, hash: string): Recipe {
  const parsed = parseLink(hash, metadata, card);
  if (parsed.kind === 'refused') throw new Error(`${hash}: ${parsed.reason}`);
  if (parsed.notes.length > 0) throw new Error(`${hash}: ${parsed.notes.join(' ')}`);
  return parsed.recipe;
}

/** Positions of a slider's path: values that never repeat, so that nothing is answered from memory. */
export function path(step: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((0.1 + 0.5 * ((step * 0.618 + i * 0.37) % 1)).toFixed(4)));
}
