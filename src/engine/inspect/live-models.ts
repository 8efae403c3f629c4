/** The networks on the screen: those of the zoo, and merges that are made anew from their recipes, kept while they are looked at. */
import type { Recipe } from '../../formats/recipe.ts';
import type { Merger, Progress } from '../merger.ts';
import { disposeNetworks, type Networks } from '../networks.ts';
import type { Zoo } from '../zoo.ts';
import type { FlatModel } from './flat-source.ts';

/** What is looked at. */
export interface LiveSet {
  /** Ids on the card, in the order of the screen. */
  readonly experts: readonly string[];
  readonly merges: readonly { readonly id: string; readonly recipe: Recipe }[];
}

export interface LiveModel extends FlatModel {
  /** Of a network of a pack. */
  readonly task?: string;
}

export interface LiveModels {
  readonly models: readonly LiveModel[];
  /** Merges of which nothing can be shown, with the reason. */
  readonly without: readonly { readonly id: string; readonly reason: string }[];
}

/** Merges kept at once: the one on the screen, two pins, and some to go back to. */
const MAX_MERGES = 6;

export function createLiveModels(zoo: Zoo, merger: Merger) {
  const merges = new Map<string, Networks<Float32Array>>();

  const merged = async (id: string, recipe: Recipe, progress: Progress): Promise<Networks<Float32Array>> => {
    const known = merges.get(id);
    if (known) return known;
    const made = await merger.merge(recipe, progress);
    try {
      const networks = await merger.readAll(made);
      merges.set(id, networks);
      const [oldest] = merges.keys();
      if (merges.size > MAX_MERGES && oldest !== undefined) merges.delete(oldest);
      return networks;
    } finally {
      disposeNetworks(made);
    }
  };

  return async ({ experts, merges: wanted }: LiveSet, progress: Progress): Promise<LiveModels> => {
    const models: LiveModel[] = [{ id: 'base', role: 'base', weights: await zoo.model('base') }];
    for (const id of experts) models.push({ id, role: 'expert', weights: await zoo.model(id) });
    const without: { id: string; reason: string }[] = [];
    for (const { id, recipe } of wanted) {
      const { weights, perTask, blocks } = await merged(id, recipe, progress);
      if (blocks !== undefined)
        without.push({
          id,
          reason: `It has ${blocks} blocks where the base has ${zoo.card.model.blocks}: its tensors are not those of the others.`,
        });
      else if (perTask)
        for (const [task, own] of Object.entries(perTask))
          models.push({ id: `${id}/${task}`, role: 'merge', weights: own, task });
      else models.push({ id, role: 'merge', weights });
    }
    return { models, without };
  };
}
