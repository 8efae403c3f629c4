import * as tf from '@tensorflow/tfjs-core';
import { bareContext } from './testing/context.testing.ts';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import type { Parameter } from '../models/parameter.ts';
import type { Piece } from './define.ts';
import frank from './frank.ts';
import gradientSlerp from './gradient-slerp.ts';
import layerSwap from './layer-swap.ts';
import lines from './lines.ts';
import { g1 } from './parts/g1.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { completeControls, type Models, run } from './testing/run.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Embeddings, four blocks of one matrix each, the final norm: G1 in every place. */
const table: readonly Parameter[] = [
  { name: 'patch_embed.weight', role: 'embedding', group: 'embedding', depth: 0, shape: [2, 4] },
  ...[0, 1, 2, 3].map(
    (block): Parameter => ({
      name: `blocks.${block}.norm1.weight`,
      role: 'norm',
      group: 'norm',
      depth: block / 3,
      shape: [2, 4],
    }),
  ),
  { name: 'norm.weight', role: 'norm', group: 'norm', depth: 1, shape: [2, 4] },
];

const piece: Piece = {
  start: 0,
  length: 8 * table.length,
  tensors: table.map((parameter, i) => ({ ...parameter, start: 8 * i, length: 8 })),
};

const everywhere = (values: readonly number[]) => tf.tensor1d(table.flatMap(() => [...values]));

function input(experts: number) {
  const base = everywhere(g1.base);
  const ends = g1.experts.slice(0, experts).map(everywhere);
  return { piece, base, experts: ends, taskVectors: ends.map((end) => tf.sub(end, base)), globals: undefined };
}

test('LiNeS: the golden line after TIES’ mean on G1, α outside the blocks', async () => {
  const ties = [1.15, -0.5, 0, 1.6, 2.133333, -1.1, -0.55, -0.5].map((value, i) => value - (g1.base[i] ?? 0));
  const change = everywhere(ties);
  const edited = await lines.edit(change, input(3), { beta: 0.5, choice: 'formula', alpha: 0 }, bareContext);
  const alpha = 0.432941;
  const scales = [alpha, alpha, 0.599608, 0.766275, 0.932941, alpha];
  mustAgree(
    await edited.data(),
    scales.flatMap((scale) => ties.map((value) => scale * value)),
    2e-6,
  );
});

test('LiNeS: nothing stays nothing', async () => {
  const edited = await lines.edit(
    tf.zeros([piece.length]),
    input(3),
    { beta: 0.5, choice: 'formula', alpha: 0 },
    bareContext,
  );
  expect((await edited.data()).every((value) => value === 0)).toBe(true);
});

/** Blocks as the tests' own tables have them: one tensor each. */
const blocks = (count: number): Models => ({
  shapes: Array.from({ length: count }, () => [2, 4]),
  base: Array.from({ length: count }, () => g1.base).flat(),
  experts: [g1.experts[0], g1.experts[1]].map((expert) => Array.from({ length: count }, () => expert).flat()),
});

test('FRANK: the golden share with w = 0.3 in the second of two blocks', async () => {
  const { values } = await run(frank, blocks(2), { controls: { prior: 'layers', alpha: Math.log(7 / 3) } });
  const share = 0.418754;
  const wanted = g1.base.map((_, i) => share * (g1.experts[0][i] ?? 0) + (1 - share) * (g1.experts[1][i] ?? 0));
  mustAgree(values.subarray(8), wanted, 1e-5);
});

test('FRANK: embeddings and the final norm are the first expert’s', async () => {
  const own = input(2);
  const prepared = await frank.prepare(own, { prior: 'none', alpha: 0 }, bareContext);
  const values = await frank.combine(prepared, { prior: 'none', alpha: 0 }, 0).data();
  mustAgree(values.subarray(0, 8), g1.experts[0], 0);
  mustAgree(values.subarray(40), g1.experts[0], 0);
});

test.each([
  { bands: { b: 1, u: 1, tb: 0, tu: 0 }, shares: [1, 0, 0, 0, 1] },
  { bands: { b: 2, u: 0, tb: 1, tu: 1 }, shares: [1, 1, 0.5, 0, 0.5] },
  { bands: { b: 0, u: 0, tb: 0, tu: 0 }, shares: [0, 0, 0, 0, 0] },
  { bands: { b: 5, u: 5, tb: 3, tu: 3 }, shares: [1, 1, 1, 1, 1] },
  { bands: { b: 1, u: 2, tb: 6, tu: 6 }, shares: [1, 0.5, 0.5, 1, 1] },
])('layer swapping with $bands takes $shares from the outer expert', async ({ bands, shares }) => {
  const { values } = await run(layerSwap, blocks(5), { controls: bands });
  const wanted = shares.flatMap((share) =>
    g1.base.map((_, i) => (1 - share) * (g1.experts[0][i] ?? 0) + share * (g1.experts[1][i] ?? 0)),
  );
  mustAgree(values, wanted, 1e-6);
});

test('layer swapping leaves embeddings and the final norm at the base where that is chosen', async () => {
  const controls = { b: 1, u: 1, tb: 0, tu: 0, m: 1, ends: 'base' } as const;
  const own = input(2);
  const values = await layerSwap.combine(await layerSwap.prepare(own, controls, bareContext), controls, 0).data();
  mustAgree(values.subarray(0, 8), g1.base, 0);
  mustAgree(values.subarray(8, 16), g1.experts[1], 0);
  mustAgree(values.subarray(40), g1.base, 0);
});

test('layer swapping refuses when no expert is left for the inner blocks', () => {
  const controls = { b: 1, u: 1, tb: 0, tu: 0, m: 2, ends: 'base' } as const;
  expect(layerSwap.check?.(controls, 2)).toContain('2 outer experts leave none');
});

test('gradient SLERP reads attention’s list at the depth of the block', async () => {
  const list = Object.fromEntries(
    Object.entries(completeControls(gradientSlerp, 2)).filter(([, value]) => typeof value === 'number'),
  );
  const parameter: Parameter = {
    name: 'blocks.1.attn.q.weight',
    role: 'linear',
    group: 'attention',
    depth: 0.375,
    shape: [2],
  };
  const own = {
    piece: { start: 0, length: 2, tensors: [{ ...parameter, start: 0, length: 2 }] },
    base: tf.tensor1d([0, 0]),
    experts: [tf.tensor1d([2, 0]), tf.tensor1d([0, 2])],
    taskVectors: [tf.tensor1d([2, 0]), tf.tensor1d([0, 2])],
    globals: undefined,
  };
  const controls = { ...list, space: 'weights' } as Parameters<typeof gradientSlerp.combine>[1];
  const values = await gradientSlerp
    .combine(await gradientSlerp.prepare(own, controls, bareContext), controls, 0)
    .data();
  // Half way between 0.5 and 0.3.
  const angle = (0.4 * Math.PI) / 2;
  mustAgree(values, [2 * Math.cos(angle), 2 * Math.sin(angle)], 1e-6);
});
