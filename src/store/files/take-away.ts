/** The recipe of own models in the forms that other tools read. */

import { failureOf } from '../../client/worker-client.ts';
import { writeRecipeJson } from '../../formats/recipe-json.ts';
import { askedOf, nameOf } from './asked.ts';
import { filesEngine } from './engine.ts';
import { useFiles } from './store.ts';

export type ExportKind = 'mergekit' | 'recipe';

export interface Exported {
  readonly name: string;
  /** Null where it cannot be made; the notes say why. */
  readonly text: string | null;
  readonly notes: readonly string[];
}

const NAMES: Readonly<Record<ExportKind, string>> = {
  mergekit: 'mergekit.yaml',
  recipe: 'recipe.json',
};

export async function exported(kind: ExportKind): Promise<Exported> {
  const name = NAMES[kind];
  const state = useFiles.getState();
  if (kind === 'recipe') return { name, text: writeRecipeJson(state.recipe), notes: [] };
  const asked = askedOf(state);
  const names = Object.fromEntries(state.models.map(({ outline }) => [outline.id, nameOf(state, outline.id)]));
  try {
    return { name, ...(await filesEngine().mergekit(asked, names)) };
  } catch (error) {
    const { message, todo } = failureOf(error);
    return { name, text: null, notes: [message, todo] };
  }
}
