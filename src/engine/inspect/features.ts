/** What a network makes of samples, before any head. */
import * as tf from '@tensorflow/tfjs-core';
import { featuresOf } from '../../models/architecture.ts';
import type { Zoo } from '../zoo.ts';

/** As many samples at once as the evaluator takes. */
const BATCH = 64;

/** Features of the first `count` test samples of a task, [count, dim] row-major. */
export async function representation(
  zoo: Zoo,
  weights: Float32Array,
  task: string,
  count: number,
): Promise<Float32Array> {
  const { images } = await zoo.samples(task, 'test', 0, count);
  const pixels = images.length / count;
  const { dim } = zoo.card.model;
  const out = new Float32Array(count * dim);
  const named = Object.fromEntries(
    zoo.table.map(({ name, shape, start, length }) => [
      name,
      tf.tensor(weights.subarray(start, start + length), [...shape]),
    ]),
  );
  try {
    for (let from = 0; from < count; from += BATCH) {
      const size = Math.min(BATCH, count - from);
      const features = tf.tidy(() =>
        featuresOf(
          named,
          tf.tensor2d(images.subarray(from * pixels, (from + size) * pixels), [size, pixels]),
          zoo.card.model,
        ),
      );
      out.set(await features.data(), from * dim);
      features.dispose();
    }
  } finally {
    tf.dispose(named);
  }
  return out;
}
