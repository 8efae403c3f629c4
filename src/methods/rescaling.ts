import * as tf from '@tensorflow/tfjs-core';
import { defineMethod, type PlacedParameter } from './define.ts';

type Part = Pick<PlacedParameter, 'start' | 'length'>;

/**
 * Every part of the change at the mean of the task vectors' norms there, times s; a part that is zero stays. On a graphics device by tensor
 * operations; elsewhere in loops, because each slice of a tensor would copy the whole of it.
 */
function toMeanNorms(
  change: tf.Tensor,
  vectors: readonly tf.Tensor[],
  factor: number,
  parts: readonly Part[],
): tf.Tensor {
  return tf.getBackend() === 'webgpu'
    ? onDevice(change, vectors, factor, parts)
    : onHost(change, vectors, factor, parts);
}

function onDevice(change: tf.Tensor, vectors: readonly tf.Tensor[], factor: number, parts: readonly Part[]): tf.Tensor {
  const squares = tf.square(tf.stack([change, ...vectors]));
  const scaled = parts.map(({ start, length }) => {
    const norms = tf.sqrt(tf.sum(tf.slice(squares, [0, start], [-1, length]), 1));
    const own = tf.slice(norms, [0], [1]);
    const wanted = tf.mul(tf.mean(tf.slice(norms, [1], [-1])), factor);
    const scale = tf.where(tf.greater(own, 0), tf.div(wanted, tf.maximum(own, SMALLEST)), tf.zerosLike(own));
    return tf.mul(tf.slice(change, [start], [length]), scale) as tf.Tensor1D;
  });
  return tf.concat1d(scaled);
}

function onHost(change: tf.Tensor, vectors: readonly tf.Tensor[], factor: number, parts: readonly Part[]): tf.Tensor {
  const [values, ...rows] = [change, ...vectors].map((tensor) => tensor.dataSync() as Float32Array);
  const out = new Float32Array(change.size);
  for (const { start, length } of parts) {
    const norm = (row: Float32Array) => {
      let total = 0;
      for (let i = start; i < start + length; i++) total += (row[i] as number) ** 2;
      return Math.sqrt(total);
    };
    const own = values === undefined ? 0 : norm(values);
    if (own === 0) continue;
    const scale = (factor * rows.reduce((sum, row) => sum + norm(row), 0)) / rows.length / own;
    for (let i = start; i < start + length; i++) out[i] = scale * (values?.[i] as number);
  }
  return tf.tensor1d(out);
}

/** A change with a shorter norm than this is zero in float32 arithmetic. */
const SMALLEST = 1e-30;

export default defineMethod({
  id: 'rescaling',
  revision: 1,
  kind: 'post',
  scope: 'model',
  withinTensors: ({ to }) => to !== 'network',
  name: 'Rescaling',
  family: 'layer',
  formula: String.raw`\theta \leftarrow \theta_0 + s\,(\theta - \theta_0)\quad\text{or}\quad \theta_0 + s\,\frac{\frac1T\sum_t \lVert\tau_t\rVert}{\lVert\theta - \theta_0\rVert}\,(\theta - \theta_0)`,
  summary: 'Makes the whole merged change longer or shorter, by a factor or to the experts’ mean length.',
  helps: 'Averages and elections, whose changes come out shorter than any expert’s.',
  hurts: 'Sums of many experts, which are too long already: use a factor below 1 there.',
  limits: 's = 0 gives the base; by a factor, s = 1 changes nothing.',
  reference: {
    title: 'Robust Fine-Tuning of Zero-Shot Models',
    authors: 'Wortsman et al.',
    year: 2022,
    url: 'https://arxiv.org/abs/2109.01903',
  },
  aliases: ['uniform rescaling', 'WiSE-FT', 'scaling'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    s: {
      per: 'method',
      stage: 'combine',
      symbol: 's',
      name: 'factor',
      min: 0,
      max: 3,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How long the merged change becomes, as a multiple of what is chosen below.',
    },
    to: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: '‖·‖',
      name: 'multiple of',
      default: 'itself',
      options: [
        { value: 'itself', name: 'its own length', help: 'The change is multiplied by s.' },
        {
          value: 'network',
          name: 'experts’ length',
          help: 'Its norm becomes s times the mean norm of the experts’ changes.',
        },
        { value: 'tensor', name: 'experts’, per tensor', help: 'The same in each tensor by itself.' },
      ],
      help: 'What the length of the merged change is measured by.',
    },
  },
  notes: [
    'Scaling a change uniformly is WiSE-FT’s line between base and fine-tuned network, continued beyond its end; scaling to the experts’ mean norm is this studio’s addition.',
    'The experts’ changes are those after the pre steps.',
  ],
  edit: (change, input, { s, to }) => {
    if (to === 'itself') return tf.mul(change, s);
    const { piece, taskVectors } = input;
    const parts = to === 'network' ? [{ start: 0, length: piece.length }] : piece.tensors;
    return tf.tidy(() => toMeanNorms(change, taskVectors, s, parts));
  },
  laws: ['scales-with-task-vectors', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      note: 'The mean change is [1, 2]; it becomes half as long again.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { s: 1.5 },
      result: [1.5, 3],
    },
    {
      note: 'Changes of norm 5 and 13 with the mean [4, 8]: its norm becomes twice 9.',
      base: [0, 0],
      experts: [
        [3, 4],
        [5, 12],
      ],
      controls: { s: 2, to: 'network' },
      result: [(4 * 18) / Math.hypot(4, 8), (8 * 18) / Math.hypot(4, 8)],
      tolerance: 1e-5,
    },
  ],
});
