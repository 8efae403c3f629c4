import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { sum } from './parts/sum.ts';

/** Below this a sum of slider values is rounding noise, and dividing by it would blow the network up. */
const SMALLEST_SUM = 1e-6;

function refusal(weight: readonly number[], normalize: string): string | undefined {
  if (normalize === 'no' || Math.abs(sum(weight)) >= SMALLEST_SUM) return undefined;
  return 'The weights add up to 0, so they cannot be divided by their sum: raise one of them, or switch “divide by the sum” off.';
}

function factors(weight: readonly number[], normalize: string): number[] {
  const reason = refusal(weight, normalize);
  if (reason) throw new Error(reason);
  const divisor = normalize === 'yes' ? sum(weight) : 1;
  // w / Σw is exactly 1 for a single weight, so that the expert comes back bit for bit.
  return weight.map((w) => w / divisor);
}

export default defineMethod({
  id: 'weight-average',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'Weight averaging',
  family: 'average',
  formula: String.raw`\theta = \frac{\sum_t w_t\,\theta_t}{\sum_t w_t}`,
  summary: 'Takes the weighted mean of all experts, weight by weight.',
  helps: 'Experts fine-tuned from one base with similar data, whose weights lie in one basin of low loss.',
  hurts:
    'Many experts of unrelated tasks: each skill keeps only 1/T of its change. Networks that share no base collapse.',
  limits: 'A single w above 0 gives that expert, equal w the uniform average, which is Task Arithmetic at λ = 1/T.',
  reference: {
    title:
      'Model soups: averaging weights of multiple fine-tuned models improves accuracy without increasing inference time',
    authors: 'Wortsman et al.',
    year: 2022,
    url: 'https://arxiv.org/abs/2203.05482',
  },
  aliases: ['model soup', 'uniform soup', 'linear', 'weighted average'],
  needs: { base: false, experts: { min: 1 } },
  controls: {
    weight: {
      per: 'expert',
      stage: 'combine',
      symbol: 'w',
      name: 'weight',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'This expert’s share of the average; 0 leaves it out, below 0 moves away from it.',
    },
    normalize: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: 'Σw',
      name: 'divide by the sum',
      default: 'yes',
      options: [
        { value: 'yes', name: 'yes', help: 'Only the ratios of the weights count.' },
        { value: 'no', name: 'no', help: 'The plain sum Σ w θ; unless Σ w = 1 the whole network grows or shrinks.' },
      ],
      help: 'Whether the weighted sum is divided by the sum of the weights.',
    },
  },
  notes: [
    'mergekit (`linear`) and FusionBench divide by the sum by default, as here.',
    'The greedy soup of the paper is a search over subsets; leaving an expert out by hand is one step of it.',
  ],
  mergekit: [
    {
      method: 'linear',
      perModel: { weight: { control: 'weight' } },
      parameters: { normalize: { control: 'normalize', map: { yes: true, no: false } } },
      reading: { defaults: { normalize: true }, baseIsModel: true },
    },
    // One model as it is, or scaled.
    {
      method: 'passthrough',
      experts: 1,
      perModel: { scale: { control: 'weight' } },
      reading: { controls: { normalize: 'no' }, defaults: { scale: 1 }, baseIsModel: true },
    },
  ],
  result: 'single',
  prepare: ({ experts }) => stack(experts),
  combine: (stacked, { weight, normalize }) => weightedSum(stacked, factors(weight, normalize)),
  weighted: { products: () => 'none', factors: ({ weight, normalize }) => [0, ...factors(weight, normalize)] },
  check: ({ weight, normalize }) => refusal(weight, normalize),
  laws: ['one-hot-gives-expert', 'order-of-experts-is-irrelevant', 'copies-give-the-copy'],
  examples: [
    {
      note: 'uniform',
      base: [0, 0],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [2, 3],
    },
    {
      note: 'only ratios count',
      base: [0, 0],
      experts: [
        [4, 0],
        [0, 8],
      ],
      controls: { weight: [0.75, 0.25] },
      result: [3, 2],
    },
    {
      note: 'extrapolation',
      base: [0, 0],
      experts: [
        [2, 0],
        [1, 4],
      ],
      controls: { weight: [1.5, -0.5] },
      result: [2.5, -2],
    },
    {
      note: 'plain sum',
      base: [0, 0],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { normalize: 'no' },
      result: [4, 6],
    },
    {
      note: 'G1 uniform',
      ...g1,
      result: [0.766667, 0.233333, -0.4, 1.966667, 2.133333, -0.766667, 0.133333, 0.616667],
    },
  ],
});
