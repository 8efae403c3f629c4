import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { coefficientsOf, withCoefficients } from '../formats/coefficients.ts';
import { openingRecipe, type Recipe, withControl, withLayerGroups, withMethod } from '../formats/recipe.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { controlsByGroup, groupOfTensor, spreadControls } from '../formats/spread-controls.ts';
import { metadata } from '../methods/metadata.ts';
import taskArithmetic from '../methods/task-arithmetic.ts';
import { openBackend } from './backend.ts';
import { combineSpread } from './grouped-combine.ts';
import { createMerger, type Merger } from './merger.ts';
import { inputFor, piecesFor } from './pieces.ts';
import { tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo } from './zoo.ts';

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const COUNTS = [2, 3] as const;

function setting() {
  const { card, read } = tinyZoo();
  const zoo = openZoo(card, read);
  const opening = openingRecipe(card, metadata);
  return { card, zoo, merger: createMerger(zoo, () => 0), opening };
}

const weighted = (recipe: Recipe) =>
  withControl(
    withMethod(recipe, metadata, 'ties'),
    metadata,
    { method: 'ties', control: 'weighting' },
    'before-election',
  );

/** Chains whose merge has coefficients that groups divide: all at once, elected, divided by their sum, after a random drop. */
const DIVISIBLE: Readonly<Record<string, (recipe: Recipe) => Recipe>> = {
  'task arithmetic': (recipe) => recipe,
  'weighted TIES': weighted,
  'weight averaging': (recipe) => withMethod(recipe, metadata, 'weight-average'),
  'DARE-linear': (recipe) => withMethod(recipe, metadata, 'dare-linear'),
};

const set = (recipe: Recipe, values: readonly number[]) => withCoefficients(recipe, metadata, values);

async function merged(merger: Merger, recipe: Recipe): Promise<Float32Array> {
  const { weights } = await merger.merge(recipe);
  const values = await merger.read(weights);
  weights.dispose();
  return values;
}

/** Of each tensor the weights of the network that its group names. */
function patchwork(
  { zoo }: Pick<ReturnType<typeof setting>, 'zoo'>,
  groups: number,
  networks: readonly Float32Array[],
): Float32Array {
  const out = new Float32Array(zoo.length);
  for (const row of zoo.table) {
    const from = networks[groupOfTensor(row, zoo.card.model.blocks, groups)] as Float32Array;
    out.set(from.subarray(row.start, row.start + row.length), row.start);
  }
  return out;
}

describe('parameters in groups of layers', () => {
  it('are contiguous from input to output, embeddings first and the final norm last, with no group empty', () => {
    const { zoo } = setting();
    for (const groups of [1, 2, 3]) {
      const found = zoo.table.map((row) => groupOfTensor(row, zoo.card.model.blocks, groups));
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect(new Set(found).size).toBe(groups);
      expect([found[0], found.at(-1)]).toEqual([0, groups - 1]);
    }
  });
});

describe.each(['cpu', 'wasm'] as const)('merging groups of layers on %s', (backend) => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: [backend] });
  });

  describe.each(Object.entries(DIVISIBLE))('by %s', (name, make) => {
    it('equals the merge without groups, bit for bit, when all groups are equal', async () => {
      const { merger, opening } = setting();
      const plain = set(make(opening), [0.3, 0.9, 0.45]);
      const whole = await merged(merger, plain);
      for (const groups of COUNTS) {
        const recipe = withLayerGroups(plain, metadata, groups);
        expect(coefficientsOf(recipe, metadata)).toHaveLength(3 * groups);
        expect(await merged(merger, recipe)).toEqual(whole);
      }
    });

    it('takes every group’s layers from the merge with that group’s coefficients', async () => {
      const studio = setting();
      const { merger, opening } = studio;
      const plain = make(opening);
      const early = [0.3, 0.9, 0.45];
      const late = [1, 0.2, 0.7];
      const networks = [await merged(merger, set(plain, early)), await merged(merger, set(plain, late))];
      const both = early.flatMap((value, e) => [value, late[e] ?? 0]);
      const grouped = set(withLayerGroups(plain, metadata, 2), both);
      expect(await merged(merger, grouped)).toEqual(patchwork(studio, 2, networks));
      expect(await merged(merger, grouped)).not.toEqual(networks[0]);
    });

    // A random drop is another one for the expert at another place.
    if (name === 'DARE-linear') return;

    it('does not depend on the order of the experts', async () => {
      const { merger, opening } = setting();
      const grouped = set(withLayerGroups(make(opening), metadata, 2), [0.3, 1, 0.9, 0.2, 0.45, 0.7]);
      const turned = { ...grouped, experts: [...grouped.experts].reverse() };
      const backwards = set(turned, [0.45, 0.7, 0.9, 0.2, 0.3, 1]);
      const [a, b] = [await merged(merger, grouped), await merged(merger, backwards)];
      const farthest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);
      // A few roundings of float32 at weights around 1.
      expect(farthest).toBeLessThan(1e-6);
    });
  });

  it('takes an expert’s layers and the base’s others, bit for bit, at one-hot groups of task arithmetic', async () => {
    const studio = setting();
    const { zoo, merger, opening } = studio;
    for (const groups of COUNTS) {
      const recipe = withLayerGroups(opening, metadata, groups);
      for (const [e, expert] of opening.experts.entries()) {
        for (let hot = 0; hot < groups; hot++) {
          const values = coefficientsOf(recipe, metadata).map((_, i) => (i === e * groups + hot ? 1 : 0));
          const sources = await Promise.all(
            Array.from({ length: groups }, (_, group) => zoo.model(group === hot ? expert : 'base')),
          );
          expect(await merged(merger, set(recipe, values))).toEqual(patchwork(studio, groups, sources));
        }
      }
    }
  });

  it('stitches layers of different experts together', async () => {
    const studio = setting();
    const { zoo, merger, opening } = studio;
    const two = withExperts(opening, opening.experts.slice(0, 2), metadata, studio.card);
    const [a = '', b = ''] = two.experts;
    const recipe = set(withLayerGroups(two, metadata, 2), [1, 0, 0, 1]);
    const sources = [await zoo.model(a), await zoo.model(b)];
    expect(await merged(merger, recipe)).toEqual(patchwork(studio, 2, sources));
  });

  it('merges each tensor by its own coefficients where a method sees one tensor at a time', async () => {
    const { zoo, opening } = setting();
    const models = {
      base: tf.tensor1d(await zoo.model('base')),
      experts: await Promise.all(opening.experts.map(async (id) => tf.tensor1d(await zoo.model(id)))),
    };
    const step = set(withLayerGroups(opening, metadata, 2), [0.3, 1, 0.9, 0.2, 0.45, 0.7]).chain[0];
    if (!step) throw new Error('the opening recipe has a step');
    const controls = controlsByGroup(step, taskArithmetic, 2);
    const spread = spreadControls(step, metadata, taskArithmetic, { table: zoo.table, blocks: zoo.card.model.blocks });
    const prepare = (scope: 'tensor' | 'model') =>
      piecesFor(scope, zoo.table).map((piece) =>
        taskArithmetic.prepare(inputFor(models, piece, scope, undefined), { lambda: [] }, {} as never),
      );
    const run = (scope: 'tensor' | 'model') =>
      combineSpread({
        pieces: prepare(scope),
        cuts: {},
        scope,
        table: zoo.table,
        spread,
        base: models.base,
        combine: (piece, own) => taskArithmetic.combine(piece as never, own as never, 0),
      });
    const [apart, together] = [await run('tensor').data(), await run('model').data()];
    expect(apart).toEqual(together);
    expect(controls.map(({ lambda }) => lambda)).toEqual([
      [0.3, 0.9, 0.45],
      [1, 0.2, 0.7],
    ]);
  });

  it('says in which layers a merge is refused, and merges a hidden division as if there were none', async () => {
    const { merger, opening } = setting();
    const average = withLayerGroups(withMethod(opening, metadata, 'weight-average'), metadata, 2);
    await expect(merger.merge(set(average, [1, 1, 1, -0.5, 1, -0.5]))).rejects.toThrow(/^block 2: .*add up to 0/);
    const ties = withMethod(opening, metadata, 'ties');
    const hidden = withControl(
      withLayerGroups(weighted(opening), metadata, 2),
      metadata,
      { method: 'ties', control: 'weighting' },
      'none',
    );
    expect(await merged(merger, hidden)).toEqual(await merged(merger, ties));
  });

  it('leaves no tensor behind', async () => {
    const { merger, opening } = setting();
    const recipe = withLayerGroups(opening, metadata, 2);
    await merged(merger, set(recipe, [1, 0.3, 0.1, 1, 0, 1]));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await merged(merger, set(recipe, [i / 20, 0.3, 0.1, i / 20, 0, 1]));
    expect(tf.memory().numTensors).toBe(before);
    merger.dispose();
  });
});
