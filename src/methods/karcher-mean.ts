import { defineMethod } from './define.ts';
import { type Directions, directionsOf, directionsOfProducts, karcherMean } from './parts/directions.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { sum } from './parts/sum.ts';

/** Length of the mean tangent, in radians, at which the steps end; mergekit's default is 1e-5. */
const TOLERANCE = 1e-9;

const refusal = (alpha: readonly number[]) =>
  sum(alpha) > 0 ? undefined : 'All weights are 0, and a mean of nothing has no direction: raise one of them.';

function factorsOf(directions: Directions, alpha: readonly number[], rounds: number): number[] {
  const reason = refusal(alpha);
  if (reason) throw new Error(reason);
  const total = sum(alpha);
  return karcherMean(
    directions,
    alpha.map((value) => value / total),
    rounds,
    TOLERANCE,
  );
}

export default defineMethod({
  id: 'karcher-mean',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Karcher mean',
  family: 'geometry',
  formula: String.raw`\theta = \theta_0 + u \sum_t \alpha_t \lVert\tau_t\rVert,\qquad u = \arg\min_{\lVert u\rVert = 1} \sum_t \alpha_t\, \angle(u, \tau_t)^2`,
  summary:
    'Takes the direction with the smallest squared angles to all changes, and the average of their lengths, tensor by tensor.',
  helps: 'Several experts whose changes point in different directions: the mean stays as long as they are.',
  hurts: 'Experts whose changes oppose each other: the mean direction is then hardly theirs, at full length.',
  limits: 'A single α above 0 gives that expert; two equal α are half way along the arc between two experts.',
  reference: {
    title: 'Functionality-Oriented LLM Merging on the Fisher–Rao Manifold',
    year: 2026,
    url: 'https://arxiv.org/abs/2603.04972',
  },
  aliases: ['karcher', 'Fréchet mean', 'Riemannian mean', 'spherical mean', 'geodesic average'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    alpha: {
      per: 'expert',
      stage: 'combine',
      symbol: 'α',
      name: 'weight',
      min: 0,
      max: 1,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'This expert’s share; the weights are divided by their sum.',
    },
    rounds: {
      per: 'method',
      stage: 'combine',
      symbol: 'k',
      name: 'largest number of steps',
      min: 0,
      max: 100,
      step: 1,
      default: 10,
      integer: true,
      snaps: [0, 10],
      help: 'Steps towards the mean; 0 is the renormalised average, from which they start. They end by themselves at the mean.',
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
        {
          value: 'weights',
          name: 'whole weights',
          help: 'The tensors themselves, as in mergekit; the base is not used.',
        },
      ],
      help: 'Fine-tunes of one base are almost parallel as whole weights, but not in what they changed.',
    },
  },
  notes: [
    'mergekit averages whole weights with equal shares and stops its steps at a tangent of 1e-5; here the changes are the default, every expert has its α, and the steps end at 1e-9.',
    'mergekit cites a paper about the Fisher–Rao manifold but computes the mean on the plain sphere, as here.',
    'A tensor that an expert did not change has no direction; it counts in the average length, as in mergekit.',
  ],
  mergekit: [
    {
      method: 'karcher',
      when: { space: 'weights' },
      parameters: { max_iter: { control: 'rounds' }, tol: 0.000001 },
      inexact: [{ say: 'mergekit gives every model the same share: the weights are left out where they differ.' }],
      reading: { defaults: { max_iter: 10 }, ignored: ['tol'], baseIsModel: true },
    },
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
  combine: ({ rows, directions, onBase }, { alpha, rounds }) => {
    const factors = factorsOf(directions, alpha, rounds);
    return weightedSum(rows, onBase ? [1 - sum(factors), ...factors] : factors);
  },
  weighted: {
    products: ({ space }) => (space === 'weights' ? 'experts' : 'taskVectors'),
    factors: ({ alpha, rounds, space }, products) => {
      const factors = factorsOf(directionsOfProducts(products), alpha, rounds);
      return [space === 'weights' ? 0 : 1 - sum(factors), ...factors];
    },
  },
  check: ({ alpha }) => refusal(alpha),
  laws: ['copies-give-the-copy', 'one-expert-gives-expert'],
  examples: [
    {
      note: 'G1 golden, checked against mergekit',
      ...g1,
      controls: { rounds: 100 },
      result: [0.950117, 0.20056, -0.074835, 1.76464, 2.941051, -1.175567, 0.110032, 0.555214],
    },
    {
      note: 'two changes at a right angle: half way along the arc, at their mean length',
      base: [1, 1],
      experts: [
        [2, 1],
        [1, 4],
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
      note: 'a single weight gives that expert',
      ...g1,
      controls: { alpha: [0, 0.5, 0] },
      result: g1.experts[1],
      tolerance: 0,
    },
  ],
});
