import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow } from './parts/host-rows.ts';

/** Added to every probability, so that none is 0. */
const FLOOR = 1e-8;

/** The specification's golden pair: from θ₀ to θ₀ + τ₁ of G1. */
const pair = { shape: g1.shape, base: g1.base, experts: [g1.base, g1.experts[0]] } as const;

function softmax(row: Float32Array): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of row) largest = Math.max(largest, value);
  const powers = Float64Array.from(row, (value) => Math.exp(value - largest));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return powers.map((value) => value / total + FLOOR);
}

/** Kullback–Leibler divergence of softmax(b) from softmax(a), in nats. */
function divergence(a: Float32Array, b: Float32Array): number {
  const q = softmax(a);
  return softmax(b).reduce((sum, p, i) => sum + p * Math.log(p / (q[i] as number)), 0);
}

/** I = |b − a| · κ, with one divergence κ per row along the last axis. */
function importanceOf(a: Float32Array, b: Float32Array, columns: number): Float32Array {
  const importance = new Float32Array(a.length);
  for (let start = 0; start < a.length; start += columns) {
    const kappa = divergence(a.subarray(start, start + columns), b.subarray(start, start + columns));
    for (let i = start; i < start + columns; i++) importance[i] = Math.abs((b[i] as number) - (a[i] as number)) * kappa;
  }
  return importance;
}

/** The entry at ⌊q(n − 1)⌋ of n ascending ones. */
const quantile = (ascending: Float32Array, q: number) => ascending[Math.floor(q * (ascending.length - 1))] ?? 0;

export default defineMethod({
  id: 'arcee-fusion',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Arcee Fusion',
  family: 'geometry',
  formula: String.raw`\theta = \theta_1 + (\theta_2 - \theta_1) \odot \mathbf{1}\bigl[I \ge \operatorname{median}(I) + c\,(Q_3(I) - Q_1(I))\bigr],\qquad I_{ij} = |\theta_{2,ij} - \theta_{1,ij}|\;\mathrm{KL}\bigl(\operatorname{softmax}\theta_{2,i} \,\Vert\, \operatorname{softmax}\theta_{1,i}\bigr)`,
  summary:
    'Takes from the second expert only the weights whose change stands out in its tensor; the rest stays the first’s.',
  helps: 'A second expert whose skill sits in few, clearly changed weights.',
  hurts: 'Skills that rest on many small changes: only a few entries pass.',
  limits: 'c = 0 takes the more important half of the weights, a large c leaves the first expert.',
  reference: {
    title: 'mergekit: Arcee Fusion',
    authors: 'Arcee AI',
    year: 2025,
    url: 'https://github.com/arcee-ai/mergekit/blob/main/docs/merge_methods.md',
  },
  aliases: ['arcee', 'dynamic threshold fusion'],
  facets: ['masks'],
  needs: { base: false, experts: { min: 2, max: 2 }, order: true },
  controls: {
    c: {
      per: 'method',
      stage: 'combine',
      symbol: 'c',
      name: 'threshold',
      min: 0,
      max: 3,
      step: 0.1,
      default: 1.5,
      snaps: [0, 1.5],
      help: 'How far above the median a weight’s importance must be, in ranges between the quartiles.',
    },
  },
  notes: [
    'There is no paper; mergekit’s code is the reference. It fixes c = 1.5.',
    'The softmax is taken over raw weights, along the rows of a matrix; a bias or norm is one row.',
    'mergekit estimates the quartiles of tensors above a million weights from a random sample; here they are exact.',
  ],
  mergekit: [
    {
      method: 'arcee_fusion',
      base: 'first',
      inexact: [{ unless: { c: 1.5 }, say: 'The threshold {c} is left out: mergekit fixes it at 1.5.' }],
      reading: {},
    },
  ],
  result: 'single',
  prepare: async ({ experts, piece: { tensors } }) => {
    const [first, second] = experts;
    if (!first || !second || experts.length !== 2)
      throw new Error(`Arcee Fusion joins exactly two experts; ${experts.length} were given.`);
    const [a, b] = [await hostRow(first), await hostRow(second)];
    const { shape } = tensors[0] ?? first;
    const importance = importanceOf(a, b, shape[shape.length - 1] ?? 1);
    const ascending = Float32Array.from(importance).sort();
    const [median, spread] = [quantile(ascending, 0.5), quantile(ascending, 0.75) - quantile(ascending, 0.25)];
    return {
      first: tf.clone(first),
      second: tf.clone(second),
      importance: tf.tensor(importance, [...first.shape]),
      median,
      spread,
    };
  },
  combine: ({ first, second, importance, median, spread }, { c }) =>
    tf.tidy(() => tf.where(tf.greaterEqual(importance, median + c * spread), second, first)),
  laws: ['copies-give-the-copy'],
  examples: [
    {
      note: 'G1 golden, checked against mergekit: one weight is taken',
      ...pair,
      result: [0.5, -1, -1, 2, 1.5, -0.5, 0.25, 1],
      tolerance: 0,
    },
    {
      note: 'from the median on',
      shape: [3],
      base: [9, 9, 9],
      experts: [
        [0, 0, 0],
        [1, 2, 3],
      ],
      controls: { c: 0 },
      result: [0, 2, 3],
    },
  ],
});
