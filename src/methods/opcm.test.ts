import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { distance, gaussianMatrix, lengthOf, mergedChange } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

it('keeps the mean length of the experts’ changes after every arrival', async () => {
  for (const arrived of [1, 2, 3]) {
    const merged = await mergedChange('opcm', three, { arrived });
    const mean = three.slice(0, arrived).reduce((sum, each) => sum + lengthOf(each), 0) / arrived;
    expect(Math.abs(lengthOf(merged) - mean)).toBeLessThan(10 * TOLERANCE);
  }
});

it('adds to the first only what is orthogonal to it', async () => {
  const [first, second] = three as [(typeof three)[number], (typeof three)[number]];
  const merged = await mergedChange('opcm', [first, second], { alpha: 0 });
  // M₂ is M₁ + τ̃ up to a factor: its part along M₁ tells that factor, and the rest is τ̃.
  const along = merged.values.reduce((sum, value, i) => sum + value * (first.values[i] as number), 0);
  const factor = along / lengthOf(first) ** 2;
  const added = { ...first, values: merged.values.map((value, i) => value / factor - (first.values[i] as number)) };
  const inner = added.values.reduce((sum, value, i) => sum + value * (second.values[i] as number), 0);
  // Blocked is the diagonal in the first one's basis, so what is left of the second is a projection of it.
  expect(Math.abs(inner - lengthOf(added) ** 2)).toBeLessThan(1e-3);
});

it('leaves a newcomer as it is whose directions the merged change does not touch', async () => {
  const corner = (at: number) =>
    Float64Array.from({ length: 16 }, (_, i) =>
      Math.floor(i / 8) === at && Math.floor((i % 4) / 2) === at ? 1 + i : 0,
    );
  const [a, b] = [0, 1].map((at) => ({ rows: 4, cols: 4, values: corner(at) })) as [
    (typeof three)[number],
    (typeof three)[number],
  ];
  const merged = await mergedChange('opcm', [a, b], { alpha: 0.99 });
  const sum = a.values.map((value, i) => value + (b.values[i] as number));
  const scale = (lengthOf(a) + lengthOf(b)) / 2 / Math.hypot(...sum);
  expect(
    distance(
      merged.values,
      sum.map((value) => value * scale),
    ),
  ).toBeLessThan(TOLERANCE);
});

it('depends on the order', async () => {
  const merged = await mergedChange('opcm', three);
  expect(distance(merged.values, (await mergedChange('opcm', [...three].reverse())).values)).toBeGreaterThan(0.1);
});
