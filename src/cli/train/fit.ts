/** The training loop that pre-training and fine-tuning share. */
import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../../core/random/counter.ts';
import { cosineLogits, type VitConfig, vitFeatures } from '../../models/vit.ts';
import type { Weights } from '../../models/weights.ts';
import { type AdamWOptions, createAdamW, scheduledRate } from './adamw.ts';
import { imageBatch, type Values } from './network.ts';
import type { Samples } from './samples.ts';

export interface FitOptions {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly labelSmoothing: number;
  readonly optimizer: AdamWOptions;
}

/** The name of the head among the trained values; a head that is not among them is frozen. */
export const HEAD = 'head';

/**
 * Mean cross-entropy against smoothed one-hot targets [n, classes]. A frozen head is a cosine classifier; one that is trained
 * along is linear: with cosines the first hundreds of steps learn next to nothing.
 */
function loss(
  weights: Weights,
  frozenHead: tf.Tensor2D | undefined,
  images: tf.Tensor2D,
  targets: tf.Tensor,
  config: VitConfig,
): tf.Scalar {
  const features = vitFeatures(weights, images, config);
  const logits = frozenHead
    ? cosineLogits(features, frozenHead, config)
    : tf.matMul(features, tf.transpose(weights[HEAD] as tf.Tensor2D));
  return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)));
}

function smoothedTargets(labels: number[], classes: number, smoothing: number): tf.Tensor {
  const data = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, row) => {
    data[row * classes + label] = (data[row * classes + label] as number) + 1 - smoothing;
  });
  return tf.tensor2d(data, [labels.length, classes]);
}

/**
 * Trains `values` in place; samples are visited in shuffled passes.
 * @param values the encoder's weights and, if the head is trained too, HEAD
 * @param frozenHead the head when it is not among `values`
 * @param stream names this run's random numbers
 * @returns the loss of every step
 */
export function fit(
  values: Values,
  frozenHead: tf.Tensor2D | undefined,
  samples: Samples,
  config: VitConfig,
  run: FitOptions & {
    readonly seed: number;
    readonly stream: string;
    readonly report?: (step: number, loss: number) => void;
  },
): number[] {
  const optimizer = createAdamW(run.optimizer);
  const random = randomStream(run.seed, run.stream);
  const order = Array.from(samples.labels, (_, index) => index);
  const names = [...values.keys()];
  const losses: number[] = [];
  let next = order.length;
  for (let step = 0; step < run.steps; step++) {
    if (next + run.batch > order.length) {
      random.shuffle(order);
      next = 0;
    }
    const rows = order.slice(next, next + run.batch);
    next += run.batch;
    const { value, gradients } = gradientsOf(values, names, frozenHead, samples, rows, config, run.labelSmoothing);
    optimizer.step(values, gradients, scheduledRate(run.learningRate, step, run.steps, run.warmup));
    losses.push(value);
    run.report?.(step, value);
  }
  return losses;
}

function gradientsOf(
  values: Values,
  names: readonly string[],
  frozenHead: tf.Tensor2D | undefined,
  samples: Samples,
  rows: number[],
  config: VitConfig,
  smoothing: number,
): { value: number; gradients: Map<string, Float32Array> } {
  const gradients = new Map<string, Float32Array>();
  let mean = 0;
  tf.tidy(() => {
    const images = imageBatch(samples, rows);
    const inputs = [...values.values()].map(({ shape, data }) => tf.tensor(data, [...shape]));
    const classes = frozenHead ? frozenHead.shape[0] : (values.get(HEAD)?.shape[0] ?? 0);
    const targets = smoothedTargets(
      rows.map((row) => samples.labels[row] as number),
      classes,
      smoothing,
    );
    const withGradients = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
      const weights = Object.fromEntries(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
      return loss(weights, frozenHead, images, targets, config);
    });
    const { value, grads } = withGradients(inputs);
    grads.forEach((gradient, i) => {
      gradients.set(names[i] as string, gradient.dataSync() as Float32Array);
    });
    mean = value.dataSync()[0] as number;
  });
  return { value: mean, gradients };
}

/** At most `points` values of a curve, each the mean of the steps around it. */
export function thinned(losses: readonly number[], points: number): { step: number; loss: number }[] {
  const width = Math.max(1, Math.ceil(losses.length / points));
  const curve: { step: number; loss: number }[] = [];
  for (let from = 0; from < losses.length; from += width) {
    const part = losses.slice(from, from + width);
    const mean = part.reduce((sum, loss) => sum + loss, 0) / part.length;
    curve.push({ step: from + part.length, loss: Math.round(mean * 1e4) / 1e4 });
  }
  return curve;
}
