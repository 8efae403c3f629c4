/** The networks that can be run, by their architecture. */
import * as tf from '@tensorflow/tfjs-core';
import { isLinear, type ModelConfig } from './architecture-parameters.ts';
import { mlpFeatures } from './mlp.ts';
import { cosineLogits, vitFeatures } from './vit.ts';
import type { Weights } from './weights.ts';

/**
 * @param inputs [n, inputs], see `inputsOf`
 * @returns [n, dim]
 */
export const featuresOf = (weights: Weights, inputs: tf.Tensor2D, config: ModelConfig): tf.Tensor2D =>
  config.architecture === 'vit' ? vitFeatures(weights, inputs, config) : mlpFeatures(weights, inputs, config);

/**
 * @param features [n, dim]
 * @param head of one task, see `headShape`
 * @returns logits [n, classes]
 */
export function logitsOf(features: tf.Tensor2D, head: tf.Tensor2D, config: ModelConfig): tf.Tensor2D {
  if (!isLinear(config)) return cosineLogits(features, head, config);
  return tf.tidy(() => {
    const [classes] = head.shape;
    const weight = tf.slice(head, [0, 0], [classes, config.dim]);
    const bias = tf.reshape(tf.slice(head, [0, config.dim], [classes, 1]), [1, classes]);
    return tf.add(tf.matMul(features, tf.transpose(weight)), bias);
  });
}
