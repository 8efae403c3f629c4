/** What the page asks the files worker for: models in their parts, and what is to be made of them. */
import type { Asked } from '../../client/protocol.ts';
import { writeRecipeJson } from '../../formats/recipe-json.ts';
import type { FilesState } from './state.ts';

const baseOf = ({ roles }: Pick<FilesState, 'roles'>): string | null =>
  Object.entries(roles).find(([, role]) => role === 'base')?.[0] ?? null;

/** How a model is called where people read. */
export const nameOf = ({ models }: Pick<FilesState, 'models'>, id: string): string =>
  models.find(({ outline }) => outline.id === id)?.outline.name ?? id;

export function askedOf(state: FilesState): Asked {
  const { recipe, choices, dtype, configuration } = state;
  return {
    base: baseOf(state),
    experts: recipe.experts,
    choices,
    chain: recipe.chain,
    seed: recipe.seed,
    dtype,
    configuration: configuration?.text ?? null,
    // Readers of the format look for "format"; the rest says how the file came to be.
    metadata: { format: 'pt', merge_recipe: writeRecipeJson(recipe) },
  };
}
