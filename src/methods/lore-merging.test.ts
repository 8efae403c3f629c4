import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { distance, gaussianMatrix, lengthOf, meanMatrix, mergedChange } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

it('is the average at λ = 1, up to what its sweeps leave over', async () => {
  const off = async (sweeps: number) =>
    distance((await mergedChange('lore-merging', three, { sweeps, mu: 0.2 })).values, meanMatrix(three));
  expect(await off(100)).toBeLessThan(1e-3);
  expect(await off(1)).toBeGreaterThan(await off(10));
});

it('finds the base of experts with changes of low rank', async () => {
  // The base is zero: what λ = 0 leaves is the error of the estimate.
  const changes = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => gaussianMatrix(24, 18, seed, 1));
  const estimate = await mergedChange('lore-merging', changes, { lambda: 0, mu: 0.02, sweeps: 100 });
  const average = { ...estimate, values: meanMatrix(changes) };
  expect(lengthOf(estimate)).toBeLessThan(0.2 * lengthOf(average));
});

it('adds nothing where the threshold is above all singular values of every expert', async () => {
  const alike = [three[0], three[0]].map((each) => each as (typeof three)[number]);
  const merged = await mergedChange('lore-merging', alike, { lambda: 3 });
  expect(distance(merged.values, meanMatrix(alike))).toBeLessThan(TOLERANCE);
});
