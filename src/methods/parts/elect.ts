/**
 * Sign election: at every weight the experts whose (weighted) change has the elected sign are merged, the others are left
 * out. A fused loop where weights live in the processor's own memory, tensor operations on a GPU; both give the same answer up to
 * rounding.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Flat task vectors (or the base, as the only row) where their election is fastest. */
export type Ballot =
  | { readonly kind: 'ballot'; readonly shape: readonly number[]; readonly device: tf.Tensor2D }
  | { readonly kind: 'ballot'; readonly shape: readonly number[]; readonly host: Float32Array };

/**
 * @param host rows one after the other; the array then belongs to the ballot
 * @param shape of the tensor that each row holds
 */
export function ballotOf(host: Float32Array, rows: number, shape: readonly number[]): Ballot {
  const length = host.length / rows;
  if (!Number.isInteger(length)) throw new Error(`ballotOf: ${host.length} entries are not ${rows} rows`);
  if (tf.getBackend() === 'webgpu') return { kind: 'ballot', shape, device: tf.tensor2d(host, [rows, length]) };
  return { kind: 'ballot', shape, host };
}

export interface Election {
  /** How agreeing changes are joined: Σ wτ / Σ w, Σ wτ, or the largest |wτ| with the elected sign. */
  readonly merge: 'mean' | 'sum' | 'max';
  /** Elected where the weighted changes cancel. */
  readonly zeroSign: -1 | 0 | 1;
}

/** A sum of agreeing weights below this (weights of both signs can cancel) does not divide. */
const SMALLEST_DIVISOR = 1e-8;

/**
 * Changes cancel when |Σ wτ| is at most this part of Σ |wτ|: adding eight float32 numbers errs by up to 7 · 2⁻²⁴ of it, so
 * the sign of a smaller sum would depend on the backend and on the order of the experts.
 */
export const CANCELLED = 2 ** -21;

/** @returns the merged change m, one entry per weight, in the shape of the stacked task vectors */
export function elect(rows: Ballot, weights: readonly number[], election: Election): tf.Tensor {
  if ('device' in rows)
    return tf.tidy(() => tf.reshape(electOnDevice(rows.device, weights, election), [...rows.shape]));
  return tf.tensor(electOnHost(rows.host, weights, election), [...rows.shape]);
}

/**
 * θ₀ + λ·m: `elect` and the step away from the base in one go. Where nothing is changed the base stays bit for bit.
 * @param base a ballot of one row
 */
export function electOnto(
  base: Ballot,
  rows: Ballot,
  weights: readonly number[],
  lambda: number,
  election: Election,
): tf.Tensor {
  if ('device' in rows || 'device' in base) {
    if (!('device' in rows && 'device' in base))
      throw new Error('electOnto: the base and the task vectors lie in different memories');
    return tf.tidy(() => {
      const change = tf.mul(electOnDevice(rows.device, weights, election), lambda);
      return tf.reshape(tf.add(tf.reshape(base.device, [-1]), change), [...rows.shape]);
    });
  }
  return tf.tensor(electOntoHost(base.host, rows.host, weights, lambda, election), [...rows.shape]);
}

/**
 * The same in the processor's own memory.
 * @param rows trimmed changes, one expert's after the other
 */
function electOntoHost(
  base: Float32Array,
  rows: Float32Array,
  weights: readonly number[],
  lambda: number,
  election: Election,
): Float32Array {
  const out = lambda === 0 ? new Float32Array(base.length) : electOnHost(rows, weights, election);
  for (let i = 0; i < out.length; i++) {
    // In range by the loop's own bound. −0 + 0 would be 0: an unchanged weight is copied instead.
    const change = out[i] as number;
    const start = base[i] as number;
    out[i] = change === 0 ? start : start + lambda * change;
  }
  return out;
}

function electOnDevice(rows: tf.Tensor2D, weights: readonly number[], { merge, zeroSign }: Election): tf.Tensor {
  const scale = tf.tensor2d([...weights], [weights.length, 1]);
  const weighted = tf.mul(rows, scale);
  const sum = tf.sum(weighted, 0);
  const cancels = tf.lessEqual(tf.abs(sum), tf.mul(tf.sum(tf.abs(weighted), 0), CANCELLED));
  const sign = tf.where(cancels, tf.fill(sum.shape, zeroSign), tf.sign(sum));
  const agrees = tf.greater(tf.mul(weighted, sign), 0);
  const nothing = tf.zerosLike(weighted);
  if (merge === 'max') return tf.mul(sign, tf.max(tf.where(agrees, tf.abs(weighted), nothing), 0));
  const total = tf.sum(tf.where(agrees, weighted, nothing), 0);
  if (merge === 'sum') return total;
  const divisor = tf.sum(tf.mul(tf.cast(agrees, 'float32'), scale), 0);
  return tf.div(total, tf.where(tf.less(tf.abs(divisor), SMALLEST_DIVISOR), tf.onesLike(divisor), divisor));
}

function electOnHost(host: Float32Array, weights: readonly number[], election: Election): Float32Array {
  const count = weights.length;
  const length = host.length / count;
  const scale = Float64Array.from(weights);
  const out = new Float32Array(length);
  switch (election.merge) {
    case 'mean':
      joinOnHost(host, scale, election.zeroSign, true, out);
      break;
    case 'sum':
      joinOnHost(host, scale, election.zeroSign, false, out);
      break;
    case 'max':
      largestOnHost(host, scale, election.zeroSign, out);
  }
  return out;
}

// In the loops below every index is in range by construction; `as number` only says so to the compiler.

function electedSign(sum: number, mass: number, zeroSign: number): number {
  const least = mass * CANCELLED;
  return sum > least ? 1 : sum < -least ? -1 : zeroSign;
}

/**
 * With the elected sign s, the agreeing changes add up to (s · Σ|v| + Σv) / 2, and their weights likewise: no branch depends
 * on a single expert's sign, which the processor could not predict (half the time of the plain loop).
 */
function joinOnHost(
  host: Float32Array,
  scale: Float64Array,
  zeroSign: number,
  divide: boolean,
  out: Float32Array,
): void {
  const length = out.length;
  const count = scale.length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let mass = 0;
    let weights = 0;
    let signedWeights = 0;
    for (let t = 0, at = i; t < count; t++, at += length) {
      const weight = scale[t] as number;
      const value = weight * (host[at] as number);
      const magnitude = Math.abs(value);
      sum += value;
      mass += magnitude;
      if (magnitude > 0) {
        weights += weight;
        signedWeights += weight * (value / magnitude);
      }
    }
    const sign = electedSign(sum, mass, zeroSign);
    const total = sign === 0 ? 0 : (sign * mass + sum) / 2;
    const divisor = (weights + sign * signedWeights) / 2;
    out[i] = divide && Math.abs(divisor) >= SMALLEST_DIVISOR ? total / divisor : total;
  }
}

function largestOnHost(host: Float32Array, scale: Float64Array, zeroSign: number, out: Float32Array): void {
  const length = out.length;
  const count = scale.length;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let mass = 0;
    let highest = 0;
    let lowest = 0;
    for (let t = 0, at = i; t < count; t++, at += length) {
      const value = (scale[t] as number) * (host[at] as number);
      sum += value;
      mass += Math.abs(value);
      highest = Math.max(highest, value);
      lowest = Math.min(lowest, value);
    }
    const sign = electedSign(sum, mass, zeroSign);
    out[i] = sign > 0 ? highest : sign < 0 ? lowest : 0;
  }
}

/**
 * Σ_p sgn Σ_t τ_tp over one piece: the sign of its total over all pieces is the one that official TIES elects where the
 * changes of a weight cancel.
 * @param host task vectors one after the other
 */
export function balanceOfSigns(host: Float32Array, experts: number): number {
  const length = host.length / experts;
  let balance = 0;
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let mass = 0;
    for (let t = 0, at = i; t < experts; t++, at += length) {
      const value = host[at] as number;
      sum += value;
      mass += Math.abs(value);
    }
    balance += electedSign(sum, mass, 0);
  }
  return balance;
}
