import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Curve, clampCurve, factorOf, flatCurve } from '../formats/curves.ts';
import { mergeStep, openingRecipe, type Recipe, withControl, withLayerGroups, withMethod } from '../formats/recipe.ts';
import { withCurves, withFilter } from '../formats/recipe-curves.ts';
import { withExperts } from '../formats/recipe-experts.ts';
import { spreadControls } from '../formats/spread-controls.ts';
import { passes } from '../formats/tensor-filter.ts';
import type { PlacedParameter } from '../methods/define.ts';
import { metadata } from '../methods/metadata.ts';
import { openBackend } from './backend.ts';
import { combineSpread } from './grouped-combine.ts';
import { createMerger, type Merger } from './merger.ts';
import { tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo } from './zoo.ts';

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';

function setting() {
  const { card, read } = tinyZoo();
  const zoo = openZoo(card, read);
  return { card, zoo, merger: createMerger(zoo, () => 0), opening: openingRecipe(card, metadata) };
}
type Setting = ReturnType<typeof setting>;

const weighted = (recipe: Recipe) =>
  withControl(
    withMethod(recipe, metadata, 'ties'),
    metadata,
    { method: 'ties', control: 'weighting' },
    'before-election',
  );

/** Chains of every scope and of every kind of control that a curve shapes. */
const CASES: Readonly<Record<string, { control: string; make: (recipe: Recipe, studio: Setting) => Recipe }>> = {
  'task arithmetic': { control: 'lambda', make: (recipe) => recipe },
  'weighted TIES': { control: 'weight', make: weighted },
  'TIES, λ of the whole method': { control: 'lambda', make: (recipe) => withMethod(recipe, metadata, 'ties') },
  'weight averaging': { control: 'weight', make: (recipe) => withMethod(recipe, metadata, 'weight-average') },
  'Iso-C': { control: 'lambda', make: (recipe) => withMethod(recipe, metadata, 'iso-c') },
  'DARE-linear': { control: 'lambda', make: (recipe) => withMethod(recipe, metadata, 'dare-linear') },
  SLERP: {
    control: 't',
    make: (recipe, { card }) => withMethod(withExperts(recipe, ['digits', 'kana'], metadata, card), metadata, 'slerp'),
  },
};

const curve = (points: readonly number[], groups: Partial<Curve['groups']> = {}): Curve =>
  clampCurve({ points, groups: { ...flatCurve(1).groups, ...groups } });
const CURVES = [curve([0.2, 1.4, 0.7]), curve([1], { mlp: 0.5, embedding: 1.5 }), curve([1.2, 0.4], { norm: 2 })];

async function merged(merger: Merger, recipe: Recipe): Promise<Float32Array> {
  const { weights } = await merger.merge(recipe);
  const values = await merger.read(weights);
  weights.dispose();
  return values;
}

const part = (values: Float32Array, { start, length }: PlacedParameter) => values.slice(start, start + length);

/** The recipe whose plain value is the one that its curves give a tensor. */
function plainAt(recipe: Recipe, control: string, row: PlacedParameter): Recipe {
  const { curves, method, controls } = mergeStep(recipe, metadata);
  const factors = (curves?.[control] ?? []).map((own) => factorOf(own, row));
  const value = controls[control];
  const scaled = Array.isArray(value)
    ? value.map((one, i) => one * (factors[i] ?? 1))
    : Number(value) * (factors[0] ?? 1);
  const chain = recipe.chain.map((step) => {
    const { curves: _curves, ...plain } = step;
    return step.method === method ? { ...plain, controls: { ...controls, [control]: scaled } } : step;
  });
  return { ...recipe, chain };
}

describe.each(['cpu', 'wasm'] as const)('curves and filters on %s', (backend) => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: [backend] });
  });

  describe.each(Object.entries(CASES))('by %s', (_name, { control, make }) => {
    it('give each tensor the weights of the plain merge with its own coefficients, bit for bit', async () => {
      const studio = setting();
      const recipe = withCurves(make(studio.opening, studio), metadata, control, CURVES);
      expect(mergeStep(recipe, metadata).curves?.[control]?.[0]).toEqual(CURVES[0]);
      const shaped = await merged(studio.merger, recipe);
      for (const row of studio.zoo.table.filter((_, i) => i % 3 === 0)) {
        const plain = await merged(studio.merger, plainAt(recipe, control, row));
        expect(part(shaped, row), row.name).toEqual(part(plain, row));
      }
    });

    it('equal the plain merge bit for bit where every factor is 1', async () => {
      const studio = setting();
      const plain = make(studio.opening, studio);
      // Not as a recipe holds it, where such curves are absent.
      const neutral = plain.chain.map((step) =>
        step.method === mergeStep(plain, metadata).method
          ? { ...step, curves: { [control]: plain.experts.map(() => flatCurve(4)) } }
          : step,
      );
      expect(await merged(studio.merger, { ...plain, chain: neutral })).toEqual(await merged(studio.merger, plain));
    });

    it('leave the base where the filter excludes, and the merge elsewhere', async () => {
      const studio = setting();
      const filter = { without: ['norm', 'bias'], names: 'blocks.*,!*.fc1.*' } as const;
      const plain = make(studio.opening, studio);
      const [filtered, whole] = [
        await merged(studio.merger, withFilter(plain, metadata, filter)),
        await merged(studio.merger, plain),
      ];
      const base = await studio.zoo.model('base');
      for (const row of studio.zoo.table)
        expect(part(filtered, row), row.name).toEqual(part(passes(filter, row) ? whole : base, row));
    });
  });

  it('compose with groups of layers: the group’s coefficient times the factor', async () => {
    const { merger, opening, zoo } = setting();
    const at = { method: 'task-arithmetic', control: 'lambda' };
    const grouped = withControl(withLayerGroups(opening, metadata, 2), metadata, at, [0.3, 1, 0.9, 0.2, 0.45, 0.7]);
    const shaped = await merged(merger, withCurves(grouped, metadata, 'lambda', CURVES));
    const step = mergeStep(withCurves(grouped, metadata, 'lambda', CURVES), metadata);
    const { sets, of } = spreadControls(
      step,
      metadata,
      metadata.methods.find(({ id }) => id === at.method) ?? { controls: {} },
      {
        table: zoo.table,
        blocks: zoo.card.model.blocks,
      },
    );
    for (const [i, row] of zoo.table.entries()) {
      const lambda = sets[of[i] ?? 0]?.controls.lambda ?? [];
      const plain = { ...opening, chain: [{ method: at.method, controls: { lambda } }] };
      if (i % 3 === 0) expect(part(shaped, row)).toEqual(part(await merged(merger, plain), row));
    }
  });

  it('say at which tensor a merge is refused', async () => {
    const { merger, opening } = setting();
    const average = withMethod(opening, metadata, 'weight-average');
    const nothing = [0, 1, 2].map(() => curve([1], { mlp: 0 }));
    await expect(merger.merge(withCurves(average, metadata, 'weight', nothing))).rejects.toThrow(
      /^blocks\.0\.mlp\.fc1\.weight: .*add up to 0/,
    );
  });

  it('leave no tensor behind', async () => {
    const alone = tf.memory().numTensors;
    const { merger, opening } = setting();
    const filtered = withFilter(opening, metadata, { without: ['bias'], names: '' });
    const at = (i: number) =>
      withCurves(filtered, metadata, 'lambda', [curve([i / 10, 1, 0.3]), curve([1]), curve([0, 1])]);
    // The preparation is kept, and its parts.
    await merged(merger, at(0));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await merged(merger, at(i));
    expect(tf.memory().numTensors).toBe(before);
    merger.dispose();
    expect(tf.memory().numTensors).toBe(alone);
  });
});

it('a preparation that cannot be cut is combined once for each different set of controls', async () => {
  await openBackend({ wasmPaths, among: ['cpu'] });
  const { zoo } = setting();
  const of = zoo.table.map((_, i) => (i % 5 === 0 ? -1 : i % 2));
  let combined = 0;
  const weights = combineSpread({
    pieces: [{ numbers: [1, 2, 3] }],
    cuts: {},
    scope: 'entry',
    table: zoo.table,
    spread: {
      sets: [
        { controls: { a: 1 }, first: undefined },
        { controls: { a: 2 }, first: undefined },
      ],
      of,
    },
    base: tf.zeros([zoo.length]),
    combine: (_whole, { a }) => {
      combined++;
      return tf.fill([zoo.length], Number(a));
    },
  });
  expect(combined).toBe(2);
  const values = await weights.data();
  expect(zoo.table.map(({ start }) => values[start])).toEqual(of.map((set) => set + 1));
});
