import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { dropAndRescale, keepMask } from './parts/drop.ts';
import { hostRows } from './parts/host-rows.ts';

export default defineMethod({
  id: 'dare',
  revision: 1,
  kind: 'pre',
  scope: 'entry',
  inParts: ({ rescale }) => rescale !== 'l1',
  name: 'DARE',
  family: 'drop',
  formula: String.raw`\tilde\tau_t = \frac{(1 - M_t) \odot \tau_t}{1 - p},\qquad M_t \sim \operatorname{Bernoulli}(p)`,
  summary: 'Drops a random part p of each expert’s changes and enlarges the rest, so that the expected change stays.',
  helps: 'Experts whose changes are small and redundant, as after gentle fine-tuning: fewer of them collide.',
  hurts:
    'Small networks and large changes: they tolerate less dropping than the 90 to 99 % that the paper reports for large language models.',
  limits: 'p = 0 changes nothing; the closer p is to 1, the more the result depends on the seed.',
  reference: {
    title: 'Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch',
    authors: 'Yu et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2311.03099',
  },
  aliases: ['drop and rescale', 'random pruning'],
  needs: { base: true, experts: { min: 1 }, seed: true },
  controls: {
    p: {
      per: 'method',
      stage: 'prepare',
      symbol: 'p',
      name: 'drop rate',
      min: 0,
      max: 0.99,
      step: 0.01,
      default: 0.5,
      snaps: [0, 0.5, 0.9],
      help: 'The part of each expert’s changes that is dropped at random.',
    },
    rescale: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: '1/(1−p)',
      name: 'enlarging the rest',
      default: 'inverse',
      options: [
        {
          value: 'inverse',
          name: 'by 1/(1−p)',
          help: 'As in the paper: the change is the same on average over seeds.',
        },
        { value: 'l1', name: 'to the old size', help: 'As in mergekit: Σ|τ| of every tensor is what it was.' },
        { value: 'none', name: 'not at all', help: 'Plain random dropping, to see what rescaling does.' },
      ],
      help: 'How the surviving changes make up for the dropped ones.',
    },
  },
  notes: [
    'The paper and FusionBench divide by 1 − p; mergekit restores the sum of magnitudes of each tensor. A tensor whose changes are all dropped stays at the base.',
    'The masks of one seed are nested: raising p only drops more, so the slider moves smoothly. Official code draws a new mask each time.',
    'The authors leave classifier heads out; here heads are never merged.',
  ],
  mergekit: [
    {
      methods: { task_arithmetic: 'dare_linear', ties: 'dare_ties' },
      perModel: { density: { control: 'p', complement: true } },
      parameters: { rescale: { control: 'rescale', map: { l1: true, inverse: true, none: false } } },
      inexact: [
        {
          unless: { p: 0 },
          say: 'The dropped weights differ: mergekit draws its own random numbers, here the seed decides.',
          always: true,
        },
        {
          when: { rescale: 'inverse' },
          unless: { p: 0 },
          say: 'mergekit enlarges what is kept to the old size of each tensor, here it is divided by 1 − p.',
        },
      ],
      reading: { defaults: { density: 1, rescale: true, normalize: false } },
    },
  ],
  transform: async ({ piece, taskVectors }, { p, rescale }, { seed }) => {
    if (p === 0) return taskVectors.map((tensor) => tf.clone(tensor));
    const values = await hostRows(taskVectors);
    return taskVectors.map((tensor, expert) => {
      const vector = values[expert] ?? new Float32Array();
      const keep = keepMask(seed, expert, piece.start, piece.length, p);
      return tf.tensor(dropAndRescale(vector, keep, rescale, p, piece.tensors), tensor.shape);
    });
  },
  laws: ['same-seed-same-result', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'p = 0 changes nothing',
      base: [1, 1, 2],
      experts: [
        [3, 1, 1.5],
        [1, 5, 2.25],
      ],
      controls: { p: 0 },
      result: [2, 0, -0.5, 0, 4, 0.25],
      tolerance: 0,
    },
  ],
});
