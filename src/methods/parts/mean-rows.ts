/** What spectral methods do with everything that is no weight matrix: the mean of the experts' changes. */

import * as tf from '@tensorflow/tfjs-core';
import type { BaseContext } from '../context.ts';
import type { Input } from '../define.ts';
import { hostRows } from './host-rows.ts';
import type { Stack } from './stack.ts';

/**
 * Rows [θ₀, τ₁/T … τ_T/T], so that coefficients of 1 add the mean of the changes; zeros where others stay at the base.
 */
export async function meanRows(
  input: Input<unknown>,
  others: 'mean' | 'base',
  context: Pick<BaseContext, 'cache'>,
): Promise<Stack> {
  const { base } = input;
  // Kept, because cutting and reading every expert's tensors takes longer than all the rest.
  const changes = await context.cache('task vectors over their number', async () => {
    const vectors = await hostRows(input.taskVectors);
    const all = new Float32Array(vectors.length * base.size);
    for (const [t, vector] of vectors.entries()) {
      all.set(
        vector.map((value) => value / vectors.length),
        t * base.size,
      );
    }
    return all;
  });
  const experts = changes.length / base.size;
  const rows = tf.tidy(() => {
    const used = tf.mul(tf.tensor2d(changes, [experts, base.size]), others === 'mean' ? 1 : 0) as tf.Tensor2D;
    return tf.concat2d([tf.reshape(base, [1, base.size]) as tf.Tensor2D, used], 0);
  });
  return { kind: 'stack', shape: base.shape, rows };
}
