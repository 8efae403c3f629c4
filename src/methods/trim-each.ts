import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import type { MergekitJoin } from './mergekit.ts';
import { g1 } from './parts/g1.ts';
import { trimmedBy } from './parts/gta-trims.ts';
import { hostRows } from './parts/host-rows.ts';
import { ordersOf } from './parts/order.ts';

const RESCALE = { rescale: { control: 'rescale', map: { none: false, l1: true } } } as const;
const DENSITY = { density: { control: 'density' } } as const;

/** One of mergekit's ways to make changes sparse, before the sum and before the election of signs. */
function join(
  by: string,
  methods: MergekitJoin['methods'],
  rescale: boolean,
  {
    perModel = {},
    ...more
  }: Pick<MergekitJoin, 'perModel' | 'inexact'> & {
    readonly defaults?: Readonly<Record<string, number | boolean>>;
  } = {},
): MergekitJoin {
  const { defaults, inexact } = more;
  return {
    when: { by },
    methods,
    perModel: { ...DENSITY, ...perModel },
    parameters: RESCALE,
    ...(inexact && { inexact }),
    reading: { defaults: { density: 1, rescale, ...defaults } },
  };
}

const DRAWN = [
  {
    say: 'The dropped weights differ: mergekit draws its own random numbers, here the seed decides.',
    always: true,
  },
] as const;

export default defineMethod({
  id: 'trim-each',
  revision: 1,
  kind: 'pre',
  scope: 'tensor',
  name: 'Trim by expert',
  family: 'drop',
  formula: String.raw`\hat\tau_t = \operatorname{trim}_{K_t}(\tau_t)`,
  summary: 'Makes each expert’s changes sparse to a density of its own, tensor by tensor.',
  helps:
    'Experts of which some need all their changes and others only their largest: mergekit’s “density” of each model.',
  hurts: 'Skills that rest on many small changes, of the experts that are trimmed far.',
  limits: 'K = 1 for all changes nothing; equal K are Magnitude trim, Breadcrumbs, DARE or DELLA.',
  reference: {
    title: 'Arcee’s MergeKit: A Toolkit for Merging Large Language Models',
    authors: 'Goddard et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2403.13257',
  },
  aliases: ['density per model', 'sparsify', 'generalised task arithmetic'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 }, seed: true },
  controls: {
    by: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'trim',
      name: 'trimming',
      default: 'tensor',
      options: [
        { value: 'tensor', name: 'largest', help: 'The largest of each tensor stay, as in TIES.' },
        { value: 'tails', name: 'top and tail', help: 'The few largest go as well as the small ones, as Breadcrumbs.' },
        { value: 'random', name: 'random', help: 'Each change stays with probability K, as DARE.' },
        { value: 'magprune', name: 'random by rank', help: 'Larger changes are more likely to stay, as DELLA.' },
      ],
      help: 'Which of each expert’s changes stay.',
    },
    density: {
      per: 'expert',
      stage: 'prepare',
      symbol: 'K',
      name: 'density',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.5,
      snaps: [0.5, 1],
      help: 'The part of this expert’s changes that stays; 1 keeps all, 0 none.',
    },
    gamma: {
      per: 'expert',
      stage: 'prepare',
      symbol: 'γ',
      name: 'cut from the top',
      min: 0,
      max: 0.2,
      step: 0.002,
      default: 0.01,
      snaps: [0, 0.01],
      when: { control: 'by', is: 'tails' },
      help: 'The part of this expert’s changes, largest first, that goes as outliers.',
    },
    epsilon: {
      per: 'expert',
      stage: 'prepare',
      symbol: 'ε',
      name: 'favour for large changes',
      min: 0,
      max: 0.5,
      step: 0.01,
      default: 0.15,
      snaps: [0, 0.15],
      when: { control: 'by', is: 'magprune' },
      help: 'The largest change of a row stays with probability K + ε, the smallest with K − ε.',
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
      ],
      help: 'Whether the surviving changes make up for the dropped ones.',
    },
  },
  notes: [
    'mergekit has the trimming in the merge itself: together with TIES or Task Arithmetic this step is its `ties`, `breadcrumbs`, `dare_…` or `della…`.',
    'Exactly ⌊n·K⌋ of n entries stay, at least one where K is above 0; equals keep the lower index.',
    'Random trimming uses the numbers of DARE and DELLA, so equal densities give the masks of those steps.',
  ],
  mergekit: [
    join('tensor', { ties: 'ties' }, false),
    join('tails', { task_arithmetic: 'breadcrumbs', ties: 'breadcrumbs_ties' }, false, {
      perModel: { gamma: { control: 'gamma' } },
      defaults: { gamma: 0.01, normalize: false },
    }),
    join('random', { task_arithmetic: 'dare_linear', ties: 'dare_ties' }, true, {
      inexact: DRAWN,
      defaults: { normalize: false },
    }),
    join('magprune', { task_arithmetic: 'della_linear', ties: 'della' }, true, {
      perModel: { epsilon: { control: 'epsilon' } },
      inexact: DRAWN,
      defaults: { epsilon: 0.15 },
    }),
  ],
  transform: async (input, { by, density, gamma, epsilon, rescale }, context) => {
    const { piece, base } = input;
    const vectors = await hostRows(input.taskVectors);
    const orders = await ordersOf(vectors, context);
    return vectors.map((values, expert) => {
      // One number per expert, and one order, by construction.
      const kept = density[expert] as number;
      if (kept >= 1 || kept <= 0)
        return tf.tensor(kept >= 1 ? values.slice() : new Float32Array(values.length), base.shape);
      const own = { density: kept, gamma: gamma[expert] as number, epsilon: epsilon[expert] as number };
      const settings = { ...own, factor: 0, n: 0, m: 0, seed: context.seed, piece, expert };
      return tf.tensor(
        trimmedBy(by, rescale, { ...settings, values, order: orders[expert] as Uint32Array }),
        base.shape,
      );
    });
  },
  laws: ['same-seed-same-result', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'G1: half of the first expert, all of the second, nothing of the third',
      ...g1,
      controls: { density: [0.5, 1, 0] },
      result: [1, -2, 0.5, 0, 0, 0, 0, -1.5, -0.5, -1, 1.5, 0.2, 0.6, 0.1, -0.8, 0.3, 0, 0, 0, 0, 0, 0, 0, 0],
    },
    {
      note: 'G1, top and tail: the largest of the first expert goes, then its next four stay',
      ...g1,
      controls: { by: 'tails', density: [0.5, 1, 1], gamma: [0.125, 0, 0] },
      result: [
        1, 0, 0.5, 0, 0.4, 0, 0, -1.5, -0.5, -1, 1.5, 0.2, 0.6, 0.1, -0.8, 0.3, 0.3, 0.7, -0.2, -0.4, 0.9, -0.6, 0.25,
        0.05,
      ],
    },
    {
      note: 'to the old sum of magnitudes',
      base: [0, 0],
      experts: [[3, 1]],
      controls: { density: [0.5], rescale: 'l1' },
      result: [4, 0],
    },
  ],
});
