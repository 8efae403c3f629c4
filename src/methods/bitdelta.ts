import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/parameter.ts';
import { defineMethod, type PlacedParameter } from './define.ts';
import { bitsOf } from './parts/code-size.ts';
import { addSigns, encodeSigns, type SignCode } from './parts/codec-signs.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';

/** Linear maps of attention and MLP blocks, as in the official code; everything else is stored in full. */
const isCompressed = ({ role, shape }: Parameter) => role === 'linear' && shape.length === 2;

/** One expert: its compressed matrices in the order of the table, and all its other weights. */
interface Pack {
  readonly matrices: readonly SignCode[];
  readonly others: Float32Array;
}

function packOf(tensors: readonly PlacedParameter[], expert: Float32Array, change: Float32Array): Pack {
  const matrices: SignCode[] = [];
  const others: number[] = [];
  for (const tensor of tensors) {
    const { start, length } = tensor;
    if (isCompressed(tensor)) matrices.push(encodeSigns(change.subarray(start, start + length)));
    else others.push(...expert.subarray(start, start + length));
  }
  return { matrices, others: Float32Array.from(others) };
}

export default defineMethod({
  id: 'bitdelta',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  name: 'BitDelta',
  family: 'pack',
  formula: String.raw`\hat\theta_t = \theta_0 + s\,\alpha_t \operatorname{sgn}(\theta_t - \theta_0),\qquad \alpha_t = \tfrac1n \textstyle\sum |\theta_t - \theta_0| \text{ of each matrix}`,
  summary: 'Stores of each expert only the sign of every change, and one length per weight matrix.',
  helps: 'Many experts of one base: each costs about a thirtieth of a network and hardly loses accuracy.',
  hurts: 'Changes whose sizes differ much inside one matrix: all become equally large.',
  limits: 's = 0 leaves the matrices of the base. A matrix whose changes are all equally large comes back as it was.',
  reference: {
    title: 'BitDelta: Your Fine-Tune May Only Be Worth One Bit',
    authors: 'Liu et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2402.10193',
  },
  aliases: ['1-bit delta', 'one-bit compression'],
  facets: ['compression'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    scale: {
      per: 'method',
      stage: 'combine',
      symbol: 's',
      name: 'length of the changes',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'Multiplies every α; 1 is the mean magnitude, which is nearest to the expert.',
    },
  },
  notes: [
    'The authors then train every α on unlabelled data until the compressed network answers like the expert. That step needs data and is left out: α is where their training starts.',
    'Biases, norms and embeddings are stored in full, as in the authors’ code. In a network as small as this they are a larger part of the pack than in a language model.',
    'A change of exactly zero counts as positive.',
  ],
  result: 'set',
  async prepare({ piece: { tensors }, base, experts, taskVectors }) {
    const ends = await hostRows(experts);
    const changes = await hostRows(taskVectors);
    const packs = ends.map((end, t) => packOf(tensors, end, changes[t] ?? new Float32Array()));
    return { shape: base.shape, tensors, base: await hostRow(base), packs };
  },
  combine: ({ shape, tensors, base, packs }, { scale }, expert) => {
    const { matrices, others } = packs[expert] ?? { matrices: [], others: new Float32Array() };
    const out = base.slice();
    let matrix = 0;
    let other = 0;
    for (const tensor of tensors) {
      const { start, length } = tensor;
      if (isCompressed(tensor)) addSigns(matrices[matrix++] as SignCode, length, scale, out, start);
      else {
        out.set(others.subarray(other, other + length), start);
        other += length;
      }
    }
    return tf.tensor(out, [...shape]);
  },
  footprint: ({ packs }) => ({
    shared: 0,
    perExpert: packs.reduce((sum, { matrices, others }) => sum + bitsOf({ matrices, others }), 0) / packs.length,
  }),
  laws: ['order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'Two experts; α = 2 and α = 1.5, zero counts as positive.',
      base: [0, 0, 1, 1],
      experts: [
        [1, -3, 3, -1],
        [3, 0, 1, -2],
      ],
      shape: [2, 2],
      result: [2, -2, 3, -1, 1.5, 1.5, 2.5, -0.5],
    },
    {
      note: 'Vectors are stored in full.',
      base: [0, 1],
      experts: [[1, -3]],
      result: [1, -3],
      tolerance: 0,
    },
  ],
});
