/** Post steps: edits of what was merged, one after the other. */
import * as tf from '@tensorflow/tfjs-core';
import type { Recipe } from '../formats/recipe.ts';
import type { Input } from '../methods/define.ts';
import { createCache } from './cache.ts';
import type { Resolved } from './chain.ts';
import { type FlatModels, inputFor, joinPieces, piecesFor } from './pieces.ts';
import type { Hooks } from './prepare.ts';
import { scoped } from './scope.ts';
import type { Zoo } from './zoo.ts';

export interface Editor {
  /**
   * Applies the recipe's post steps to a merged network. Takes the network over, and gives another one back.
   * @param task whose network of a pack it is; empty for the one network of all tasks
   * @param models with the task vectors after the pre steps
   * @throws StoppedError when the work is no longer wanted
   */
  edit(
    merged: tf.Tensor1D,
    task: string,
    recipe: Recipe,
    steps: readonly Resolved<'post'>[],
    models: FlatModels,
    hooks: Hooks,
  ): Promise<tf.Tensor1D>;
  dispose(): void;
}

export function createEditor(zoo: Zoo): Editor {
  /** By post step: what it keeps of the latest change that it was given. */
  const kept = new Map<string, { readonly change: string; readonly parts: ReturnType<typeof createCache> }>();

  /** Parts are only of use while nothing before the step moves: those of an older change are dropped. */
  const partsOf = (method: string, change: string) => {
    const known = kept.get(method);
    if (known?.change === change) return known.parts;
    known?.parts.clear();
    const parts = createCache({});
    kept.set(method, { change, parts });
    return parts;
  };

  const contextOf = (hooks: Hooks, parts: ReturnType<typeof createCache>, input: Input) => ({
    ...hooks,
    async cache<T>(name: string, make: () => T | Promise<T>): Promise<T> {
      const key = `${input.piece.start} ${name}`;
      const known = parts.get<{ value: T }>(key);
      if (known) return known.value;
      // Computed when first read: if that were inside, a later reader would find them disposed of.
      void input.taskVectors;
      const value = await scoped(async () => make());
      parts.set(key, { value });
      return value;
    },
  });

  /** Everything that the change before this step is made of. */
  const changeKey = ({ family, experts, seed, chain }: Recipe, before: string) => {
    const end = chain.findIndex(({ method }) => method === before);
    return JSON.stringify([family, experts, seed, chain.slice(0, end)]);
  };

  return {
    async edit(merged, task, recipe, steps, models, hooks) {
      let weights = merged;
      for (const { method, step } of steps) {
        const parts = partsOf(method.id, `${task} ${changeKey(recipe, method.id)}`);
        try {
          const edited = await scoped(async () => {
            const change = { base: tf.sub(weights, models.base), experts: [] };
            const pieces: tf.Tensor[] = [];
            for (const piece of piecesFor(method.scope, zoo.table)) {
              const part = inputFor(change, piece, method.scope, undefined).base;
              const input = inputFor(models, piece, method.scope, undefined);
              pieces.push(await method.edit(part, input, step.controls, contextOf(hooks, parts, input)));
            }
            return tf.add(models.base, joinPieces(pieces)) as tf.Tensor1D;
          });
          weights.dispose();
          weights = edited;
        } catch (fault) {
          weights.dispose();
          throw fault;
        }
      }
      return weights;
    },
    dispose() {
      for (const { parts } of kept.values()) parts.clear();
      kept.clear();
    },
  };
}
