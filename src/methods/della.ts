import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { hostRows } from './parts/host-rows.ts';
import { drawKept, keepProbabilities, pruneBy } from './parts/magprune.ts';
import { ranksOf, segmentsOf } from './parts/order.ts';

export default defineMethod({
  id: 'della',
  revision: 1,
  kind: 'pre',
  scope: 'entry',
  name: 'DELLA',
  family: 'drop',
  formula: String.raw`\tilde\tau_{t,p} = \frac{M_{t,p}\,\tau_{t,p}}{\pi_{t,p}},\qquad M_{t,p} \sim \operatorname{Bernoulli}(\pi_{t,p}),\qquad \pi_{t,p} = d - \varepsilon + 2\varepsilon\,\frac{r_{t,p} - 1}{n - 1}`,
  summary: 'Drops changes at random, the small ones more often than the large ones, and enlarges what is kept.',
  helps: 'Many experts whose changes collide: fewer changes are left, and they are mostly the important ones.',
  hurts: 'Small networks and large changes, which tolerate less random dropping than large language models do.',
  limits: 'd = 1 changes nothing; ε = 0 is DARE with the drop rate 1 − d.',
  reference: {
    title: 'DELLA-Merging: Reducing Interference in Model Merging through Magnitude-Based Sampling',
    authors: 'Deep et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2406.11617',
  },
  aliases: ['MagPrune', 'della magprune', 'magnitude-based sampling'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 }, seed: true },
  controls: {
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'd',
      name: 'density',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 0.7,
      snaps: [0.7, 1],
      help: 'The part of each expert’s changes that is kept on average.',
    },
    epsilon: {
      per: 'method',
      stage: 'prepare',
      symbol: 'ε',
      name: 'favour for large changes',
      min: 0,
      max: 0.5,
      step: 0.01,
      default: 0.15,
      snaps: [0, 0.15],
      help: 'The largest change of a row is kept with probability d + ε, the smallest with d − ε.',
    },
    rescale: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: '1/π',
      name: 'enlarging the rest',
      default: 'inverse',
      options: [
        {
          value: 'inverse',
          name: 'by 1/π',
          help: 'Each by its own probability, as in the paper: on average nothing is lost.',
        },
        { value: 'l1', name: 'to the old size', help: 'As in mergekit: Σ|τ| of every tensor is what it was.' },
        { value: 'none', name: 'not at all', help: 'Plain random dropping, to see what rescaling does.' },
      ],
      help: 'How the surviving changes make up for the dropped ones.',
    },
    scope: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'ranked within',
      default: 'row',
      options: [
        {
          value: 'row',
          name: 'each row',
          help: 'Along the last axis of each tensor, as in the paper and in mergekit.',
        },
        {
          value: 'tensor',
          name: 'each tensor',
          help: 'Over all entries of a tensor: the authors’ layer-wide ablation.',
        },
      ],
      help: 'Where the rank r of a change is counted; n is the number of entries there.',
    },
  },
  notes: [
    'The paper and its code divide every survivor by its own probability; mergekit restores the sum of magnitudes of each tensor.',
    'ε is half of the authors’ window size. mergekit refuses d ± ε outside 0…1; here ε is cut to what fits, so that the sliders may move freely.',
    'A row with a single entry has no rank and is kept with probability d; mergekit divides by zero there.',
    'The random numbers of one seed are the same for every d and ε, so the sliders move smoothly. Official code draws new ones each time.',
  ],
  mergekit: [
    {
      methods: { task_arithmetic: 'della_linear', ties: 'della' },
      perModel: { density: { control: 'density' }, epsilon: { control: 'epsilon' } },
      parameters: { rescale: { control: 'rescale', map: { l1: true, inverse: true, none: false } } },
      inexact: [
        {
          unless: { density: 1 },
          say: 'The dropped weights differ: mergekit draws its own random numbers, here the seed decides.',
          always: true,
        },
        {
          when: { rescale: 'inverse' },
          unless: { density: 1 },
          say: 'mergekit enlarges what is kept to the old size of each tensor, here each weight by its own probability.',
        },
        {
          when: { scope: 'tensor' },
          unless: { density: 1 },
          say: 'mergekit ranks the changes of each row, here of each tensor.',
        },
      ],
      reading: { controls: { scope: 'row' }, defaults: { density: 1, epsilon: 0.15, rescale: true } },
    },
  ],
  transform: async (input, { density, epsilon, rescale, scope }, context) => {
    const vectors = await hostRows(input.taskVectors);
    const { piece, base } = input;
    const segments = segmentsOf(piece, scope);
    const ranks = await ranksOf(vectors, segments, scope, context);
    return vectors.map((vector, expert) => {
      const probabilities = keepProbabilities(ranks[expert] as Uint32Array, segments, density, epsilon);
      const keep = drawKept(context.seed, expert, piece.start, probabilities);
      return tf.tensor(pruneBy(vector, keep, probabilities, rescale, piece.tensors), base.shape);
    });
  },
  laws: ['same-seed-same-result', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'd = 1 changes nothing',
      base: [1, 1, 2],
      experts: [
        [3, 1, 1.5],
        [1, 5, 2.25],
      ],
      controls: { density: 1 },
      result: [2, 0, -0.5, 0, 4, 0.25],
      tolerance: 0,
    },
  ],
});
