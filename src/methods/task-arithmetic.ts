import { defineMethod } from './define.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { sum } from './parts/sum.ts';

const factors = (lambda: readonly number[]) => [1 - sum(lambda), ...lambda];

export default defineMethod({
  id: 'task-arithmetic',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'Task Arithmetic',
  family: 'average',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t\,(\theta_t - \theta_0)`,
  summary: 'Adds every expert’s change to the base, each scaled by its own λ.',
  helps: 'Experts that changed different weights.',
  hurts: 'Experts that pull the same weight in opposite directions, and sums of λ far above 1.',
  limits: 'All λ = 0 gives the base, a single λ = 1 that expert, all λ = 1/T the uniform average.',
  reference: {
    title: 'Editing Models with Task Arithmetic',
    authors: 'Ilharco et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2212.04089',
  },
  aliases: ['task vectors', 'TA', 'linear merge', 'negation', 'forgetting', 'unlearning', 'analogy'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 0.3,
      snaps: [0, 1],
      help: 'How much of this expert’s change is added; below 0 its skill is unlearned.',
    },
  },
  notes: [
    'Negation (forgetting): a λ below 0 takes an expert’s skill out of the base.',
    'Analogy: with τ_C + (τ_B − τ_A), the first expert at −λ and two others at λ, what made B of A is done to C.',
  ],
  mergekit: [
    {
      method: 'task_arithmetic',
      base: 'base',
      perModel: { weight: { control: 'lambda' } },
      parameters: { normalize: false, lambda: 1 },
      reading: { defaults: { normalize: false, lambda: 1 }, folds: 'lambda' },
    },
  ],
  result: 'single',
  prepare: ({ base, experts }) => stack([base, ...experts]),
  // Over [θ₀, θ₁ … θ_T] rather than over task vectors: exact at both ends.
  combine: (stacked, { lambda }) => weightedSum(stacked, factors(lambda)),
  weighted: { products: () => 'none', factors: ({ lambda }) => factors(lambda) },
  laws: ['zero-gives-base', 'one-hot-gives-expert', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { lambda: [0.5, 0.5] },
      result: [2, 3],
    },
  ],
});
