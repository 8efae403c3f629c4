import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { distance, gaussianMatrix, meanMatrix, mergedChange, spectrumOf } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

const nuclear = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

it('keeps the nuclear norm of an expert’s change, with no fewer directions for a larger η', async () => {
  const [one] = three as [(typeof three)[number]];
  let before = 1;
  for (const eta of [0, 10, 40, 70, 99, 100]) {
    const spectrum = spectrumOf(await mergedChange('star', [one], { eta }));
    expect(Math.abs(nuclear(spectrum) - nuclear(spectrumOf(one)))).toBeLessThan(10 * TOLERANCE);
    const rank = spectrum.filter((value) => value > TOLERANCE).length;
    expect(rank).toBeGreaterThanOrEqual(before);
    before = rank;
  }
  expect(before).toBe(6);
});

it('is weight averaging at 100 %', async () => {
  expect(distance((await mergedChange('star', three, { eta: 100 })).values, meanMatrix(three))).toBeLessThan(TOLERANCE);
});

it('keeps one direction of each expert at 0 %', async () => {
  const spectrum = spectrumOf(await mergedChange('star', three, { eta: 0 }));
  expect(spectrum.filter((value) => value > TOLERANCE).length).toBe(3);
});
