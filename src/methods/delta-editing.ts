import * as tf from '@tensorflow/tfjs-core';
import { ranksWithin } from '../core/stats/rank.ts';
import { defineMethod } from './define.ts';
import { keepMask } from './parts/drop.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';
import { ordersOf, type Segments, segmentsOf } from './parts/order.ts';

/** k·τ where M = 1, (1 − kp)/(1 − p)·τ elsewhere (the paper's extended DARE). @param keep 1 where M = 0 */
function extendedDare(values: Float32Array, keep: Uint8Array, p: number, k: number): Float32Array {
  const rest = (1 - k * p) / (1 - p);
  return values.map((value, i) => value * (keep[i] ? rest : k));
}

/** Every |τ| becomes the mean of its block, the signs stay. The blocks of a segment of n hold the ranks ⌊bn/B⌋ … ⌊(b + 1)n/B⌋. */
function blockMeans(values: Float32Array, order: Uint32Array, { of, lengths }: Segments, blocks: number): Float32Array {
  const ranks = ranksWithin(order, of, lengths.length);
  const blockAt = (i: number): number => {
    const segment = of[i] as number;
    const n = lengths[segment] as number;
    const used = Math.min(blocks, n);
    // The largest b with ⌊bn/B⌋ ≤ rank.
    return segment * blocks + Math.ceil((((ranks[i] as number) + 1) * used) / n) - 1;
  };
  const sums = new Float64Array(lengths.length * blocks);
  const counts = new Float64Array(lengths.length * blocks);
  for (let i = 0; i < values.length; i++) {
    const block = blockAt(i);
    sums[block] = (sums[block] as number) + Math.abs(values[i] as number);
    counts[block] = (counts[block] as number) + 1;
  }
  return values.map((value, i) => {
    const block = blockAt(i);
    return (Math.sign(value) * (sums[block] as number)) / (counts[block] as number);
  });
}

export default defineMethod({
  id: 'delta-editing',
  revision: 1,
  kind: 'pre',
  scope: 'entry',
  inParts: ({ edit }) => edit !== 'blocks',
  name: 'Delta editing',
  family: 'drop',
  formula: String.raw`\tilde\tau = k\,M \odot \tau + \frac{1 - kp}{1 - p}\,(1 - M) \odot \tau \quad\text{or}\quad \operatorname{sgn}(\tau) \odot \operatorname{mean}_B|\tau| \quad\text{or}\quad (1 + \alpha)\,\tau`,
  summary:
    'Edits each expert’s change in one of three ways: dropping or flipping a part, coarse magnitudes, or a longer step.',
  helps: 'Seeing how much of a change matters: its signs, a few magnitude levels, or only its direction.',
  hurts: 'Accuracy, wherever the edit is strong; it is a way to look at experts rather than to improve them.',
  limits: 'k = 1, as many blocks as entries, or α = 0 change nothing; k = 0 is DARE, α = −1 gives the base.',
  reference: {
    title: 'A Unified View of Delta Parameter Editing in Post-Trained Large-Scale Models',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.13841',
  },
  aliases: ['extended DARE', 'BitDelta', 'block BitDelta', 'ExPO', 'extrapolation'],
  facets: ['compression'],
  needs: { base: true, experts: { min: 1 }, seed: true },
  controls: {
    edit: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'τ̃',
      name: 'edit',
      default: 'scale',
      options: [
        {
          value: 'scale',
          name: 'scale a random part',
          help: 'A random part is scaled by k, the rest makes up for it.',
        },
        {
          value: 'blocks',
          name: 'few magnitudes',
          help: 'Magnitudes are rounded to the means of B equal blocks (BitDelta for B = 1).',
        },
        { value: 'expo', name: 'longer or shorter', help: 'The whole change is scaled by 1 + α (ExPO).' },
      ],
      help: 'What is done to each expert’s change.',
    },
    p: {
      per: 'method',
      stage: 'prepare',
      symbol: 'p',
      name: 'edited part',
      min: 0,
      max: 0.99,
      step: 0.01,
      default: 0.5,
      snaps: [0, 0.5],
      when: { control: 'edit', is: 'scale' },
      help: 'The part of each expert’s changes that is scaled by k.',
    },
    k: {
      per: 'method',
      stage: 'prepare',
      symbol: 'k',
      name: 'scale of that part',
      min: -1,
      max: 1,
      step: 0.05,
      default: 0,
      snaps: [0, 1],
      when: { control: 'edit', is: 'scale' },
      help: '0 drops it as DARE does, below 0 it points the other way, 1 leaves all as it is.',
    },
    blocks: {
      per: 'method',
      stage: 'prepare',
      symbol: 'B',
      name: 'magnitude blocks',
      min: 1,
      max: 32,
      step: 1,
      default: 1,
      integer: true,
      snaps: [1, 2, 4, 8, 16, 32],
      when: { control: 'edit', is: 'blocks' },
      help: 'How many magnitudes a tensor’s changes may have; they cost log₂ B bits and one for the sign.',
    },
    alpha: {
      per: 'method',
      stage: 'prepare',
      symbol: 'α',
      name: 'extrapolation',
      min: -1,
      max: 1,
      step: 0.05,
      default: 0.3,
      snaps: [-1, 0],
      when: { control: 'edit', is: 'expo' },
      help: 'Above 0 every expert goes further from the base than its training did, below 0 less far.',
    },
  },
  notes: [
    'Magnitude blocks are taken in each tensor by itself, as BitDelta does; the paper does not say where.',
    'For k = 0 the random numbers, and so the result, are those of DARE.',
    'The paper’s loss curve and its negative control, which chooses what to drop by gradients, are not part of this step.',
  ],
  transform: async (input, { edit, p, k, blocks, alpha }, context) => {
    const { piece, base } = input;
    const vectors = await hostRows(input.taskVectors);
    const tensors = (edited: readonly Float32Array[]) => edited.map((values) => tf.tensor(values, base.shape));
    switch (edit) {
      case 'scale':
        return tensors(
          vectors.map((vector, t) =>
            extendedDare(vector, keepMask(context.seed, t, piece.start, piece.length, p), p, k),
          ),
        );
      case 'blocks': {
        const orders = await ordersOf(vectors, context);
        const segments = segmentsOf(piece, 'tensor');
        return tensors(vectors.map((vector, t) => blockMeans(vector, orders[t] as Uint32Array, segments, blocks)));
      }
      case 'expo':
        return tensors(vectors.map((vector) => vector.map((value) => (1 + alpha) * value)));
    }
  },
  laws: ['same-seed-same-result', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'G1 golden: two magnitude blocks',
      shape: g1.shape,
      base: g1.base,
      experts: [g1.experts[0]],
      controls: { edit: 'blocks', blocks: 2 },
      result: [1.25, -1.25, 1.25, 0.25, 0.25, -0.25, 0.25, -1.25],
    },
    {
      note: 'One block leaves signs and the mean magnitude, 6/8',
      shape: g1.shape,
      base: g1.base,
      experts: [g1.experts[0]],
      controls: { edit: 'blocks', blocks: 1 },
      result: [0.75, -0.75, 0.75, 0.75, 0.75, -0.75, 0.75, -0.75],
    },
    {
      note: 'α = ½ makes the step half as long again',
      base: [1, 1],
      experts: [[3, 0]],
      controls: { edit: 'expo', alpha: 0.5 },
      result: [3, -1.5],
    },
    {
      note: 'k = 1 changes nothing',
      base: [1, 1],
      experts: [[3, 0]],
      controls: { k: 1 },
      result: [2, -1],
    },
  ],
});
