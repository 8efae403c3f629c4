import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { blocksOf } from './parts/blocks.ts';

/** Below this a change is nothing, and so is whatever it is multiplied by. */
const SMALLEST = 1e-30;

const size = (x: tf.Tensor) => tf.sum(tf.abs(x));

export default defineMethod({
  id: 'lines',
  revision: 1,
  kind: 'post',
  scope: 'model',
  name: 'LiNeS',
  family: 'layer',
  formula: String.raw`\theta^{\ell} = \theta_0^{\ell} + \Bigl(\alpha + \beta\,\frac{\ell}{L-1}\Bigr)\,\Delta^{\ell},\qquad \alpha = \frac1T\,\frac{\lVert \sum_t \tau_t \rVert_1}{\lVert \Delta \rVert_1}\ \text{or by hand}`,
  summary: 'Scales the merged change along a line over the depth: little in the first blocks, more towards the output.',
  helps: 'Merges that forget what the base could do: the first layers hold what all tasks share.',
  hurts: 'Tasks whose inputs differ from the base’s: they need their changes in the first layers too.',
  limits:
    'β = 0 scales all layers by α. By hand, α = 1 and β = 0 change nothing. By formula, scales before this step cancel in α, not in β.',
  reference: {
    title: 'LiNeS: Post-training Layer Scaling Prevents Forgetting and Enhances Model Merging',
    authors: 'Wang et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.17146',
  },
  aliases: ['layer-increasing network scaling', 'layer scaling'],
  facets: ['depth'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    beta: {
      per: 'method',
      stage: 'combine',
      symbol: 'β',
      name: 'slope',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'By how much the last block is scaled more than the first.',
    },
    choice: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'first layer',
      default: 'formula',
      options: [
        {
          value: 'formula',
          name: 'by formula',
          help: 'From the sizes of the summed and of the merged change, as in the paper for merging.',
        },
        { value: 'hand', name: 'by hand', help: 'As in the paper for a single expert, where β = 1 − α.' },
      ],
      help: 'How the scale of the first block is found; embeddings and the final norm have the same.',
    },
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'scale of the first layer',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.3,
      snaps: [0, 1],
      help: 'How much of the change the first block, the embeddings and the final norm keep.',
      when: { control: 'choice', is: 'hand' },
    },
  },
  notes: [
    'As in the authors’ code everything outside the blocks, the final norm too, is scaled by α.',
    'The sum in the formula is that of the task vectors as they reach the merging method, after the pre steps of the chain.',
    'The paper tunes β on validation data for each merging method; the default here is the middle of its range.',
  ],
  edit: (change, { base, experts, piece }, { beta, choice, alpha }) =>
    tf.tidy(() => {
      // Σθ_t − Tθ₀ is the sum of the task vectors with half the work.
      const summed = () => tf.sub(tf.addN([...experts]), tf.mul(base, experts.length));
      const least = () => tf.mul(tf.maximum(size(change), SMALLEST), experts.length);
      const first = choice === 'hand' ? tf.scalar(alpha) : tf.div(size(summed()), least());
      const { count, runs } = blocksOf(piece.tensors);
      const scaled = runs.map(({ block = 0, start, length }) => {
        const depth = count > 1 ? block / (count - 1) : 0;
        return tf.mul(tf.slice(change, [start], [length]), tf.add(first, beta * depth)) as tf.Tensor1D;
      });
      return tf.concat1d(scaled);
    }),
  laws: ['order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'After a mean the formula gives α = 1: one tensor stands at the first layer and stays.',
      base: [0, 0],
      experts: [
        [2, 0],
        [0, 4],
      ],
      result: [1, 2],
    },
    {
      note: 'By hand.',
      base: [1, 1],
      experts: [[3, 5]],
      controls: { choice: 'hand', alpha: 0.5 },
      result: [1, 2],
    },
  ],
});
