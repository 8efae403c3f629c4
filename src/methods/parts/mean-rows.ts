/** What spectral methods do with everything that is no weight matrix: the mean of the experts' changes. */
import * as tf from '@tensorflow/tfjs-core';
import type { Input } from '../define.ts';
import type { Stack } from './stack.ts';

/**
 * Rows [θ₀, τ₁/T … τ_T/T], so that coefficients of 1 add the mean of the changes; zeros where others stay at the base.
 */
export function meanRows({ base, taskVectors }: Input<unknown>, others: 'mean' | 'base'): Stack {
  const share = others === 'mean' ? 1 / taskVectors.length : 0;
  const flat = (tensor: tf.Tensor) => tf.reshape(tensor, [tensor.size]) as tf.Tensor1D;
  const rows = tf.tidy(() => {
    const changes = tf.mul(tf.stack(taskVectors.map(flat)) as tf.Tensor2D, share);
    return tf.concat2d([tf.expandDims(flat(base), 0) as tf.Tensor2D, changes as tf.Tensor2D], 0);
  });
  return { kind: 'stack', shape: base.shape, rows };
}
