import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';
import { keptByRanks, ranksOf, segmentsOf } from './parts/order.ts';
import { middleKeep, outlierCut } from './parts/tails.ts';

export default defineMethod({
  id: 'breadcrumbs',
  revision: 1,
  kind: 'pre',
  scope: 'entry',
  name: 'Breadcrumbs',
  family: 'drop',
  formula: String.raw`\hat\tau_t = m_t \odot \tau_t,\qquad m_{t,p} = \mathbf 1\bigl[\lfloor \gamma n\rfloor \le \operatorname{rank}|\tau_{t,p}| < \lfloor \gamma n\rfloor + \lfloor \beta n\rfloor\bigr]`,
  summary:
    'Keeps the middle of each expert’s changes: drops the few largest, which are outliers, and the many small ones.',
  helps: 'Many experts at once: sparse changes collide less, and no single large change dominates.',
  hurts: 'Skills that sit in the few largest changes, or in many small ones; at a small β little of an expert is left.',
  limits: 'β = 1 with γ = 0 changes nothing.',
  reference: {
    title: 'Model Breadcrumbs: Scaling Multi-Task Model Merging with Sparse Masks',
    authors: 'Davari & Belilovsky',
    year: 2024,
    url: 'https://arxiv.org/abs/2312.06795',
  },
  aliases: ['model breadcrumbs', 'middle keep', 'magnitude outliers', 'top and tail'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    keep: {
      per: 'method',
      stage: 'prepare',
      symbol: 'β',
      name: 'kept part',
      min: 0.01,
      max: 1,
      step: 0.01,
      default: 0.15,
      snaps: [0.15, 1],
      help: 'The part of each expert’s changes that stays. The authors use 0.05 to 0.2.',
    },
    cut: {
      per: 'method',
      stage: 'prepare',
      symbol: 'γ',
      name: 'cut from the top',
      min: 0,
      max: 0.2,
      step: 0.002,
      default: 0.006,
      snaps: [0],
      help: 'The part of the changes, largest first, that is dropped as outliers. The authors use 0.001 to 0.01.',
    },
    scope: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'ranked within',
      default: 'row',
      options: [
        { value: 'row', name: 'each row', help: 'Along the last axis of each tensor, as in the authors’ code.' },
        {
          value: 'tensor',
          name: 'each tensor',
          help: 'Over all entries of a tensor, as in mergekit; exactly ⌊βn⌋ stay, even if fewer outliers are cut.',
        },
      ],
      help: 'Where the largest changes are looked for; n is the number of entries there.',
    },
  },
  notes: [
    'The paper says “per layer”, the authors’ code ranks each row, mergekit each tensor.',
    'Counts are rounded down: in rows of fewer than 1/γ entries nothing is cut from the top. The defaults are those of networks with rows of hundreds of entries; for short rows raise γ or rank each tensor.',
    'Names clash: the paper’s β and γ are percentile thresholds, and mergekit’s density is the kept part, its gamma the paper’s β.',
    'Early versions of mergekit emptied a tensor when ⌊γn⌋ was 0; here nothing is cut then.',
  ],
  mergekit: [
    {
      methods: { task_arithmetic: 'breadcrumbs', ties: 'breadcrumbs_ties' },
      perModel: { density: { control: 'keep' }, gamma: { control: 'cut' } },
      parameters: { rescale: false },
      inexact: [{ when: { scope: 'row' }, say: 'mergekit ranks the changes of each tensor, here of each row.' }],
      reading: {
        controls: { scope: 'tensor' },
        defaults: { density: 1, gamma: 0.01, rescale: false, normalize: false },
      },
    },
  ],
  transform: async (input, { keep, cut, scope }, context) => {
    const vectors = await hostRows(input.taskVectors);
    const segments = segmentsOf(input.piece, scope);
    const ranks = await ranksOf(vectors, segments, scope, context);
    const window = scope === 'row' ? middleKeep(keep, cut) : outlierCut(keep, cut);
    return vectors.map((vector, t) =>
      tf.tensor(keptByRanks(vector, ranks[t] as Uint32Array, segments, window), input.base.shape),
    );
  },
  laws: ['scales-with-task-vectors', 'order-of-experts-is-irrelevant'],
  examples: [
    {
      note: 'G1, official: each row of four loses its largest, then keeps the two largest that are left',
      ...g1,
      controls: { keep: 0.5, cut: 0.25 },
      result: [1, 0, 0.5, 0, 0.4, -0.3, 0, 0, -0.5, -1, 0, 0, 0.6, 0, 0, 0.3, 0.3, 0, 0, -0.4, 0, -0.6, 0.25, 0],
    },
    {
      note: 'G1, mergekit: the tensor of eight loses its largest, then keeps the four largest that are left',
      ...g1,
      controls: { keep: 0.5, cut: 0.125, scope: 'tensor' },
      result: [1, 0, 0.5, 0, 0.4, 0, 0, -1.5, -0.5, -1, 0, 0, 0.6, 0, -0.8, 0, 0.3, 0.7, 0, -0.4, 0, -0.6, 0, 0],
    },
    {
      note: 'β = 1 and γ = 0 change nothing',
      base: [1, 1],
      experts: [[3, 0]],
      controls: { keep: 1, cut: 0 },
      result: [2, -1],
      tolerance: 0,
    },
  ],
});
