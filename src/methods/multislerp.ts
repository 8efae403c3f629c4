import { defineMethod } from './define.ts';
import { type Directions, directionsOf, directionsOfProducts, renormalisedMean } from './parts/directions.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { sum } from './parts/sum.ts';

/** Below this a sum of slider values is rounding noise, and dividing by it would blow the network up. */
const SMALLEST_SUM = 1e-6;

function refusal(weight: readonly number[], normalize: string): string | undefined {
  if (normalize === 'no' || Math.abs(sum(weight)) >= SMALLEST_SUM) return undefined;
  return 'The weights add up to 0, so they cannot be divided by their sum: raise one of them, or switch “divide by the sum” off.';
}

const mergekitForm = {
  method: 'multislerp',
  perModel: { weight: { control: 'weight' } },
  parameters: { normalize_weights: { control: 'normalize', map: { yes: true, no: false } } },
  reading: { defaults: { normalize_weights: true }, ignored: ['eps'] },
} as const;

function factorsOf(directions: Directions, weight: readonly number[], normalize: string): number[] {
  const reason = refusal(weight, normalize);
  if (reason) throw new Error(reason);
  const divisor = normalize === 'yes' ? sum(weight) : 1;
  return renormalisedMean(
    directions,
    weight.map((w) => w / divisor),
  );
}

export default defineMethod({
  id: 'multislerp',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Multi-SLERP',
  family: 'geometry',
  formula: String.raw`\theta = \theta_0 + \frac{\sum_t w_t u_t}{\bigl\lVert\sum_t w_t u_t\bigr\rVert}\sum_t w_t \lVert\tau_t\rVert,\qquad u_t = \frac{\tau_t}{\lVert\tau_t\rVert}`,
  summary: 'Averages the directions of the changes and gives the result their average length, tensor by tensor.',
  helps:
    'Many experts whose changes are nearly at right angles: their plain average is only about 1/√T as long as each, this one is not.',
  hurts:
    'Experts whose changes oppose each other: what little is left of the mean direction is blown up to full length.',
  limits: 'A single w above 0 gives that expert. With weights as they are (no base), close to Weight averaging.',
  reference: {
    title: 'Multi-SLERP: wow, what a cool idea',
    authors: 'Goddard',
    year: 2025,
    url: 'https://goddard.blog/posts/multislerp-wow-what-a-cool-idea',
  },
  aliases: ['multi slerp', 'spherical average', 'barycentric interpolation', 'norm-preserving average'],
  needs: { base: true, experts: { min: 1 } },
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
      help: 'This expert’s share of the direction and of the length.',
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
        { value: 'no', name: 'no', help: 'The length is the plain sum Σ w‖τ‖; the direction is the same.' },
      ],
      help: 'Whether the weights are divided by their sum first.',
    },
    space: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'θ/τ',
      name: 'what is averaged',
      default: 'task-vectors',
      options: [
        { value: 'task-vectors', name: 'changes only', help: 'The changes τ from the base; the mean is added to it.' },
        { value: 'weights', name: 'whole weights', help: 'The tensors themselves; the base is not used.' },
      ],
      help: 'Fine-tunes of one base are almost parallel as whole weights, but not in what they changed.',
    },
  },
  notes: [
    'mergekit’s code walks to a tangent space at this same mean and back, where the walk has length 0: its result is the formula above, which is what is computed here.',
    'Where the directions of a tensor cancel, the plain weighted mean is taken; mergekit does so for two experts and fails for more.',
    'For the mean on the sphere that minimises the squared angles see Karcher mean.',
  ],
  mergekit: [
    { ...mergekitForm, when: { space: 'task-vectors' }, base: 'base' },
    { ...mergekitForm, when: { space: 'weights' } },
  ],
  result: 'single',
  prepare: async ({ base, experts, taskVectors }, { space }) => {
    const onBase = space === 'task-vectors';
    return {
      rows: stack(onBase ? [base, ...experts] : experts),
      directions: directionsOf(await hostRows(onBase ? taskVectors : experts)),
      onBase,
    };
  },
  combine: ({ rows, directions, onBase }, { weight, normalize }) => {
    const factors = factorsOf(directions, weight, normalize);
    return weightedSum(rows, onBase ? [1 - sum(factors), ...factors] : factors);
  },
  weighted: {
    products: ({ space }) => (space === 'weights' ? 'experts' : 'taskVectors'),
    factors: ({ weight, normalize, space }, products) => {
      const factors = factorsOf(directionsOfProducts(products), weight, normalize);
      return [space === 'weights' ? 0 : 1 - sum(factors), ...factors];
    },
  },
  check: ({ weight, normalize }) => refusal(weight, normalize),
  laws: ['order-of-experts-is-irrelevant', 'copies-give-the-copy', 'one-expert-gives-expert'],
  examples: [
    {
      note: 'G1 golden, checked against mergekit',
      ...g1,
      result: [0.940153, 0.103166, -0.04148, 1.800158, 2.877815, -1.131201, 0.08862, 0.526815],
    },
    {
      note: 'two changes at a right angle keep their length',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 3],
      ],
      result: [1 + Math.SQRT2, 1 + Math.SQRT2],
    },
    {
      note: 'whole weights',
      base: [9, 9],
      experts: [
        [2, 0],
        [0, 2],
      ],
      controls: { space: 'weights' },
      result: [Math.SQRT2, Math.SQRT2],
    },
    {
      note: 'opposite changes: the straight mean',
      base: [1, 1],
      experts: [
        [3, 1],
        [-1, 1],
      ],
      result: [1, 1],
    },
    {
      note: 'a single weight gives that expert',
      ...g1,
      controls: { weight: [0, 1, 0] },
      result: g1.experts[1],
      tolerance: 0,
    },
  ],
});
