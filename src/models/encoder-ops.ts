/**
 * Attention and layer normalisation of a transformer encoder. Both are compositions of TensorFlow.js operations, which every
 * backend has and which have gradients; where the backend in use has a kernel of its own for them (engine/backend-kernels.ts)
 * and no gradient is asked for, that one runs instead, several times as fast.
 */
import * as tf from '@tensorflow/tfjs-core';

export const ATTENTION_KERNEL = 'EncoderAttention';
export const LAYER_NORM_KERNEL = 'EncoderLayerNorm';

const NORM_EPSILON = 1e-5;

export interface Heads {
  readonly heads: number;
  /** Rows that attend to each other: those of one image or sequence. */
  readonly tokens: number;
}

/** A kernel of the backend in use that may run now: kernels of our own have no gradient. */
function hasKernel(name: string): boolean {
  const { state } = tf.engine();
  return state.gradientDepth === 0 && tf.getKernel(name, tf.getBackend()) !== undefined;
}

/**
 * softmax(q·kᵀ/√width)·v for every head, with width = dim / heads.
 * @param q, k, v [sequences · tokens, dim], heads side by side
 * @returns [sequences · tokens, dim]
 */
export function attend(q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, { heads, tokens }: Heads): tf.Tensor2D {
  const [rows, dim] = q.shape;
  const width = dim / heads;
  // The kernel works in tiles of 4 × 8.
  if (tokens % 8 === 0 && width % 8 === 0 && hasKernel(ATTENTION_KERNEL))
    return tf.engine().runKernel(ATTENTION_KERNEL, { q, k, v }, { heads, tokens }) as tf.Tensor2D;
  const cut = (part: tf.Tensor2D) => tf.reshape(part, [rows / tokens, tokens, heads, width]);
  // [sequences, heads, tokens, width]: one batched product serves every head.
  const scaled = tf.mul(tf.transpose(cut(q), [0, 2, 1, 3]), 1 / Math.sqrt(width));
  // Keys go straight to [sequences, heads, width, tokens]: matMul's own transpose flag is 10–20 times slower on WebAssembly.
  const scores = tf.matMul(scaled, tf.transpose(cut(k), [0, 2, 3, 1]));
  const mixed = tf.matMul(tf.softmax(scores), tf.transpose(cut(v), [0, 2, 1, 3]));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows, dim]);
}

/**
 * (x − mean)/√(variance + 1e-5)·weight + bias, row by row.
 * @param x [rows, dim]
 * @param weight, bias [dim]
 */
export function layerNorm(x: tf.Tensor2D, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor2D {
  if (x.shape[1] % 4 === 0 && hasKernel(LAYER_NORM_KERNEL))
    return tf.engine().runKernel(LAYER_NORM_KERNEL, { x, weight, bias }, { epsilon: NORM_EPSILON }) as tf.Tensor2D;
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const unit = tf.mul(centred, tf.rsqrt(tf.add(variance, NORM_EPSILON)));
  return tf.add(tf.mul(unit, weight), bias);
}
