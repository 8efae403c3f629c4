import * as tf from '@tensorflow/tfjs-core';
import { randomStream } from '../../core/random/counter.ts';

/**
 * Draws batches from a fixed set of rows: every row once, in a random order, before any comes again.
 * @param label names the stream of random numbers, so that two sets drawn with one seed are unrelated
 */
export function batchDrawer(count: number, size: number, seed: number, label: string): () => readonly number[] {
  const random = randomStream(seed, label);
  const wanted = Math.min(size, count);
  let waiting: number[] = [];
  return () => {
    if (waiting.length < wanted) waiting = random.shuffle(Array.from({ length: count }, (_, index) => index));
    return waiting.splice(0, wanted);
  };
}

/** The chosen rows of a matrix, [rows.length, columns]. */
export function rowsOf(matrix: tf.Tensor2D, rows: readonly number[]): tf.Tensor2D {
  return tf.tidy(() => tf.gather(matrix, tf.tensor1d([...rows], 'int32')));
}
