/** The expensive half of a recipe, with every reusable part of it kept. */
import type * as tf from '@tensorflow/tfjs-core';
import { tensor2d } from '@tensorflow/tfjs-core';
import { originKey, preparationKey } from '../formats/preparation.ts';
import type { Recipe } from '../formats/recipe.ts';
import type { Input } from '../methods/define.ts';
import { metadata } from '../methods/metadata.ts';
import { createCache } from './cache.ts';
import { loadCalibration, withLabels } from './calibration.ts';
import type { Chain, Resolved } from './chain.ts';
import type { Cuts } from './grouped-combine.ts';
import { createNetwork } from './network.ts';
import { type FlatModels, inputFor, joinPieces, piecesFor } from './pieces.ts';
import { scoped } from './scope.ts';
import type { Zoo } from './zoo.ts';

/** Prepared recipes kept at once: enough to go back and forth between a few methods. */
const MAX_PREPARED = 6;
/**
 * Memory of preparations, and of surveys and the methods' own parts, in sizes of all experts of the family. With the models
 * themselves it stays below 6. Stacked rows of all experts take a little more than 1, thin SVDs of all of them 1.8.
 */
const PREPARED_BUDGET = 1.2;
const PARTS_BUDGET = 3.6;
const BYTES_PER_WEIGHT = 4;

export interface PreparedChain {
  /** What the merge method prepared, per piece. */
  readonly pieces: readonly unknown[];
  /** What is kept of them in parts, while coefficients differ between tensors. */
  readonly cuts: Cuts;
  /** Task vectors after the pre steps; undefined when there was none. */
  readonly taskVectors: readonly tf.Tensor[] | undefined;
}

export interface Hooks {
  progress(done: number, total: number, doing: string): void;
  breathe(): Promise<void>;
}

export interface Preparer {
  prepare(recipe: Recipe, chain: Chain, models: FlatModels, hooks: Hooks): Promise<PreparedChain>;
  /** Kept for later: preparations, surveys and the methods' own parts. */
  bytes(): number;
  dispose(): void;
}

export function createPreparer(zoo: Zoo): Preparer {
  const family = BYTES_PER_WEIGHT * zoo.length * zoo.card.experts.length;
  const prepared = createCache({ entries: MAX_PREPARED, bytes: PREPARED_BUDGET * family });
  const parts = createCache({ bytes: PARTS_BUDGET * family });

  /** @param before runs outside of the scope in which everything but the result is disposed of */
  const once = async <T>(key: string, make: () => T | Promise<T>, before?: () => unknown): Promise<T> => {
    const known = parts.get<{ value: T }>(key);
    if (known) return known.value;
    before?.();
    const value = await scoped(async () => make());
    parts.set(key, { value });
    return value;
  };

  /** What one piece may keep, beside all that a method declared. @param origin names the task vectors that it is made of */
  const contextOf = <C extends object>(context: C, origin: string, input: Input<unknown>) => ({
    ...context,
    cache: <T>(key: string, make: () => T | Promise<T>) =>
      // Task vectors are computed when first read: if that were inside, a later reader would find them disposed of.
      once(`part ${origin} ${input.piece.start}+${input.piece.length} ${key}`, make, () => input.taskVectors),
  });

  const transform = async ({ method, step }: Resolved<'pre'>, flat: FlatModels, context: object, origin: string) => {
    const changed: (readonly tf.Tensor[])[] = [];
    for (const piece of piecesFor(method.scope, zoo.table)) {
      const input = inputFor(flat, piece, method.scope, undefined);
      changed.push(await method.transform(input, step.controls, contextOf(context, origin, input) as never));
    }
    const taskVectors = flat.experts.map((_, expert) =>
      joinPieces(changed.map((vectors) => vectors[expert] as tf.Tensor)),
    );
    return { ...flat, taskVectors };
  };

  /** A survey depends on models and pre steps alone: it is kept while density and the like move. */
  const globalsFor = async ({ method, step }: Resolved<'merge'>, flat: FlatModels, origin: string) => {
    const { survey, conclude } = method;
    if (!survey || !conclude) return undefined;
    const partials = await once(`survey ${method.id} ${origin}`, async () => {
      const made: unknown[] = [];
      for (const piece of piecesFor(method.scope, zoo.table))
        made.push(await survey(inputFor(flat, piece, method.scope, undefined)));
      return made;
    });
    return conclude(partials, step.controls);
  };

  /** Holds more than any one method declared; its type shows each method only what it asked for. */
  const contextFor = async (recipe: Recipe, chain: Chain, hooks: Hooks) => {
    const context = { ...hooks, seed: recipe.seed };
    const { needs } = chain.merge.method;
    if (!needs.data && !needs.gradients) return context;
    const heads = new Map<string, tf.Tensor2D>();
    for (const task of recipe.experts) {
      const { values, shape } = await zoo.head(task);
      heads.set(task, tensor2d(values, [...shape]));
    }
    const network = createNetwork({ config: zoo.card.model, table: zoo.table, heads, tasks: recipe.experts });
    const unlabelled = await loadCalibration(zoo, recipe.experts);
    const calibration = needs.data === 'labels' ? await withLabels(unlabelled, zoo, recipe.experts) : unlabelled;
    return { ...context, network, calibration };
  };

  return {
    async prepare(recipe, chain, models, hooks) {
      const key = preparationKey(recipe, metadata);
      const known = prepared.get<PreparedChain>(key);
      if (known) return known;
      const { method, step } = chain.merge;
      const origin = originKey(recipe, metadata);
      const made = await scoped(async () => {
        const context = await contextFor(recipe, chain, hooks);
        let flat = models;
        for (const [place, pre] of chain.pre.entries()) {
          flat = await transform(pre, flat, context, originKey(recipe, metadata, place));
        }
        const globals = await globalsFor(chain.merge, flat, origin);
        const all = piecesFor(method.scope, zoo.table);
        const pieces: unknown[] = [];
        for (const piece of all) {
          if (all.length > 1) hooks.progress(pieces.length, all.length, `${method.name}: preparing tensors`);
          const input = inputFor(flat, piece, method.scope, globals);
          pieces.push(await method.prepare(input, step.controls, contextOf(context, origin, input) as never));
        }
        return { pieces, cuts: {}, taskVectors: flat.taskVectors };
      });
      prepared.set(key, made);
      return made;
    },
    bytes: () => prepared.bytes() + parts.bytes(),
    dispose() {
      prepared.clear();
      parts.clear();
    },
  };
}
