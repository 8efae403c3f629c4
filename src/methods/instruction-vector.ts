import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { stack, weightedSum } from './parts/stack.ts';

export default defineMethod({
  id: 'instruction-vector',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'Instruction vector',
  family: 'average',
  formula: String.raw`\theta = \theta_D + (\theta_I - \theta_0) = \theta_0 + \lambda_D\,\tau_D + \lambda_I\,\tau_I`,
  summary: 'Adds what one expert learned (to follow instructions, say) to another that knows a domain, both in full.',
  helps:
    'Two experts that learned different kinds of things from one base: a format and a domain, a view and a script.',
  hurts: 'Two experts that changed the same weights: at λ = 1 each, what they share is added twice.',
  limits: 'It is Task Arithmetic with two experts and every λ = 1. One λ = 0 gives the other expert, both the base.',
  reference: {
    title:
      'The Construction of Instruction-tuned LLMs for Finance without Instruction Data Using Continual Pretraining and Model Merging',
    authors: 'Hirano and Imajo',
    year: 2024,
    url: 'https://arxiv.org/abs/2409.19854',
  },
  aliases: ['chat vector', 'instruction residual', 'finance instruct model'],
  needs: { base: true, experts: { min: 2, max: 2 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of this expert’s change is added; the paper adds both in full.',
    },
  },
  notes: [
    'Which expert is the domain’s and which the instruction’s makes no difference to the sum.',
    'The paper reports that the two task vectors are nearly independent.',
  ],
  mergekit: [
    {
      method: 'task_arithmetic',
      base: 'base',
      perModel: { weight: { control: 'lambda' } },
      parameters: { normalize: false, lambda: 1 },
    },
  ],
  result: 'single',
  prepare: ({ base, experts }) => stack([base, ...experts]),
  // Over [θ₀, θ_D, θ_I] rather than over task vectors: exact at both ends.
  combine: (stacked, { lambda }) => weightedSum(stacked, [lambda.reduce((left, value) => left - value, 1), ...lambda]),
  laws: ['zero-gives-base', 'one-hot-gives-expert', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1: both changes in full',
      ...g1,
      experts: [g1.experts[0], g1.experts[1]],
      result: [1, -2, 1, 2.3, 2.5, -0.7, -0.35, -0.2],
    },
    {
      note: 'a domain model that learned nothing leaves the instruct model',
      base: [1, 1],
      experts: [
        [1, 1],
        [3, 5],
      ],
      result: [3, 5],
    },
  ],
});
