/** The training of the zoo in miniature: the same loop on a tiny network and the committed samples, no typefaces needed. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { openBackend } from '../../engine/backend.ts';
import { parseCard } from '../../formats/card.ts';
import { decodeSamples } from '../../formats/samples.ts';
import type { VitConfig } from '../../models/vit.ts';
import { ADAMW } from './adamw.ts';
import { fit, HEAD } from './fit.ts';
import { PIXELS, TOP_LEVEL } from './glyphs.ts';
import { initialValues, randomHead, type Values } from './network.ts';
import { type Files, packValues } from './pack.ts';
import type { Samples } from './samples.ts';

const ROOT = `${import.meta.dirname}/../../..`;
const ZOO = `${ROOT}/public/zoo/glyph-vit`;
const CONFIG: VitConfig = {
  architecture: 'vit',
  imageSize: 28,
  patchSize: 7,
  dim: 16,
  blocks: 1,
  heads: 2,
  hidden: 32,
  logitScale: 16,
};
const RUN = {
  steps: 30,
  batch: 32,
  learningRate: 1e-2,
  warmup: 3,
  labelSmoothing: 0,
  optimizer: ADAMW,
  stream: 'mini',
};

let samples: Samples;

beforeAll(async () => {
  const wasmPaths = `${ROOT}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
  await openBackend({ wasmPaths, among: ['wasm'] });
  const card = parseCard(JSON.parse(readFileSync(`${ZOO}/card.json`, 'utf8')), 'card.json');
  const [file] = card.tasks.find(({ id }) => id === 'digits')?.test.slice(1, 2) ?? [];
  if (!file) throw new Error('card.json: the task digits has no second test segment');
  const { images, labels } = decodeSamples(new Uint8Array(readFileSync(`${ZOO}/${file.file}`)), file.file, PIXELS);
  samples = {
    levels: Uint8Array.from(images, (grey) => Math.round(grey * TOP_LEVEL)),
    labels: Uint16Array.from(labels ?? []),
  };
});

function train(seed: number): { losses: number[]; digest: string } {
  const values: Values = initialValues(CONFIG, seed);
  values.set(HEAD, randomHead(10, CONFIG.dim, seed));
  const losses = fit(values, undefined, samples, CONFIG, { ...RUN, seed });
  const files: Files = new Map();
  return { losses, digest: packValues(files, 'mini', values, 'F32').sha256 };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the loss falls, the same seed gives the same bytes, another seed does not, and no tensor is left behind', () => {
  const tensors = tf.memory().numTensors;
  const first = train(1);
  expect(mean(first.losses.slice(-5))).toBeLessThan(mean(first.losses.slice(0, 5)) - 0.1);
  expect(train(1).digest).toBe(first.digest);
  expect(train(2).digest).not.toBe(first.digest);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('with a frozen head the encoder alone learns', () => {
  const values = initialValues(CONFIG, 1);
  const { shape, data } = randomHead(10, CONFIG.dim, 1);
  const before = sha256Hex(new Uint8Array(data.buffer.slice(0)));
  const head = tf.tensor2d(data, shape as [number, number]);
  const losses = fit(values, head, samples, CONFIG, { ...RUN, seed: 1 });
  head.dispose();
  expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)) - 0.1);
  expect(sha256Hex(new Uint8Array(data.buffer.slice(0)))).toBe(before);
});
