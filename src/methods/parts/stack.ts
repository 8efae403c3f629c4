/**
 * Rows of equal length, prepared once and combined on every drag.
 *
 * On a GPU the rows stay on the device and combining is one matrix product; elsewhere they are one typed array and
 * combining is one fused loop (a `mul` and an `add` per row and tensor would be ten times slower).
 */
import * as tf from '@tensorflow/tfjs-core';

export type Stack =
  | { readonly kind: 'stack'; readonly shape: readonly number[]; readonly rows: number; readonly device: tf.Tensor2D }
  | { readonly kind: 'stack'; readonly shape: readonly number[]; readonly rows: number; readonly host: Float32Array };

/** True where weights live in the processor's own memory, so that a fused loop beats a chain of operations. */
function onHost(): boolean {
  return tf.getBackend() !== 'webgpu';
}

/** Lays tensors of one shape out as rows. The tensors are not changed and not kept. */
export function stack(tensors: readonly tf.Tensor[]): Stack {
  const [first] = tensors;
  if (!first) throw new Error('a stack needs at least one tensor');
  const { shape, size } = first;
  const rows = tensors.length;
  if (!onHost()) {
    const device = tf.tidy(() => tf.stack(tensors.map((tensor) => tf.reshape(tensor, [size]))) as tf.Tensor2D);
    return { kind: 'stack', shape, rows, device };
  }
  const host = new Float32Array(rows * size);
  tensors.forEach((tensor, row) => {
    host.set(tensor.dataSync() as Float32Array, row * size);
  });
  return { kind: 'stack', shape, rows, host };
}

/** The same from a typed array that holds flat rows one after the other; the array then belongs to the stack. */
export function stackOf(host: Float32Array, rows: number): Stack {
  const length = host.length / rows;
  if (!Number.isInteger(length)) throw new Error(`stackOf: ${host.length} entries are not ${rows} rows`);
  if (!onHost()) return { kind: 'stack', shape: [length], rows, device: tf.tensor2d(host, [rows, length]) };
  return { kind: 'stack', shape: [length], rows, host };
}

/** The same from typed arrays of one length, which are copied. */
export function stackArrays(arrays: readonly Float32Array[]): Stack {
  const length = arrays[0]?.length ?? 0;
  const host = new Float32Array(arrays.length * length);
  arrays.forEach((array, row) => {
    if (array.length !== length)
      throw new Error(`stackArrays: row ${row} has ${array.length} entries, row 0 has ${length}`);
    host.set(array, row * length);
  });
  return stackOf(host, arrays.length);
}

/**
 * Σ_r weights[r] · row r, in the shape of the stacked tensors. Accumulates in float64 on the host. A row of weight 0 is
 * skipped and a single row of weight 1 is copied, so one-hot weights give that row back bit for bit.
 */
export function weightedSum(rows: Stack, weights: readonly number[]): tf.Tensor {
  if (weights.length !== rows.rows) throw new Error(`weightedSum: ${weights.length} weights for ${rows.rows} rows`);
  if ('device' in rows) {
    return tf.tidy(() => {
      const used = weights.flatMap((weight, row) => (weight === 0 ? [] : [{ weight, row }]));
      const [only] = used;
      if (used.length === 1 && only?.weight === 1)
        return tf.reshape(tf.slice(rows.device, [only.row, 0], [1, -1]), [...rows.shape]);
      return tf.reshape(tf.matMul(tf.tensor2d([...weights], [1, rows.rows]), rows.device), [...rows.shape]);
    });
  }
  return tf.tensor(weightedSumOnHost(rows.host, rows.rows, weights), [...rows.shape]);
}

function weightedSumOnHost(host: Float32Array, rows: number, weights: readonly number[]): Float32Array {
  const length = host.length / rows;
  const out = new Float32Array(length);
  const used = weights.flatMap((weight, row) =>
    weight === 0 ? [] : [{ weight, row: host.subarray(row * length, (row + 1) * length) }],
  );
  const [only] = used;
  if (used.length === 1 && only?.weight === 1) {
    out.set(only.row);
    return out;
  }
  accumulate(out, used);
  return out;
}

/** Block of weights that stays in the first-level cache (16 kB as float64) while every row is added to it. */
const BLOCK = 2048;

interface Weighted {
  readonly weight: number;
  readonly row: Float32Array;
}

/** Four rows at a time, so that a partial sum is read and written a quarter as often (half the time of one by one). */
function accumulate(out: Float32Array, used: readonly Weighted[]): void {
  const sum = new Float64Array(BLOCK);
  for (let start = 0; start < out.length; start += BLOCK) {
    const count = Math.min(BLOCK, out.length - start);
    sum.fill(0);
    for (let t = 0; t < used.length; t += 4) {
      const [a, b, c, d] = [used[t], used[t + 1], used[t + 2], used[t + 3]];
      if (a && b && c && d) addFour(sum, a, b, c, d, start, count);
      else for (const rest of [a, b, c]) if (rest) addOne(sum, rest, start, count);
    }
    for (let i = 0; i < count; i++) out[start + i] = sum[i] as number;
  }
}

function addOne(sum: Float64Array, { weight, row }: Weighted, start: number, count: number): void {
  // In range by the loop's own bound, here as below.
  for (let i = 0, at = start; i < count; i++, at++) sum[i] = (sum[i] as number) + weight * (row[at] as number);
}

function addFour(
  sum: Float64Array,
  a: Weighted,
  b: Weighted,
  c: Weighted,
  d: Weighted,
  start: number,
  count: number,
): void {
  const { weight: wa, row: ra } = a;
  const { weight: wb, row: rb } = b;
  const { weight: wc, row: rc } = c;
  const { weight: wd, row: rd } = d;
  for (let i = 0, at = start; i < count; i++, at++) {
    // In range by the loop's own bound.
    const four = wa * (ra[at] as number) + wb * (rb[at] as number) + wc * (rc[at] as number) + wd * (rd[at] as number);
    sum[i] = (sum[i] as number) + four;
  }
}
