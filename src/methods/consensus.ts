import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow } from './parts/host-rows.ts';
import {
  concludeTasks,
  countTallMask,
  multiTaskVector,
  surveyTasks,
  type TiesGlobals,
  taskSurveyor,
} from './parts/multi-task.ts';

interface Prepared {
  readonly shape: readonly number[];
  readonly base: Float32Array;
  /** τ_MTL */
  readonly joint: Float32Array;
  readonly vectors: readonly Float32Array[];
}

/** α·τ_MTL where at least k masks keep the weight, nothing elsewhere. */
function agreed({ base, joint, vectors }: Prepared, lambda: number, k: number, alpha: number): Float32Array {
  const out = base.slice();
  if (alpha === 0) return out;
  const counts = new Uint8Array(out.length);
  for (const vector of vectors) countTallMask(vector, joint, lambda, counts);
  for (let i = 0; i < out.length; i++) {
    // In range by the loop's bound; a weight that is not changed keeps its bits.
    const change = joint[i] as number;
    if ((counts[i] as number) >= k && change !== 0) out[i] = (out[i] as number) + alpha * change;
  }
  return out;
}

export default defineMethod({
  id: 'consensus',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'Consensus',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \alpha\,\mathbb 1\Bigl[\textstyle\sum_t m_t \ge k\Bigr] \odot \tau_{\mathrm{MTL}},\qquad m_t = \mathbb 1\bigl[\,|\tau_t| > \lambda\,|\tau_{\mathrm{MTL}} - \tau_t|\,\bigr]`,
  summary: 'Keeps only those weights of the joint change that at least k tasks use.',
  helps: 'Many experts: weights that only one task uses, or none, disturb all the others.',
  hurts: 'Two or three experts: there k = 2 cuts away most of what a single task needs.',
  limits: 'k = 0 gives the joint change scaled by α, k above the number of experts the base; so does α = 0.',
  reference: {
    title: 'Localizing Task Information for Improved Model Merging and Compression',
    authors: 'Wang et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2405.07813',
  },
  aliases: ['consensus merging', 'consensus Task Arithmetic', 'consensus TIES'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'strength',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 0.5,
      snaps: [0, 1],
      help: 'How much of what is kept is added; the authors choose it from 0.1 to 1 on validation data.',
    },
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'sparsity of the masks',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.4,
      snaps: [0, 0.4],
      help: 'How much of the difference from the joint change a task’s own change must outweigh to count as used.',
    },
    k: {
      per: 'method',
      stage: 'combine',
      symbol: 'k',
      name: 'tasks that must agree',
      min: 0,
      max: 8,
      step: 1,
      default: 2,
      integer: true,
      snaps: [1, 2],
      help: 'A weight is kept when at least this many tasks use it; 2 removes those that one task or none uses.',
    },
    joining: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'τMTL',
      name: 'joint change',
      default: 'sum',
      options: [
        { value: 'sum', name: 'sum', help: 'The sum of all task vectors, as in Task Arithmetic.' },
        { value: 'elected', name: 'TIES', help: 'Trimmed and sign-elected task vectors, summed where they agree.' },
      ],
      help: 'What the kept weights are taken from.',
    },
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'density',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 0.2,
      snaps: [0.2, 1],
      when: { control: 'joining', is: 'elected' },
      help: 'The part of each expert’s changes that TIES keeps, largest first.',
    },
  },
  notes: [
    'The authors choose a λ for each task, and α, on validation data; here one λ holds for all tasks and neither is chosen by data.',
    'The masks are those of TALL-masks.',
  ],
  result: 'single',
  survey: surveyTasks,
  conclude: (surveys, { joining, density }): TiesGlobals => concludeTasks(surveys, joining, density),
  surveyor: ({ joining, density }, experts) => taskSurveyor(joining, density, experts),
  async prepare({ piece, base, taskVectors, globals }): Promise<Prepared> {
    const [start, ...vectors] = await Promise.all([base, ...taskVectors].map(hostRow));
    const joint = await multiTaskVector(vectors, piece, globals);
    return { shape: base.shape, base: start ?? new Float32Array(), joint, vectors };
  },
  combine: (prepared, { lambda, k, alpha }) => tf.tensor(agreed(prepared, lambda, k, alpha), [...prepared.shape]),
  laws: ['order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'G1 golden, agreement 2 2 1 3 | 2 2 2 1',
      ...g1,
      controls: { alpha: 1 },
      result: [1.3, -1.3, -1, 1.9, 3.4, -1.3, -0.1, 1],
    },
    {
      note: 'k = 0 is Task Arithmetic.',
      ...g1,
      controls: { alpha: 1, k: 0 },
      result: [1.3, -1.3, 0.8, 1.9, 3.4, -1.3, -0.1, -0.15],
    },
    { note: 'More tasks than there are never agree.', ...g1, controls: { k: 4 }, result: [...g1.base], tolerance: 0 },
  ],
});
