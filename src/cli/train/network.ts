/** Weights as typed arrays by name, their start values, and their way to and from TensorFlow.js. */
import * as tf from '@tensorflow/tfjs-core';
import { type Random, randomStream } from '../../core/random/counter.ts';
import { type Parameter, sizeOf } from '../../models/parameter.ts';
import { cosineLogits, type VitConfig, vitFeatures } from '../../models/vit.ts';
import { vitParameters } from '../../models/vit-parameters.ts';
import type { Weights } from '../../models/weights.ts';
import { PIXELS, TOP_LEVEL } from './glyphs.ts';
import type { Samples } from './samples.ts';

export interface Value {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type Values = Map<string, Value>;

/** Standard deviations of start values. Positions count about as much as contents, else the first steps see a bag of patches. */
const POSITION_SPREAD = 0.7;
const HEAD_SPREAD = 0.1;
/** The patch embedding starts as if pixels were (grey − MEAN_GREY) · CONTRAST: near zero mean and unit variance. */
const MEAN_GREY = 0.25;
const CONTRAST = 4;
/** Images per forward pass when measuring: the batch of the page and of the command line. */
export const MEASURING_BATCH = 64;

function startValues({ name, shape, role }: Parameter, random: Random): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  if (role === 'bias' || (role === 'norm' && name.endsWith('.bias'))) return data;
  if (role === 'norm') return data.fill(1);
  if (name === 'pos_embed') return data.map(() => POSITION_SPREAD * random.normal());
  const spread = (name === 'patch_embed.weight' ? CONTRAST : 1) / Math.sqrt(shape[1] ?? 1);
  return data.map(() => spread * random.normal());
}

export function initialValues(config: VitConfig, seed: number): Values {
  const values: Values = new Map(
    vitParameters(config).map((row) => [
      row.name,
      { shape: row.shape, data: startValues(row, randomStream(seed, `start/${row.name}`)) },
    ]),
  );
  const bias = values.get('patch_embed.bias')?.data;
  const weight = values.get('patch_embed.weight')?.data;
  const pixels = config.patchSize ** 2;
  weight?.forEach((w, i) => {
    const row = Math.floor(i / pixels);
    if (bias) bias[row] = (bias[row] as number) - MEAN_GREY * w;
  });
  return values;
}

export function randomHead(classes: number, dim: number, seed: number): Value {
  const random = randomStream(seed, 'start/head');
  return { shape: [classes, dim], data: new Float32Array(classes * dim).map(() => HEAD_SPREAD * random.normal()) };
}

export function toTensors(values: Values): Weights {
  return Object.fromEntries([...values].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]));
}

export function disposeTensors(weights: Weights): void {
  for (const tensor of Object.values(weights)) tensor.dispose();
}

/** Images `indices` of a set, [count, PIXELS], values 0 … 1. */
export function imageBatch({ levels }: Samples, indices: ArrayLike<number>): tf.Tensor2D {
  const pixels = new Float32Array(indices.length * PIXELS);
  for (let row = 0; row < indices.length; row++) {
    const from = (indices[row] as number) * PIXELS;
    for (let i = 0; i < PIXELS; i++) pixels[row * PIXELS + i] = (levels[from + i] as number) / TOP_LEVEL;
  }
  return tf.tensor2d(pixels, [indices.length, PIXELS]);
}

/** Visits the first `count` samples in batches of MEASURING_BATCH. */
function mapBatches(samples: Samples, count: number, run: (images: tf.Tensor2D, from: number) => void): void {
  for (let from = 0; from < count; from += MEASURING_BATCH) {
    const rows = Array.from({ length: Math.min(MEASURING_BATCH, count - from) }, (_, row) => from + row);
    tf.tidy(() => run(imageBatch(samples, rows), from));
  }
}

/** @returns [count, dim], row-major */
export function featuresOf(weights: Weights, config: VitConfig, samples: Samples, count: number): Float32Array {
  const features = new Float32Array(count * config.dim);
  mapBatches(samples, count, (images, from) =>
    features.set(vitFeatures(weights, images, config).dataSync(), from * config.dim),
  );
  return features;
}

/** How many of the first `count` samples the network labels rightly, with a frozen head. */
export function countCorrect(
  weights: Weights,
  head: Value,
  config: VitConfig,
  samples: Samples,
  count: number,
): number {
  let correct = 0;
  const prototypes = tf.tensor2d(head.data, [head.shape[0] as number, head.shape[1] as number]);
  mapBatches(samples, count, (images, from) => {
    const best = tf.argMax(cosineLogits(vitFeatures(weights, images, config), prototypes, config), 1).dataSync();
    best.forEach((label, row) => {
      if (label === samples.labels[from + row]) correct++;
    });
  });
  prototypes.dispose();
  return correct;
}
