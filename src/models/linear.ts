import * as tf from '@tensorflow/tfjs-core';

/**
 * y = x · Wᵀ + b, optionally followed by ReLU.
 *
 * The built-in gradient of matMul asks for transposed products, which are 10–20 times slower than an explicit transpose on
 * WebAssembly; this one transposes by hand, in the forward pass and in the gradient.
 * @param x [rows, in]
 * @param weight [out, in]
 * @param bias [out]
 * @returns [rows, out]
 */
export function linear(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, activation?: 'relu'): tf.Tensor2D {
  const run = tf.customGrad((...inputs) => {
    const [a, w, b, save] = inputs as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D, tf.GradSaveFunc];
    const value = tf.fused.matMul({ a, b: tf.transpose(w), bias: b, activation: activation ?? 'linear' });
    save([a, w, value]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedX, savedW, y] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
        const delta = (activation === 'relu' ? tf.mul(dy, tf.step(y)) : dy) as tf.Tensor2D;
        return [tf.matMul(delta, savedW), tf.matMul(tf.transpose(delta), savedX), tf.sum(delta, 0)];
      },
    };
  });
  return run(x, weight, bias) as tf.Tensor2D;
}
