import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { contributors, shareOf } from './parts/shared-entries.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

export default defineMethod({
  id: 'ram',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'RAM',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t\,\frac{n_t \odot \tau_t}{\max(1, c)},\qquad n_{t,p} = \mathbf 1\bigl[|\tau_{t,p}| > \varepsilon\bigr],\qquad c = \sum_t n_t`,
  summary: 'Adds changes that only one expert made, and averages those that several made.',
  helps: 'Experts trained by reinforcement, whose changes are sparse: what is their own is kept in full.',
  hurts: 'Ordinary fine-tuning, which changes nearly every weight a little: then it is plain averaging.',
  limits: 'Disjoint changes give their sum, shared ones their mean; ε above every change gives the base.',
  reference: {
    title: 'Reinforced Agent Merging',
    year: 2026,
    url: 'https://arxiv.org/abs/2601.13572',
  },
  aliases: ['reinforced agent merging'],
  confidence: 'medium',
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'Scales this expert’s share of the merged change; the paper has 1 for all.',
    },
    epsilon: {
      per: 'method',
      stage: 'prepare',
      symbol: 'log₁₀ ε',
      name: 'smallest change',
      min: -7,
      max: 0,
      step: 0.25,
      default: -5,
      snaps: [-5],
      help: 'A weight counts as changed when it moved by more than ε; −5 means 0.00001, −2 means 0.01.',
    },
  },
  notes: [
    'Implemented as mergekit does it; the paper was not read.',
    'With ordinary fine-tunes nearly all changes are larger than the default ε: raise it, or trim the experts first, to see more than an average.',
    'λ is an addition of this studio; at 1 the method is the paper’s.',
  ],
  mergekit: [
    {
      method: 'ram',
      base: 'base',
      parameters: { epsilon: { control: 'epsilon', power: 10 } },
      inexact: [{ say: 'The λ of the experts are left out where they are not 1.' }],
      reading: { defaults: { epsilon: 0.00001 } },
    },
  ],
  result: 'single',
  async prepare(input, { epsilon: exponent }) {
    const epsilon = 10 ** exponent;
    const { base, piece } = input;
    const vectors = await hostRows(input.taskVectors);
    const counts = contributors(vectors, epsilon);
    const shares = vectors.map((vector) => shareOf(vector, counts, epsilon, piece.tensors, () => 1));
    return stackArrays([await hostRow(base), ...shares]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, ε = 0.25',
      ...g1,
      controls: { epsilon: Math.log10(0.25) },
      result: [0.766667, 0.233333, 0, 1.6, 2.133333, -0.95, -0.55, 0.4],
    },
    {
      note: 'Disjoint changes add up, a shared one is averaged.',
      base: [0, 0, 0],
      experts: [
        [2, 0, 1],
        [0, 3, 5],
      ],
      result: [2, 3, 3],
    },
  ],
});
