import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';

/** Nearer to its pole the ratio has no meaning: the base is kept, as in mergekit. */
const POLE = 1e-6;

/** The first two experts of the specification's golden network, where the ratio needs no limit. */
const pair = { ...g1, experts: [g1.experts[0], g1.experts[1]] } as const;

/** Mean cosine of all pairs of one row's changes; a change of length 0 is at a right angle to every other. */
function meanCosine(changes: readonly Float32Array[], from: number, to: number): number {
  return meanCosineOf(
    changes.length,
    Float64Array.from(changes.flatMap((one) => changes.map((other) => product(one, other, from, to)))),
  );
}

/** The same from the inner products of all changes, [N, N]. */
function meanCosineOf(count: number, products: Float64Array): number {
  const at = (s: number, t: number) => products[s * count + t] ?? 0;
  let sum = 0;
  let pairs = 0;
  for (let t = 0; t < count; t++) {
    for (let s = 0; s < t; s++) {
      const scale = Math.sqrt(at(s, s)) * Math.sqrt(at(t, t));
      if (scale !== 0) sum += Math.max(-1, Math.min(1, at(s, t) / scale));
      pairs++;
    }
  }
  return sum / pairs;
}

/** How far the merge goes from the base to the average. */
function partOf(ratio: number, { blend, hold }: { readonly blend: number; readonly hold: 'held' | 'free' }): number {
  const held = hold === 'held' ? Math.min(1, Math.max(0, ratio)) : ratio;
  return held + blend * (1 - held);
}

function product(a: Float32Array, b: Float32Array, from: number, to: number): number {
  let total = 0;
  // In range by construction; `as number` only says so to the compiler.
  for (let i = from; i < to; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

/** r = N cos θ / (1 + (N − 1) cos θ). */
function ratioOf(cosine: number, count: number): number {
  const divisor = 1 + (count - 1) * cosine;
  return Math.abs(divisor) < POLE ? 0 : (count * cosine) / divisor;
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (let i = 0; i < mean.length; i++) {
    let sum = 0;
    for (const vector of vectors) sum += vector[i] as number;
    mean[i] = sum / vectors.length;
  }
  return mean;
}

export default defineMethod({
  id: 'model-stock',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Model Stock',
  family: 'geometry',
  formula: String.raw`\theta = r\,\frac{1}{N}\sum_t \theta_t + (1-r)\,\theta_0,\qquad r = \frac{N\cos\vartheta}{1+(N-1)\cos\vartheta},\qquad \cos\vartheta = \operatorname*{mean}_{s<t}\frac{\langle\tau_s,\tau_t\rangle}{\lVert\tau_s\rVert\,\lVert\tau_t\rVert}`,
  summary:
    'Goes from the base towards the average of the experts, tensor by tensor, the further the more their changes agree.',
  helps: 'Two or three fine-tunes of the same task, of which it guesses the centre that many more would have.',
  hurts:
    'Experts of different tasks: their changes are nearly at right angles, and hardly anything but the base is left.',
  limits: 'Equal experts give the expert, changes at right angles the base. b = 1 gives the average.',
  reference: {
    title: 'Model Stock: All we need is just a few fine-tuned models',
    authors: 'Jang et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2403.19522',
  },
  aliases: ['stock', 'geometric centre', 'layer-wise interpolation'],
  needs: { base: true, experts: { min: 2 } },
  controls: {
    blend: {
      per: 'method',
      stage: 'combine',
      symbol: 'b',
      name: 'further to the average',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0,
      snaps: [0, 1],
      help: 'Takes r + b (1 − r) in place of r: 0 is the paper’s merge, 1 the average of the experts.',
    },
    scope: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'ϑ',
      name: 'angle of',
      default: 'tensor',
      options: [
        { value: 'tensor', name: 'each tensor', help: 'One angle per tensor, as in the paper.' },
        { value: 'row', name: 'each row', help: 'Every row of a matrix has its own angle: mergekit’s “filter_wise”.' },
      ],
      help: 'What has an angle, and with it a ratio, of its own.',
    },
    hold: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: '[r]',
      name: 'ratio',
      default: 'held',
      options: [
        { value: 'held', name: 'from 0 to 1', help: 'Never beyond the average, and never away from it.' },
        { value: 'free', name: 'as it comes', help: 'As in mergekit: below 0 where changes oppose each other.' },
      ],
      help: 'Whether the ratio r may leave the way from the base to the average.',
    },
  },
  notes: [
    'The paper has one angle; of several pairs the mean of the cosines is taken, as in mergekit. FusionBench takes the mean of the angles.',
    'The authors published no code. Near cos ϑ = −1/(N − 1) the ratio has a pole: there the base is kept, as in mergekit.',
    'mergekit divides by the product of two lengths or by 10⁻⁶, whichever is larger: of tensors that hardly changed its angles are nearer to the right angle than they are.',
    'The slider b is an addition of this studio; at 0 the method is the paper’s.',
  ],
  mergekit: [
    {
      method: 'model_stock',
      base: 'base',
      parameters: { filter_wise: { control: 'scope', map: { tensor: false, row: true } } },
      inexact: [
        { when: { hold: 'held' }, say: 'mergekit lets the ratio leave 0…1, here it is held there.' },
        { unless: { blend: 0 }, say: 'The way to the average is left out: mergekit stays at the ratio of the angles.' },
      ],
      reading: { controls: { hold: 'free', blend: 0 }, defaults: { filter_wise: false } },
    },
  ],
  result: 'single',
  prepare: async ({ piece, base, experts, taskVectors }, { scope }) => {
    const changes = await hostRows(taskVectors);
    const shape = piece.tensors[0]?.shape ?? base.shape;
    const columns = scope === 'row' ? Math.max(1, shape.at(-1) ?? 1) : Math.max(1, base.size);
    const rows = Math.ceil(base.size / columns);
    const ratios = Float64Array.from({ length: rows }, (_, row) =>
      ratioOf(meanCosine(changes, row * columns, (row + 1) * columns), changes.length),
    );
    const mean = meanOf(await hostRows(experts));
    return {
      shape: [...base.shape],
      ratios,
      base: tf.tensor2d(await hostRow(base), [rows, columns]),
      mean: tf.tensor2d(mean, [rows, columns]),
    };
  },
  combine: ({ shape, ratios, base, mean }, controls) => {
    const parts = Float32Array.from(ratios, (ratio) => partOf(ratio, controls));
    return tf.tidy(() => {
      const part = tf.tensor2d(parts, [parts.length, 1]);
      const merged = tf.add(tf.mul(mean, part), tf.mul(base, tf.sub(1, part)));
      return tf.reshape(merged, shape);
    });
  },
  weighted: {
    products: ({ scope }) => (scope === 'tensor' ? 'taskVectors' : undefined),
    factors: (controls, products) => {
      const count = Math.round(Math.sqrt(products.length));
      const part = partOf(ratioOf(meanCosineOf(count, products), count), controls);
      return [1 - part, ...Array.from({ length: count }, () => part / count)];
    },
  },
  readout: ({ ratios }) => ({
    numbers: [{ name: 'ratio r', value: ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length) }],
  }),
  laws: ['order-of-experts-is-irrelevant', 'copies-give-the-copy', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'changes at right angles leave the base',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 2],
      ],
      result: [1, 1],
    },
    {
      note: 'two changes at 60°: r = 2/3',
      base: [0, 0],
      experts: [
        [1, 0],
        [0.5, Math.sqrt(3) / 2],
      ],
      result: [0.5, Math.sqrt(3) / 6],
    },
    {
      note: 'G1 golden, first two experts: r = 0.474259',
      ...pair,
      result: [0.6185648, 0.2886113, -0.525741, 2.0711389, 1.7371295, -0.5474259, 0.1077223, 0.7154446],
      tolerance: 1e-5,
    },
    {
      note: 'G1, all three: their changes oppose each other, and the ratio is held at 0',
      ...g1,
      result: [...g1.base],
      tolerance: 0,
    },
    {
      note: 'three opposing changes, b = 1: the average',
      base: [0, 0],
      experts: [
        [3, 0],
        [0, 3],
        [-3, 0],
      ],
      controls: { blend: 1 },
      result: [0, 1],
    },
  ],
});
