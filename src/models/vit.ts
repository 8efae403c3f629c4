/**
 * A small pre-norm vision transformer over patches (Dosovitskiy et al. 2021, without the class token: features are the mean
 * over tokens) with cosine classifiers as heads. Pure functions over named tensors; names follow PyTorch habits.
 */
import * as tf from '@tensorflow/tfjs-core';
import { attend, type Heads, layerNorm } from './encoder-ops.ts';
import { linear } from './linear.ts';
import { get, type Weights } from './weights.ts';

export interface VitConfig {
  readonly architecture: 'vit';
  /** Side of the square grey image, in pixels. */
  readonly imageSize: number;
  /** Side of a square patch, in pixels; divides imageSize. */
  readonly patchSize: number;
  readonly dim: number;
  readonly blocks: number;
  readonly heads: number;
  /** Width of the hidden layer of each MLP. */
  readonly hidden: number;
  /** Cosine heads multiply the cosine by this before the softmax. */
  readonly logitScale: number;
}

/** Below this length a feature or prototype counts as zero, as in PyTorch's normalize. */
const LENGTH_EPSILON = 1e-12;

function norm(x: tf.Tensor2D, weights: Weights, name: string): tf.Tensor2D {
  return layerNorm(x, get(weights, `${name}.weight`), get(weights, `${name}.bias`));
}

function affine(x: tf.Tensor2D, weights: Weights, name: string, activation?: 'relu'): tf.Tensor2D {
  return linear(
    x,
    get(weights, `${name}.weight`) as tf.Tensor2D,
    get(weights, `${name}.bias`) as tf.Tensor1D,
    activation,
  );
}

/** Self-attention over `tokens` rows per image; x is [images · tokens, dim]. */
function attention(x: tf.Tensor2D, weights: Weights, name: string, heads: Heads): tf.Tensor2D {
  const part = (projection: string) => affine(x, weights, `${name}.${projection}`);
  return affine(attend(part('q'), part('k'), part('v'), heads), weights, `${name}.proj`);
}

/** Cuts [images, side · side] into patch rows [images · tokens, patch · patch], row-major in both levels. */
function patches(images: tf.Tensor2D, { imageSize, patchSize }: VitConfig): tf.Tensor2D {
  const across = imageSize / patchSize;
  const grid = tf.reshape(images, [images.shape[0] * across, patchSize, across, patchSize]);
  return tf.reshape(tf.transpose(grid, [0, 2, 1, 3]), [images.shape[0] * across * across, patchSize * patchSize]);
}

/**
 * Features of images.
 * @param images [n, imageSize²], values 0…1
 * @returns [n, dim], the mean over tokens after the final norm; not normalised
 */
export function vitFeatures(weights: Weights, images: tf.Tensor2D, config: VitConfig): tf.Tensor2D {
  return tf.tidy(() => {
    const count = images.shape[0];
    const tokens = (config.imageSize / config.patchSize) ** 2;
    const heads = { heads: config.heads, tokens };
    const embedded = affine(patches(images, config), weights, 'patch_embed');
    const placed = tf.add(tf.reshape(embedded, [count, tokens, config.dim]), get(weights, 'pos_embed'));
    let x = tf.reshape(placed, [count * tokens, config.dim]) as tf.Tensor2D;
    for (let index = 0; index < config.blocks; index++) {
      const at = `blocks.${index}`;
      x = tf.add(x, attention(norm(x, weights, `${at}.norm1`), weights, `${at}.attn`, heads));
      const inner = affine(norm(x, weights, `${at}.norm2`), weights, `${at}.mlp.fc1`, 'relu');
      x = tf.add(x, affine(inner, weights, `${at}.mlp.fc2`));
    }
    const normed = tf.reshape(norm(x, weights, 'norm'), [count, tokens, config.dim]);
    return tf.mean(normed, 1) as tf.Tensor2D;
  });
}

function unitRows(x: tf.Tensor2D): tf.Tensor2D {
  const length = tf.sqrt(tf.sum(tf.square(x), -1, true));
  return tf.div(x, tf.maximum(length, LENGTH_EPSILON));
}

/**
 * Cosine classifier: logitScale · cos(feature, prototype).
 * @param features [n, dim]
 * @param head [classes, dim], the frozen class prototypes of one task
 * @returns logits [n, classes]
 */
export function cosineLogits(
  features: tf.Tensor2D,
  head: tf.Tensor2D,
  { logitScale }: Pick<VitConfig, 'logitScale'>,
): tf.Tensor2D {
  return tf.tidy(() => tf.mul(tf.matMul(unitRows(features), tf.transpose(unitRows(head))), logitScale));
}
