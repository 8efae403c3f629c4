/** Recipes as files: what a link says, with every control by name. */
import { readFile } from 'node:fs/promises';
import { StudioError } from '../../engine/fault.ts';
import { buildLink } from '../../formats/link.ts';
import { readRecipeJson, writeRecipeJson } from '../../formats/recipe-json.ts';
import { defaultView } from '../../formats/view.ts';
import { metadata } from '../../methods/metadata.ts';
import { openLinkText, readCard } from './local.ts';

/** The recipe of a link as JSON. */
export async function recipeJson(link: string | undefined): Promise<string> {
  const { recipe, notes } = await openLinkText(link);
  for (const note of notes) process.stderr.write(`${note}\n`);
  return writeRecipeJson(recipe);
}

/** The link of a recipe's file. @throws StudioError saying what is wrong with the file */
export async function linkOfFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new StudioError('recipe', `${path}: cannot be read`);
  });
  const family = /"family"\s*:\s*"([a-z0-9-]+)"/.exec(text)?.[1] ?? 'glyph-vit';
  const card = await readCard(family);
  const read = readRecipeJson(text, metadata, card);
  if (read.kind === 'refused') throw new StudioError('recipe', `${path}: ${read.reason}`);
  for (const note of read.notes) process.stderr.write(`${path}: ${note}\n`);
  return buildLink(read.recipe, defaultView(read.recipe, card), metadata, card);
}
