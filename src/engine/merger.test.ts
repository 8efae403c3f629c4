import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coefficientsOf, withCoefficients } from '../formats/coefficients.ts';
import { openingRecipe, type Recipe, withMethod } from '../formats/recipe.ts';
import { metadata } from '../methods/metadata.ts';
import { openBackend } from './backend.ts';
import { createEvaluator } from './evaluator.ts';
import { createMerger, type Merger } from './merger.ts';
import { TINY_TASKS, tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo } from './zoo.ts';

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';

function setting() {
  const { card, read } = tinyZoo();
  const zoo = openZoo(card, read);
  let time = 0;
  return { card, zoo, merger: createMerger(zoo, () => time++), opening: openingRecipe(card, metadata) };
}

const withLambda = (recipe: Recipe, values: readonly number[]) => withCoefficients(recipe, metadata, values);

async function merged(merger: Merger, recipe: Recipe): Promise<Float32Array> {
  const { weights } = await merger.merge(recipe);
  const values = await merger.read(weights);
  weights.dispose();
  return values;
}

describe.each(['cpu', 'wasm'] as const)('merging on %s', (backend) => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: [backend] });
  });

  it('gives the base at zero and each expert at one-hot, bit for bit', async () => {
    const { zoo, merger, opening } = setting();
    expect(await merged(merger, withLambda(opening, [0, 0, 0]))).toEqual(await zoo.model('base'));
    for (const [index, task] of TINY_TASKS.entries()) {
      const oneHot = TINY_TASKS.map((_, i) => (i === index ? 1 : 0));
      expect(await merged(merger, withLambda(opening, oneHot))).toEqual(await zoo.model(task));
    }
  });

  it('never changes the loaded models', async () => {
    const { zoo, merger, opening } = setting();
    const before = await Promise.all(['base', ...TINY_TASKS].map(async (id) => Float32Array.from(await zoo.model(id))));
    for (const { id, kind, needs } of metadata.methods) {
      const recipe = withMethod(opening, metadata, id);
      if (kind === 'post' || needs.gradients || needs.experts.max !== undefined) continue;
      await merged(merger, recipe);
    }
    const after = await Promise.all(['base', ...TINY_TASKS].map((id) => zoo.model(id)));
    expect(after).toEqual(before);
  });

  it('gives the same bytes for the same recipe, whatever was merged in between', async () => {
    const { merger, opening } = setting();
    const recipe = withMethod(opening, metadata, 'dare-ties');
    const first = await merged(merger, recipe);
    await merged(merger, withMethod(opening, metadata, 'iso-c'));
    await merged(merger, { ...recipe, seed: 99 });
    expect(await merged(merger, recipe)).toEqual(first);
    expect(await merged(merger, { ...recipe, seed: 99 })).not.toEqual(first);
  });

  it('prepares once and combines on every drag', async () => {
    const { merger, opening } = setting();
    const spent: number[] = [];
    for (const lambda of [0.1, 0.2, 0.3]) {
      const { weights, prepareMs } = await merger.merge(withLambda(opening, [lambda, lambda, lambda]));
      weights.dispose();
      spent.push(prepareMs);
    }
    // The clock counts its own readings: a cached preparation reads it no more than at both ends.
    expect(spent).toEqual([1, 1, 1]);
  });

  it('leaves no tensor behind after a thousand merges', async () => {
    const { merger, opening } = setting();
    const recipes = ['task-arithmetic', 'ties', 'iso-c', 'dare-linear'].map((id) => withMethod(opening, metadata, id));
    for (const recipe of recipes) await merged(merger, recipe);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 1000; i++) {
      const recipe = recipes[i % recipes.length] as Recipe;
      const values = coefficientsOf(recipe, metadata).map(() => (i % 7) / 10);
      // Iso-C's coefficients belong to its preparation: its caches are bounded, not growing.
      await merged(merger, recipe.chain.some(({ method }) => method === 'iso-c') ? recipe : withLambda(recipe, values));
    }
    expect(tf.memory().numTensors).toBe(before);
    merger.dispose();
  }, 60_000);

  it('disposes of everything', async () => {
    const before = tf.memory().numTensors;
    const { merger, opening } = setting();
    for (const id of ['ties', 'iso-c', 'dare-ties', 'weight-average'])
      await merged(merger, withMethod(opening, metadata, id));
    merger.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what cannot be merged, in words, and goes on', async () => {
    const { merger, opening } = setting();
    await expect(merger.merge(withMethod(opening, metadata, 'slerp'))).rejects.toThrow('needs exactly 2 experts');
    const average = withMethod(opening, metadata, 'weight-average');
    await expect(merger.merge(withLambda(average, [1, -0.5, -0.5]))).rejects.toThrow(/sum|Σ/i);
    expect((await merged(merger, opening)).length).toBeGreaterThan(0);
  });

  it('counts the same answers in one run as in parts', async () => {
    const { zoo, merger, opening } = setting();
    const evaluator = createEvaluator(zoo);
    const { weights } = await merger.merge(opening);
    evaluator.use({ weights });
    weights.dispose();
    const slice = { task: 'digits', split: 'test' } as const;
    const all = await evaluator.count({ ...slice, from: 0, to: 32 });
    const first = await evaluator.count({ ...slice, from: 0, to: 5 });
    const rest = await evaluator.count({ ...slice, from: 5, to: 32 });
    expect(first.correct + rest.correct).toBe(all.correct);
    expect(all.n).toBe(32);
  });
});
