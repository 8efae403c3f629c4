import * as tf from '@tensorflow/tfjs-core';
import { defineMethod } from './define.ts';
import { agreementOf } from './parts/bits.ts';
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
  /** τ_t, which the masks are made from while λ moves; they are not part of the pack. */
  readonly vectors: readonly Float32Array[];
}

const FLOAT_BITS = 32;

/** The weights that the task’s mask keeps are changed as τ_MTL says, all others stay at the base. */
function masked({ base, joint, vectors }: Prepared, lambda: number, expert: number): Float32Array {
  const out = base.slice();
  const kept = new Uint8Array(out.length);
  countTallMask(vectors[expert] ?? new Float32Array(), joint, lambda, kept);
  for (let i = 0; i < out.length; i++) if (kept[i]) out[i] = (out[i] as number) + (joint[i] as number);
  return out;
}

export default defineMethod({
  id: 'tall-masks',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'TALL-masks',
  family: 'pack',
  formula: String.raw`\hat\theta_t = \theta_0 + m_t \odot \tau_{\mathrm{MTL}},\qquad m_t = \mathbb 1\bigl[\,|\tau_t| > \lambda_t\,|\tau_{\mathrm{MTL}} - \tau_t|\,\bigr]`,
  summary: 'Stores one change for all tasks, and for each task one bit per weight: whether the task uses it.',
  helps: 'Many experts that must all stay good: each task is served by its own part of one shared change.',
  hurts: 'Where the task of an input is not known: without it there is no mask to choose.',
  limits:
    'λ = 0 keeps every weight that the expert changed; a larger λ makes the mask sparser. One expert, or experts that change different weights, come back as they were.',
  reference: {
    title: 'Localizing Task Information for Improved Model Merging and Compression',
    authors: 'Wang et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2405.07813',
  },
  aliases: ['TALL masks', 'task masks', 'localisation'],
  facets: ['masks', 'compression'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'sparsity of the mask',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.4,
      snaps: [0, 0.4],
      help: 'How much of the difference from the joint change this expert’s own change must outweigh for a weight to be kept.',
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
      help: 'What the masks choose from.',
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
    'The authors choose each λ from 0.2 to 0.6 by validation accuracy; 0.4 here is the middle of that range, chosen without data.',
    'FusionBench’s task_arithmetic.py of this method compares other vectors and gives other masks; its tall_mask/utils.py and the paper are followed.',
    'The size counts the base, the joint change in float32 and one bit per weight for each expert.',
  ],
  result: 'masked',
  survey: surveyTasks,
  conclude: (surveys, { joining, density }): TiesGlobals => concludeTasks(surveys, joining, density),
  surveyor: ({ joining, density }, experts) => taskSurveyor(joining, density, experts),
  async prepare({ piece, base, taskVectors, globals }): Promise<Prepared> {
    const [start, ...vectors] = await Promise.all([base, ...taskVectors].map(hostRow));
    const joint = await multiTaskVector(vectors, piece, globals);
    return { shape: base.shape, base: start ?? new Float32Array(), joint, vectors };
  },
  combine: (prepared, { lambda }, expert) =>
    tf.tensor(masked(prepared, lambda[expert] ?? 0, expert), [...prepared.shape]),
  footprint: ({ joint }) => ({ shared: FLOAT_BITS * joint.length, perExpert: 8 * Math.ceil(joint.length / 8) }),
  readout: ({ joint, vectors }, { lambda }) => {
    const counts = new Uint8Array(joint.length);
    const kept = vectors.map((own, t) => countTallMask(own, joint, lambda[t] ?? 0, counts) / joint.length);
    return { masks: { kept, agreement: agreementOf(counts, vectors.length) } };
  },
  laws: ['one-expert-gives-expert', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'G1 golden: masks 11010101, 01111010 and 10011110',
      ...g1,
      result: [
        1.3, -1.3, -1, 1.9, 1.5, -1.3, 0.25, -0.15, 0.5, -1.3, 0.8, 1.9, 3.4, -0.5, -0.1, 1, 1.3, 1, -1, 1.9, 3.4, -1.3,
        -0.1, 1,
      ],
    },
    {
      note: 'Experts that change different weights come back exactly.',
      base: [1, 1, 1],
      experts: [
        [2, 1, 1],
        [1, -1, 1],
      ],
      controls: { lambda: [1, 1] },
      result: [2, 1, 1, 1, -1, 1],
      tolerance: 0,
    },
  ],
});
