/** What the page asks the files worker for: models in their parts, and what is to be made of them. */
import type { Asked } from '../../client/protocol.ts';
import { findMethod, mergeStep, type Recipe } from '../../formats/recipe.ts';
import { writeRecipeJson } from '../../formats/recipe-json.ts';
import { catalogue } from '../catalogue.ts';
import type { FilesState } from './state.ts';

const baseOf = ({ roles }: Pick<FilesState, 'roles'>): string | null =>
  Object.entries(roles).find(([, role]) => role === 'base')?.[0] ?? null;

/** How a model is called where people read. */
export const nameOf = ({ models }: Pick<FilesState, 'models'>, id: string): string =>
  models.find(({ outline }) => outline.id === id)?.outline.name ?? id;

/** Whether the method gives one network for each expert, of which a file holds one. */
function givesSeveral(recipe: Recipe): boolean {
  const result = findMethod(catalogue, mergeStep(recipe, catalogue).method)?.result;
  return result === 'masked' || result === 'set';
}

/** Whose network is written: the first expert's until somebody chooses; null for methods that give one. */
export function networkOf({ recipe, network }: Pick<FilesState, 'recipe' | 'network'>): string | null {
  if (!givesSeveral(recipe)) return null;
  return recipe.experts.find((id) => id === network) ?? recipe.experts[0] ?? null;
}

/** Models with a part in the recipe whose files are still to be dropped, as after a link was opened. */
export const absentFrom = ({ models, roles }: Pick<FilesState, 'models' | 'roles'>): readonly string[] =>
  Object.entries(roles).flatMap(([id, role]) =>
    role === 'out' || models.some(({ outline }) => outline.id === id) ? [] : [id],
  );

export function askedOf(state: FilesState): Asked {
  const { recipe, choices, dtype, configuration } = state;
  return {
    base: baseOf(state),
    experts: recipe.experts,
    choices,
    chain: recipe.chain,
    seed: recipe.seed,
    dtype,
    network: configuration ? null : networkOf(state),
    configuration: configuration?.text ?? null,
    // Readers of the format look for "format"; the rest says how the file came to be.
    metadata: { format: 'pt', merge_recipe: writeRecipeJson(recipe) },
  };
}
