import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { farFromMean, largestEnergy, largestPart } from './parts/cuts.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';
import { ordersOf } from './parts/order.ts';
import { restoreNorm } from './parts/restore.ts';

export default defineMethod({
  id: 'magnitude-trim',
  revision: 1,
  kind: 'pre',
  scope: 'model',
  withinTensors: ({ by, scope }) => by === 'count' && scope !== 'global',
  name: 'Magnitude trim',
  family: 'drop',
  formula: String.raw`\hat\tau_t = \operatorname{top}_K(\tau_t)`,
  summary: 'Keeps the largest of each expert’s changes and drops the rest.',
  helps: 'Experts with a few large changes and much small noise; the first step of TIES, usable before any method.',
  hurts: 'Skills that rest on many small changes.',
  limits: 'K = 1 changes nothing.',
  reference: {
    title: 'TIES-Merging: Resolving Interference When Merging Models',
    authors: 'Yadav et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2306.01708',
  },
  aliases: ['trim', 'top-k', 'magnitude pruning', 'sparsify'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    by: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'top',
      name: 'large means',
      default: 'count',
      options: [
        { value: 'count', name: 'largest part', help: 'A fixed part of the entries stays.' },
        {
          value: 'energy',
          name: 'share of energy',
          help: 'The fewest entries that hold a share of the squared length.',
        },
        {
          value: 'std',
          name: 'far from the mean',
          help: 'Entries that differ from the mean by f standard deviations.',
        },
      ],
      help: 'How it is decided which changes are large.',
    },
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'density',
      min: 0.01,
      max: 1,
      step: 0.01,
      default: 0.2,
      snaps: [0.2, 1],
      when: { control: 'by', is: 'count' },
      help: 'The part of each expert’s changes that is kept, largest first.',
    },
    scope: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'ranked within',
      default: 'global',
      when: { control: 'by', is: 'count' },
      options: [
        { value: 'global', name: 'whole network', help: 'One threshold per expert over all tensors, as in TIES.' },
        {
          value: 'tensor',
          name: 'each tensor',
          help: 'Every tensor keeps the same part of its entries, as in mergekit.',
        },
        { value: 'row', name: 'each row', help: 'Every row of every tensor keeps the same part.' },
      ],
      help: 'Where the largest changes are looked for.',
    },
    share: {
      per: 'method',
      stage: 'prepare',
      symbol: 's',
      name: 'energy kept',
      min: 0.05,
      max: 1,
      step: 0.01,
      default: 0.9,
      snaps: [0.9, 1],
      when: { control: 'by', is: 'energy' },
      help: 'The share of ‖τ‖² over the whole network that the kept entries hold.',
    },
    factor: {
      per: 'method',
      stage: 'prepare',
      symbol: 'f',
      name: 'standard deviations',
      min: 0,
      max: 4,
      step: 0.1,
      default: 1,
      snaps: [0, 1, 2],
      when: { control: 'by', is: 'std' },
      help: 'Kept is what differs from the mean change by more than f standard deviations.',
    },
    rescale: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: '‖τ‖',
      name: 'enlarging the rest',
      default: 'none',
      options: [
        { value: 'none', name: 'not at all', help: 'Survivors stay as they are, as in TIES.' },
        { value: 'l1', name: 'to the old Σ|τ|', help: 'Of every tensor, as in mergekit.' },
        { value: 'l2', name: 'to the old ‖τ‖', help: 'The Euclidean norm of every tensor.' },
      ],
      help: 'Whether the surviving changes make up for the dropped ones.',
    },
  },
  notes: [
    'Exactly ⌊n·K⌋ of n entries stay, at least one; equals keep the lower index. The authors’ TIES code keeps one more.',
    'The standard deviation is the unbiased one over the whole network, as in the TIES authors’ code.',
  ],
  transform: async (input, { by, density, scope, share, factor, rescale }, context) => {
    const vectors = await hostRows(input.taskVectors);
    const orders = by === 'std' ? [] : await ordersOf(vectors, context);
    return vectors.map((vector, t) => {
      const order = orders[t] ?? new Uint32Array();
      const kept = {
        count: () => largestPart(vector, order, input.piece, scope, density),
        energy: () => largestEnergy(vector, order, share),
        std: () => farFromMean(vector, factor),
      }[by]();
      restoreNorm(kept, vector, rescale, input.piece.tensors);
      return tf.tensor(kept, input.base.shape);
    });
  },
  laws: ['scales-with-task-vectors', 'order-of-experts-is-irrelevant'],
  examples: [
    {
      note: 'G1, the largest four of eight',
      ...g1,
      controls: { density: 0.5 },
      result: [1, -2, 0.5, 0, 0, 0, 0, -1.5, 0, -1, 1.5, 0, 0.6, 0, -0.8, 0, 0, 0.7, 0, -0.4, 0.9, -0.6, 0, 0],
    },
    {
      note: 'G1, the largest two of each row of four',
      ...g1,
      controls: { density: 0.5, scope: 'row' },
      result: [1, -2, 0, 0, 0.4, 0, 0, -1.5, 0, -1, 1.5, 0, 0.6, 0, -0.8, 0, 0, 0.7, 0, -0.4, 0.9, -0.6, 0, 0],
    },
    {
      note: 'Energies 16, 9, 4 and 1: the second entry crosses 80 % of 30',
      base: [0, 0, 0, 0],
      experts: [[2, -4, 1, 3]],
      controls: { by: 'energy', share: 0.8 },
      result: [0, -4, 0, 3],
    },
    {
      note: 'Mean 1, standard deviation 2: only what is further than 2 from 1 stays',
      base: [0, 0, 0, 0],
      experts: [[0, 0, 0, 4]],
      controls: { by: 'std', factor: 1 },
      result: [0, 0, 0, 4],
    },
  ],
});
