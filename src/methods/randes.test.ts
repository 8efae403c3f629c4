import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { slotsOf } from './parts/layer-slots.ts';
import randes from './randes.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const values = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => Math.round(16 * Math.sin(seed * 13 + i * 7)) / 8);
/** Two matrices of one shape, which may change places, another one, and a vector. */
const shapes = [[4, 6], [4, 6], [3, 5], [5]];
const LENGTH = 68;
const models: Models = { shapes, base: values(1, LENGTH), experts: [2, 3, 4].map((seed) => values(seed, LENGTH)) };
const options = ['none', 'shift', 'random'].flatMap((shuffle) =>
  ['signs', 'rotation'].map((mode) => ({ shuffle, mode })),
);

describe('RanDeS', () => {
  test.each(options)('finds a single expert again: $mode, layers $shuffle', async (controls) => {
    const [only = []] = models.experts;
    const alone = { ...models, experts: [only] };
    mustAgree((await run(randes, alone, { controls: { ...controls, lambda: 1 } })).values, only, 1e-5);
  });

  test('without turning it is Task Arithmetic for every task', async () => {
    const sum = (await run(taskArithmetic, models, { controls: { lambda: [0.5, 0.5, 0.5] } })).values;
    const packs = await run(randes, models, { controls: { mode: 'identity' } });
    mustAgree(packs.values, [...sum, ...sum, ...sum], 1e-5);
  });

  test('turns only every N-th matrix: those between are plain sums', async () => {
    const sum = (await run(taskArithmetic, models, { controls: { lambda: [0.5, 0.5, 0.5] } })).values;
    const packs = (await run(randes, models, { controls: { every: 2 } })).values;
    mustAgree(packs.slice(0, 24), [...sum.slice(0, 24)], 1e-5);
    expect([...packs.slice(24, 48)]).not.toEqual([...sum.slice(24, 48)]);
    mustAgree(packs.slice(48, LENGTH), [...sum.slice(48)], 1e-5);
  });

  test('another seed gives other noise', async () => {
    const first = await run(randes, models, { seed: 1 });
    expect((await run(randes, models, { seed: 2 })).values).not.toEqual(first.values);
  });
});

describe('blocks in another order', () => {
  const matrices = ['blocks.0.q', 'blocks.0.fc', 'blocks.1.q', 'blocks.1.fc', 'blocks.2.q', 'blocks.2.fc'].map(
    (name) => ({
      name: `${name}.weight`,
      shape: name.endsWith('q') ? [4, 4] : [8, 4],
      role: 'linear' as const,
      group: 'mlp' as const,
      depth: 0,
    }),
  );

  test('shift by one block for every expert', () => {
    expect(slotsOf(matrices, 'shift', 0, 1)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(slotsOf(matrices, 'shift', 1, 1)).toEqual([2, 3, 4, 5, 0, 1]);
  });

  test('are shuffled as whole blocks, each going somewhere of its own', () => {
    for (let expert = 0; expert < 6; expert++) {
      const slots = slotsOf(matrices, 'random', expert, 1);
      expect([...slots].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(slots.filter((_, i) => i % 2 === 0).map((slot) => slot + 1)).toEqual(slots.filter((_, i) => i % 2 === 1));
    }
  });
});
