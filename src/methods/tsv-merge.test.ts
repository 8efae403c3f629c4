import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { distance, gaussianMatrix, meanMatrix, mergedChange, spectrumOf } from './testing/matrices.testing.ts';
import tsvMerge from './tsv-merge.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Entries are of size one or so; results are rounded to float32. */
const TOLERANCE = 2e-5;
const three = [1, 2, 3].map((seed) => gaussianMatrix(9, 6, seed));

it('adds experts exactly whose directions are orthogonal', async () => {
  const block = (from: number) =>
    Float64Array.from({ length: 36 }, (_, i) => {
      const inside = [Math.floor(i / 6), i % 6].every((at) => at >= from && at < from + 2);
      return inside ? 1 + (i % 5) : 0;
    });
  const changes = [0, 2, 4].map((from) => ({ rows: 6, cols: 6, values: block(from) }));
  const wanted = meanMatrix(changes).map((value) => 3 * value);
  expect(distance((await mergedChange('tsv-merge', changes)).values, wanted)).toBeLessThan(TOLERANCE);
});

it('lets copies collapse to one of rank ⌊r/T⌋', async () => {
  const [one] = three as [(typeof three)[number]];
  const spectrum = spectrumOf(await mergedChange('tsv-merge', [one, one, one]));
  const wanted = spectrumOf(one).map((value, j) => (j < 2 ? value : 0));
  expect(distance(spectrum, wanted)).toBeLessThan(TOLERANCE);
});

it('has a rank of at most all that is kept', async () => {
  const spectrum = spectrumOf(await mergedChange('tsv-merge', three, { rank: 'chosen', q: 0.2 }));
  expect(spectrum.findIndex((value) => value < TOLERANCE)).toBe(3);
});

it('tells the interference: none between orthogonal directions, more the more they overlap', () => {
  const rows = { kind: 'stack', shape: [], rows: tf.zeros<tf.Rank.R2>([1, 1]) } as const;
  const controls = { alpha: [1], rank: 'shared', q: 1 } as const;
  expect(tsvMerge.readout?.({ rows, share: 1, interference: 2 }, controls)).toEqual({
    numbers: [{ name: 'interference', value: 2 }],
  });
  expect(tsvMerge.readout?.({ rows, share: 1 }, controls)).toEqual({});
});
