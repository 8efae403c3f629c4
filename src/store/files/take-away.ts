/** The recipe of own models in the forms that other tools read. */

import type { ExportKind } from '../../client/protocol.ts';
import { failureOf } from '../../client/worker-client.ts';
import { writeRecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import { askedOf, networkOf } from './asked.ts';
import { filesEngine } from './engine.ts';
import { recipeFilesOf } from './link.ts';
import { useFiles } from './store.ts';

export type OwnExport = ExportKind | 'recipe';

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
};

export async function exported(kind: OwnExport): Promise<Exported> {
  const name = NAMES[kind];
  const state = useFiles.getState();
  if (kind === 'recipe') {
    const { recipe, dtype, choices } = state;
    const more = { files: recipeFilesOf(state), dtype, network: networkOf(state), choices };
    const notes = [
      'Whoever has the same files drops them here with this one, and gets the same merge. It holds no weights.',
    ];
    return { name, text: writeRecipeOfFiles(recipe, more), notes };
  }
  const asked = askedOf(state);
  const written = state.work.phase === 'written' ? state.work.written : null;
  try {
    return { name, ...(await filesEngine().exported(kind, asked, written)) };
  } catch (error) {
    const { message, todo } = failureOf(error);
    return { name, text: null, notes: [message, todo] };
  }
}
