/**
 * The same answers by the plainest loops, in float64 and without a tensor library: what the fast code is checked against before
 * its clock is read.
 */
import type { VitConfig } from '../../models/vit.ts';
import { vitParameters } from '../../models/vit-parameters.ts';

/** Of one float32 rounding. */
export const F32_EPSILON = 2 ** -24;

/** θ₀ + Σ_t λ_t (θ_t − θ₀) */
export function linearMerge(
  base: Float32Array,
  experts: readonly Float32Array[],
  lambda: readonly number[],
): Float64Array {
  return Float64Array.from(base, (start, i) =>
    experts.reduce((sum, expert, t) => sum + (lambda[t] ?? 0) * ((expert[i] ?? 0) - start), start),
  );
}

export interface ElectionOptions {
  readonly density: number;
  readonly weights: readonly number[];
  readonly lambda: number;
}

/** Changes cancel when their sum is at most this part of their magnitudes, as the method says. */
const CANCELLED = 2 ** -21;

/** TIES with weights before the election and one threshold per expert; of cancelling changes the positive ones win. */
export function electedMerge(
  base: Float32Array,
  experts: readonly Float32Array[],
  options: ElectionOptions,
): Float64Array {
  const { density, weights, lambda } = options;
  const kept = experts.map((expert) => trimmed(base, expert, density));
  return Float64Array.from(base, (start, i) => {
    const votes = kept.map((change, t) => ({ weight: weights[t] ?? 0, vote: (weights[t] ?? 0) * (change[i] ?? 0) }));
    const mass = votes.reduce((sum, { vote }) => sum + Math.abs(vote), 0);
    const sign = votes.reduce((sum, { vote }) => sum + vote, 0) < -CANCELLED * mass ? -1 : 1;
    const agreeing = votes.filter(({ vote }) => vote * sign > 0);
    const total = agreeing.reduce((sum, { vote }) => sum + vote, 0);
    const divisor = agreeing.reduce((sum, { weight }) => sum + weight, 0);
    return start + (agreeing.length > 0 ? (lambda * total) / divisor : 0);
  });
}

/** The changes of float32 models, of which the k-th smallest magnitude and all above are kept: k = P − ⌊P · density⌋. */
function trimmed(base: Float32Array, expert: Float32Array, density: number): Float32Array {
  const change = expert.map((value, i) => value - (base[i] ?? 0));
  const k = change.length - Math.floor(change.length * density);
  const threshold = change.map(Math.abs).sort()[k - 1] ?? 0;
  return change.map((value) => (Math.abs(value) >= threshold ? value : 0));
}

type Rows = readonly Float64Array[];

/** Logits of one image: the vision transformer token by token. */
export function naiveLogits(
  weights: Float32Array,
  image: Float32Array,
  head: { readonly values: Float32Array; readonly shape: readonly [number, number] },
  config: VitConfig,
): Float64Array {
  const get = named(weights, config);
  const { dim, heads, patchSize, imageSize, logitScale } = config;
  const across = imageSize / patchSize;
  const position = get('pos_embed');
  const patch = (token: number) =>
    Float64Array.from({ length: patchSize ** 2 }, (_, i) => {
      const row = Math.floor(token / across) * patchSize + Math.floor(i / patchSize);
      return image[row * imageSize + (token % across) * patchSize + (i % patchSize)] ?? 0;
    });
  const linear = (x: Rows, name: string) =>
    x.map((row) =>
      Float64Array.from(get(`${name}.bias`), (bias, o) => bias + dot(get(`${name}.weight`), row, o * row.length)),
    );
  const norm = (x: Rows, name: string) =>
    x.map((row) => {
      const mean = average(row);
      const deviation = Math.sqrt(average(row.map((value) => (value - mean) ** 2)) + 1e-5);
      return row.map(
        (value, i) => ((value - mean) / deviation) * (get(`${name}.weight`)[i] ?? 0) + (get(`${name}.bias`)[i] ?? 0),
      );
    });
  const plus = (a: Rows, b: Rows) => a.map((row, t) => row.map((value, i) => value + (b[t]?.[i] ?? 0)));

  let x: Rows = linear(
    Array.from({ length: across ** 2 }, (_, token) => patch(token)),
    'patch_embed',
  );
  x = x.map((row, t) => row.map((value, i) => value + (position[t * dim + i] ?? 0)));
  for (let block = 0; block < config.blocks; block++) {
    const at = `blocks.${block}`;
    const y = norm(x, `${at}.norm1`);
    const project = (name: string) => linear(y, `${at}.attn.${name}`);
    x = plus(x, linear(attend(project('q'), project('k'), project('v'), dim / heads), `${at}.attn.proj`));
    const inner = linear(norm(x, `${at}.norm2`), `${at}.mlp.fc1`).map((row) => row.map((value) => Math.max(0, value)));
    x = plus(x, linear(inner, `${at}.mlp.fc2`));
  }
  const normed = norm(x, 'norm');
  const feature = Float64Array.from({ length: dim }, (_, i) => average(normed.map((row) => row[i] ?? 0)));
  const length = (values: ArrayLike<number>) =>
    Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
  return Float64Array.from({ length: head.shape[0] }, (_, c) => {
    const prototype = head.values.subarray(c * dim, (c + 1) * dim);
    return (logitScale * dot(prototype, feature, 0)) / (length(prototype) * length(feature));
  });
}

function named(weights: Float32Array, config: VitConfig): (name: string) => Float32Array {
  const parts = new Map<string, Float32Array>();
  let start = 0;
  for (const { name, shape } of vitParameters(config)) {
    const size = shape.reduce((a, b) => a * b, 1);
    parts.set(name, weights.subarray(start, start + size));
    start += size;
  }
  return (name) => {
    const part = parts.get(name);
    if (!part) throw new Error(`${name}: the network has no such tensor`);
    return part;
  };
}

/** Softmax attention, head by head; `width` is the size of a head. */
function attend(q: Rows, k: Rows, v: Rows, width: number): Rows {
  return q.map((query) =>
    query.map((_, i) => {
      const first = i - (i % width);
      const own = query.subarray(first, first + width);
      const scores = k.map((key) => Math.exp(dot(key, own, first) / Math.sqrt(width)));
      const total = scores.reduce((sum, score) => sum + score, 0);
      return scores.reduce((sum, score, token) => sum + (score / total) * (v[token]?.[i] ?? 0), 0);
    }),
  );
}

/** Σ_i a[start + i] · b[i] */
function dot(a: ArrayLike<number>, b: ArrayLike<number>, start: number): number {
  let sum = 0;
  for (let i = 0; i < b.length; i++) sum += (a[start + i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function average(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
