import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openingRecipe, type Recipe, withControl, withMethod } from '../formats/recipe.ts';
import { metadata } from '../methods/metadata.ts';
import { openBackend } from './backend.ts';
import { createEvaluator } from './evaluator.ts';
import { createMerger, type Merger } from './merger.ts';
import { disposeNetworks, mergedNetworks } from './networks.ts';
import { TINY_TASKS, tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo, type Zoo } from './zoo.ts';

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const LAMBDA = { method: 'tall-masks', control: 'lambda' };
const PACKS = metadata.methods.filter(({ result }) => result === 'masked' || result === 'set').map(({ id }) => id);

function setting() {
  const { card, read } = tinyZoo();
  const zoo = openZoo(card, read);
  return { zoo, merger: createMerger(zoo, () => 0), opening: openingRecipe(card, metadata) };
}

async function merged(merger: Merger, recipe: Recipe) {
  const made = await merger.merge(recipe);
  const networks = await merger.readAll(made);
  disposeNetworks(made);
  return { ...networks, footprint: made.footprint, readout: made.readout };
}

/** Answers of one network alone. */
async function answersOf(zoo: Zoo, weights: Float32Array, task: string) {
  const evaluator = createEvaluator(zoo);
  evaluator.use({ weights });
  const score = await evaluator.count({ task, split: 'test', from: 0, to: 32 });
  evaluator.dispose();
  return score;
}

describe('packs', () => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: ['cpu'] });
  });

  it('exist', () => {
    expect(PACKS.length).toBeGreaterThan(3);
  });

  it.each(PACKS)('%s: one network for every expert’s task, the base for all others', async (id) => {
    const { zoo, merger, opening } = setting();
    const recipe = withMethod({ ...opening, experts: TINY_TASKS.slice(0, 2) }, metadata, id);
    const { weights, perTask, footprint } = await merged(merger, recipe);
    expect(Object.keys(perTask ?? {})).toEqual(TINY_TASKS.slice(0, 2));
    expect(weights).toEqual(await zoo.model('base'));
    for (const network of Object.values(perTask ?? {})) expect(network.length).toBe(zoo.length);
    expect(footprint?.baseBits).toBe(32 * zoo.length);
    expect(footprint?.experts).toBe(2);
    expect((footprint?.sharedBits ?? 0) + (footprint?.perExpertBits ?? 0)).toBeGreaterThan(0);
  });

  it('of one expert gives that expert where the method says so', async () => {
    const { zoo, merger, opening } = setting();
    const wanted = await zoo.model('greek');
    for (const id of ['tall-masks', 'emr']) {
      const { perTask } = await merged(merger, withMethod({ ...opening, experts: ['greek'] }, metadata, id));
      const off = Math.max(...(perTask?.greek ?? []).map((value, i) => Math.abs(value - (wanted[i] ?? 0))));
      expect(off).toBeLessThan(1e-6);
    }
  });

  it('are evaluated each by its own network', async () => {
    const { zoo, merger, opening } = setting();
    const recipe = withMethod({ ...opening, experts: TINY_TASKS.slice(0, 2) }, metadata, 'bitdelta');
    const { weights, perTask = {} } = await merged(merger, recipe);
    const evaluator = createEvaluator(zoo);
    evaluator.use({ weights, perTask });
    for (const task of TINY_TASKS) {
      const score = await evaluator.count({ task, split: 'test', from: 0, to: 32 });
      expect(score).toEqual(await answersOf(zoo, perTask[task] ?? (await zoo.model('base')), task));
    }
    evaluator.dispose();
  });

  it('follow their controls, and tell what their masks keep', async () => {
    const { merger, opening } = setting();
    const recipe = withMethod(opening, metadata, 'tall-masks');
    const keptAt = async (lambda: number) => {
      const { readout } = await merged(merger, withControl(recipe, metadata, LAMBDA, [lambda, lambda, lambda]));
      return readout?.masks?.kept ?? [];
    };
    const [loose, strict] = [await keptAt(0.1), await keptAt(0.9)];
    expect(loose).toHaveLength(3);
    for (const [t, share] of loose.entries()) expect(share).toBeGreaterThan(strict[t] ?? 1);
  });

  it('leave no tensor behind', async () => {
    const { zoo, merger, opening } = setting();
    const evaluator = createEvaluator(zoo);
    const round = async () => {
      for (const id of [...PACKS, 'ties']) {
        const made = await merger.merge(withMethod(opening, metadata, id));
        evaluator.use(made);
        await evaluator.count({ task: 'kana', split: 'test', from: 0, to: 4 });
        disposeNetworks(made);
      }
    };
    await round();
    await round();
    const before = tf.memory().numTensors;
    await round();
    expect(tf.memory().numTensors).toBe(before);
    evaluator.dispose();
    merger.dispose();
  });

  it('are none of a single network', async () => {
    const { merger, opening } = setting();
    const { perTask, footprint, weights } = await merged(merger, opening);
    expect(perTask).toBeUndefined();
    expect(footprint).toBeNull();
    expect(mergedNetworks({ weights })).toEqual([weights]);
  });
});
