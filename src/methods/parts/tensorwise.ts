/** Weighted sums whose weights differ from tensor to tensor. */
import * as tf from '@tensorflow/tfjs-core';
import type { PlacedParameter } from '../define.ts';
import { type Stack, weightedSum } from './stack.ts';

/**
 * Like `weightedSum` with weights of its own for every tensor, over rows that are flat networks.
 * @param rows [R, n], R networks of n weights
 * @param tensors the table that cuts each row; its parts follow each other and cover it
 * @param weights by tensor, then by row
 * @returns flat [n]; one-hot weights give that row back bit for bit
 */
export function weightedSumPerTensor(
  { rows }: Stack,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
  weights: readonly (readonly number[])[],
): tf.Tensor1D {
  if (weights.length !== tensors.length) {
    throw new Error(`weightedSumPerTensor: ${weights.length} rows of weights for ${tensors.length} tensors`);
  }
  return tf.tidy(() =>
    tf.concat1d(
      tensors.map(({ start, length }, index) => {
        const part = tf.slice(rows, [0, start], [-1, length]);
        const sum = weightedSum({ kind: 'stack', shape: [length], rows: part }, weights[index] as readonly number[]);
        return sum as tf.Tensor1D;
      }),
    ),
  );
}

/**
 * The same map read backwards: ∂L/∂Λ[l, t] = ⟨∂L/∂θˡ, τₜˡ⟩, one product per tensor and task vector.
 * @param gradient ∂L/∂θ, flat [n]
 * @param vectors task vectors τₜ, flat [n] each
 * @returns [tensors, vectors], row-major
 */
export function projectPerTensor(
  gradient: Float32Array,
  tensors: readonly Pick<PlacedParameter, 'start' | 'length'>[],
  vectors: readonly Float32Array[],
): Float64Array {
  const out = new Float64Array(tensors.length * vectors.length);
  for (const [l, { start, length }] of tensors.entries()) {
    for (const [t, vector] of vectors.entries()) {
      let total = 0;
      for (let i = start; i < start + length; i++) total += (gradient[i] as number) * (vector[i] as number);
      out[l * vectors.length + t] = total;
    }
  }
  return out;
}
