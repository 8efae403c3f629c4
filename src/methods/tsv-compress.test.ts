import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';

import { distance, gaussianMatrix, mergedChange } from './testing/matrices.testing.ts';
import tsvCompress from './tsv-compress.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

const controls = { alpha: 1, q: 1, rank: 'chosen' } as const;

it('gives every expert back where all directions are kept', async () => {
  const { values } = await mergedChange('tsv-compress', three, controls);
  const wanted = three.flatMap((expert) => [...expert.values]);
  expect(distance(values, wanted)).toBeLessThan(TOLERANCE);
});

it('counts 32 bits for each number of U, Σ and V', () => {
  const rows = { kind: 'stack', shape: [], rows: tf.zeros<tf.Rank.R2>([1, 1]) } as const;
  expect(tsvCompress.footprint?.({ rows, stored: 2 * (9 + 6 + 1) }, controls)).toEqual({
    shared: 0,
    perExpert: 32 * 32,
  });
});

it('is the best approximation of its rank: what is missing are the weaker directions', async () => {
  const [one] = three as [(typeof three)[number]];
  const { values } = await mergedChange('tsv-compress', [one], { ...controls, q: 0.5 });
  const rest = one.values.map((value, i) => value - (values[i] as number));
  const { spectrumOf } = await import('./testing/matrices.testing.ts');
  expect(distance(spectrumOf({ ...one, values: rest }).slice(0, 3), spectrumOf(one).slice(3))).toBeLessThan(TOLERANCE);
});
