/** The recipe of own models in the forms that other tools read. */

import type { ExportKind } from '../../client/protocol.ts';
import { failureOf } from '../../client/worker-client.ts';
import { writeRecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import { askedOf, networkOf } from './asked.ts';
import { filesEngine } from './engine.ts';
import { filesLink, recipeFilesOf } from './link.ts';
import { printedState } from './prints.ts';
import { useFiles } from './store.ts';

export type OwnExport = ExportKind | 'recipe' | 'link';

export interface Exported {
  readonly name: string;
  /** Null where it cannot be made; the notes say why. */
  readonly text: string | null;
  readonly notes: readonly string[];
}

const NAMES: Readonly<Record<OwnExport, string>> = {
  mergekit: 'mergekit.yaml',
  recipe: 'recipe.json',
  card: 'README.md',
  snippet: 'merge.py',
  tokenizer: 'tokenizer.json',
  link: 'link',
};

type Made = Pick<Exported, 'text' | 'notes'>;

export async function exported(kind: OwnExport): Promise<Exported> {
  const name = NAMES[kind];
  try {
    return { name, ...(await make(kind)) };
  } catch (error) {
    const { message, todo } = failureOf(error);
    return { name, text: null, notes: [message, todo] };
  }
}

async function make(kind: OwnExport): Promise<Made> {
  if (kind === 'recipe') return ownRecipe();
  if (kind === 'link') return { text: filesLink(await printedState()), notes: [] };
  const state = useFiles.getState();
  return filesEngine().exported(kind, askedOf(state), state.work.phase === 'written' ? state.work.written : null);
}

async function ownRecipe(): Promise<Made> {
  const state = await printedState();
  const { recipe, dtype, choices } = state;
  const more = { files: recipeFilesOf(state), dtype, network: networkOf(state), choices };
  const notes = [
    'Whoever has the same files drops them here with this one, and gets the same merge. It holds no weights.',
  ];
  return { text: writeRecipeOfFiles(recipe, more), notes };
}
