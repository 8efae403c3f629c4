/**
 * Rows of equal length, prepared once and combined on every drag: one matrix product, [1, rows] × [rows, n], which every backend
 * does at the speed of its memory (a `mul` and an `add` per row and tensor would be ten times slower).
 */
import * as tf from '@tensorflow/tfjs-core';

export interface Stack {
  readonly kind: 'stack';
  /** Shape of the tensors that were stacked. */
  readonly shape: readonly number[];
  /** [rows, n] */
  readonly rows: tf.Tensor2D;
}

/** Lays tensors of one shape out as rows. The tensors are not changed and not kept. */
export function stack(tensors: readonly tf.Tensor[]): Stack {
  const [first] = tensors;
  if (!first) throw new Error('a stack needs at least one tensor');
  const { shape, size } = first;
  const rows = tf.tidy(() => tf.stack(tensors.map((tensor) => tf.reshape(tensor, [size]))) as tf.Tensor2D);
  return { kind: 'stack', shape, rows };
}

/** The same from typed arrays of one length, which are copied. */
export function stackArrays(arrays: readonly Float32Array[]): Stack {
  const length = arrays[0]?.length ?? 0;
  const values = new Float32Array(arrays.length * length);
  arrays.forEach((array, row) => {
    if (array.length !== length)
      throw new Error(`stackArrays: row ${row} has ${array.length} entries, row 0 has ${length}`);
    values.set(array, row * length);
  });
  return { kind: 'stack', shape: [length], rows: tf.tensor2d(values, [arrays.length, length]) };
}

/**
 * Σ_r weights[r] · row r, in the shape of the stacked tensors, summed in float32. A single row of weight 1 is copied, so
 * one-hot weights give that row back bit for bit.
 */
export function weightedSum({ rows, shape }: Stack, weights: readonly number[]): tf.Tensor {
  const [count] = rows.shape;
  if (weights.length !== count) throw new Error(`weightedSum: ${weights.length} weights for ${count} rows`);
  return tf.tidy(() => {
    const used = weights.flatMap((weight, row) => (weight === 0 ? [] : [{ weight, row }]));
    const [only] = used;
    if (used.length === 1 && only?.weight === 1) return tf.reshape(tf.slice(rows, [only.row, 0], [1, -1]), [...shape]);
    const sum = tf.reshape(tf.matMul(tf.tensor2d([...weights], [1, count]), rows), [...shape]);
    // WebAssembly refuses a bias whose data was not made with rank 1, whatever shape it has been given since: a copy has it.
    return shape.length === 1 ? tf.slice(sum, 0) : sum;
  });
}

/** [base, …changes] as rows for θ₀ + Σ_t λ_t · change_t, in the shape of the base, which stays where it lives. */
export function stackOnBase(base: tf.Tensor, changes: readonly Float64Array[]): Stack {
  const values = new Float32Array(changes.length * base.size);
  for (const [row, change] of changes.entries()) values.set(change, row * base.size);
  const rows = tf.tidy(() => {
    const below = tf.tensor2d(values, [changes.length, base.size]);
    return tf.concat([tf.reshape(base, [1, base.size]) as tf.Tensor2D, below], 0);
  });
  return { kind: 'stack', shape: base.shape, rows };
}
