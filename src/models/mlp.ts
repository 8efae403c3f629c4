/**
 * A multilayer perceptron: every layer is affine and followed by the activation; the last layer's output is the features that heads
 * read. Pure functions over named tensors; names follow PyTorch habits (`layers.0.weight` is [width, inputs]).
 */
import * as tf from '@tensorflow/tfjs-core';
import { linear } from './linear.ts';
import { get, type Weights } from './weights.ts';

export interface MlpConfig {
  readonly architecture: 'mlp';
  /** Numbers that one sample has. */
  readonly inputs: number;
  /** Outputs of each layer, from the input on. */
  readonly widths: readonly number[];
  /** Number of layers: `widths.length`. */
  readonly blocks: number;
  /** Number of features: the last width. */
  readonly dim: number;
  readonly activation: 'relu' | 'gelu';
  /** 'linear': weight · feature + bias; 'cosine': as the vision transformer's. */
  readonly classifier: 'linear' | 'cosine';
  /** Of cosine heads. */
  readonly logitScale: number;
}

/** x · Φ(x), the exact form that PyTorch uses by default. */
function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/**
 * Features of samples.
 * @param samples [n, inputs]
 * @returns [n, dim]
 */
export function mlpFeatures(weights: Weights, samples: tf.Tensor2D, { widths, activation }: MlpConfig): tf.Tensor2D {
  return tf.tidy(() => {
    let x = samples;
    for (let index = 0; index < widths.length; index++) {
      const weight = get(weights, `layers.${index}.weight`) as tf.Tensor2D;
      const bias = get(weights, `layers.${index}.bias`) as tf.Tensor1D;
      x = activation === 'relu' ? linear(x, weight, bias, 'relu') : gelu(linear(x, weight, bias));
    }
    return x;
  });
}
