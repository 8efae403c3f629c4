import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { shares } from './iso-cts.ts';
import { distance, gaussianMatrix, mergedChange, spectrumOf } from './testing/matrices.testing.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

it('is Iso-C where everything is common', async () => {
  const c = [1, 0.5, 2];
  const wanted = await mergedChange('iso-c', three, { c });
  expect(distance((await mergedChange('iso-cts', three, { c, f: 1 })).values, wanted.values)).toBeLessThan(TOLERANCE);
  // Two directions of six are left: a third of them rounds to one for each expert at 0.5, to none at 0.9.
  expect(distance((await mergedChange('iso-cts', three, { c, f: 0.9 })).values, wanted.values)).toBeLessThan(TOLERANCE);
});

it.each([
  [9, 6],
  [6, 9],
  [8, 8],
])('makes all directions of a %i × %i matrix equally strong', async (rows, cols) => {
  const changes = [1, 2].map((seed) => gaussianMatrix(rows, cols, seed));
  const spectrum = spectrumOf(await mergedChange('iso-cts', changes, { f: 0.5 }));
  expect((spectrum[0] as number) - (spectrum.at(-1) as number)).toBeLessThan(TOLERANCE);
});

it('divides directions as the official code, halves to even', () => {
  expect(shares(64, 8, 0.8)).toEqual({ common: 48, each: 2 });
  // 20 / 8 = 2.5 → 2 and 28 / 8 = 3.5 → 4.
  expect(shares(40, 8, 0.5)).toEqual({ common: 24, each: 2 });
  expect(shares(56, 8, 0.5)).toEqual({ common: 24, each: 4 });
  // 2.67 would round to more than there is.
  expect(shares(8, 3, 0)).toEqual({ common: 2, each: 2 });
});

it('gives changes of low rank no direction that is in none of them', async () => {
  const changes = [1, 2].map((seed) => gaussianMatrix(9, 6, seed, 1));
  const spectrum = spectrumOf(await mergedChange('iso-cts', changes));
  expect(spectrum.slice(2).every((value) => value < TOLERANCE)).toBe(true);
});
