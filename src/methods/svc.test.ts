import * as tf from '@tensorflow/tfjs-core';
import { bareContext } from './testing/context.testing.ts';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import svc from './svc.ts';
import { distance, gaussianMatrix, meanMatrix } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

const linear = { name: 'w', role: 'linear', group: 'mlp', depth: 0, shape: [9, 6], start: 0, length: 54 } as const;
async function calibrated(change: Float64Array, experts: typeof three, alpha: number): Promise<Float32Array> {
  const tensor = (values: Float64Array) => tf.tensor2d(Float32Array.from(values), [9, 6]);
  const vectors = experts.map(({ values }) => tensor(values));
  const piece = { start: 0, length: 54, tensors: [linear] };
  const input = { piece, base: tf.zeros([9, 6]), experts: vectors, taskVectors: vectors, globals: undefined };
  return (await (await svc.edit(tensor(change), input, { alpha }, bareContext)).data()) as Float32Array;
}

const [one] = three as [(typeof three)[number]];

it('gives a single expert back whatever it was scaled by, from α on', async () => {
  for (const c of [0.5, 1, 3]) {
    expect(
      distance(
        await calibrated(
          one.values.map((value) => c * value),
          [one],
          0.4,
        ),
        one.values,
      ),
    ).toBeLessThan(TOLERANCE);
  }
  // Below α it grows only to c/α.
  const small = one.values.map((value) => 0.1 * value);
  const wanted = one.values.map((value) => 0.25 * value);
  expect(distance(await calibrated(small, [one], 0.4), wanted)).toBeLessThan(TOLERANCE);
});

it('shrinks everything alike where α is above all shares', async () => {
  const tenth = meanMatrix(three).map((value) => value / 10);
  const wanted = tenth.map((value) => value / 0.9);
  expect(distance(await calibrated(tenth, three, 0.9), wanted)).toBeLessThan(TOLERANCE);
});

it('counts directions that all share once', async () => {
  const sum = one.values.map((value) => 3 * value);
  expect(distance(await calibrated(sum, [one, one, one], 0.1), one.values)).toBeLessThan(TOLERANCE);
});
