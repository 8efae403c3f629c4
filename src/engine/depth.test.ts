import { beforeAll, expect, it } from 'vitest';
import { openingRecipe, type Recipe, withControl, withMethod } from '../formats/recipe.ts';
import { checkRecipe } from '../formats/recipe-check.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { metadata } from '../methods/metadata.ts';
import { openBackend } from './backend.ts';
import { createEvaluator } from './evaluator.ts';
import { createMerger } from './merger.ts';
import { disposeNetworks } from './networks.ts';
import { tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo, tableOf } from './zoo.ts';

const { card, read } = tinyZoo();
const zoo = openZoo(card, read);
const deeper = metadata.methods.find(({ changesDepth }) => changesDepth)?.id ?? '';
const alone = withExperts(openingRecipe(card, metadata), ['digits'], metadata, card);
const stacked = (recipe: Recipe, controls: Readonly<Record<string, number>>) =>
  Object.entries(controls).reduce(
    (own, [control, value]) => withControl(own, metadata, { method: deeper, control }, value),
    withMethod(recipe, metadata, deeper),
  );

beforeAll(async () => {
  await openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['wasm'] });
});

it('a network of another depth is evaluated as such, and one of the family’s depth again after it', async () => {
  const merger = createMerger(zoo, () => 0);
  const evaluator = createEvaluator(zoo);
  const slice = { task: 'digits', split: 'test', from: 0, to: 32 } as const;
  evaluator.use({ weights: await zoo.model('digits') });
  const own = await evaluator.count(slice);
  const merged = await merger.merge(stacked(alone, { slices: 2, overlap: 1, scale: 0 }));
  const { blocks } = merged;
  expect(blocks).toBe(card.model.blocks + 1);
  const networks = await merger.readAll(merged);
  expect(networks.weights.length).toBe(tableOf(card, blocks).reduce((sum, { length }) => sum + length, 0));
  // What is repeated does nothing at a scale of 0.
  evaluator.use(networks);
  const repeated = await evaluator.count(slice);
  expect(repeated.correct).toBe(own.correct);
  expect(repeated.loss).toBeCloseTo(own.loss ?? 0, 3);
  evaluator.use({ weights: await zoo.model('digits') });
  expect(await evaluator.count(slice)).toEqual(own);
  disposeNetworks(merged);
  evaluator.dispose();
  merger.dispose();
});

it('cannot be followed by a step that compares it with the base', () => {
  const post = { id: 'after', kind: 'post', name: 'After', controls: {}, needs: { experts: { min: 1 } } };
  const catalogue = { ...metadata, methods: [...metadata.methods, post as never] };
  const recipe = withMethod(stacked(alone, {}), catalogue, 'after');
  expect(checkRecipe(recipe, catalogue, card)).toMatch(/changes the depth of the network, so After cannot/);
});
