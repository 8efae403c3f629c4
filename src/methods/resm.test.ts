import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { rowWeights } from './resm.ts';
import { distance, gaussianMatrix, mergedChange } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

it('is TSV-Merge without reweighting', async () => {
  const wanted = await mergedChange('tsv-merge', three, { alpha: [1, 0.5, 1.5] });
  const got = await mergedChange('resm', three, { alpha: [1, 0.5, 1.5], s: 0 });
  expect(distance(got.values, wanted.values)).toBeLessThan(TOLERANCE);
});

it('has row weights that add up to the number of experts, and are one for experts alike', () => {
  const changes = three.map(({ values }) => Float32Array.from(values));
  for (const z of [0, 1, 3]) {
    const weights = rowWeights(changes, 9, z);
    for (let p = 0; p < 9; p++) expect(weights.reduce((sum, own) => sum + (own[p] as number), 0)).toBeCloseTo(3, 10);
    const same = rowWeights([changes[0], changes[0]] as Float32Array[], 9, z);
    expect(same.every((own) => own.every((weight) => Math.abs(weight - 1) < 1e-12))).toBe(true);
  }
});

it('judges by outliers where every expert has them', () => {
  // One entry of ten stands out in both rows; the rest of the second is larger, which does not count.
  const row = (rest: number, outlier: number) =>
    Float32Array.from({ length: 16 }, (_, i) => (i === 0 ? outlier : rest));
  const [a, b] = rowWeights([row(0, 9), row(0.5, 3)], 1, 3) as [Float64Array, Float64Array];
  expect([a[0], b[0]]).toEqual([1.5, 0.5]);
});
