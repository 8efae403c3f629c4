import { defineMethod } from './define.ts';
import { isSpectral, taskSvds } from './parts/factor.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';
import { superposed } from './parts/superpose.ts';

export default defineMethod({
  id: 'stf',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'STF',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t \sum_{r \le R} c_{tr}\, u_{tr} v_{tr}^\top,\qquad u_{tr}^\top \Bigl(\sum_{s,k} c_{sk}\, u_{sk} v_{sk}^\top\Bigr) v_{tr} = \sigma_{tr}`,
  summary: 'Solves for one matrix that answers each expert’s input features with that expert’s output features.',
  helps: 'Experts whose directions overlap: what they share is not counted twice, what differs does not disturb.',
  hurts: 'Many experts in small matrices, where the features no longer fit beside each other and the answers grow.',
  limits: 'λ = 0 gives the base. One expert, or copies of it, give that expert; orthogonal experts give their sum.',
  reference: {
    title: 'Superpose Task-specific Features for Model Merging',
    year: 2025,
    url: 'https://github.com/LARS-research/STF',
  },
  aliases: ['superpose singular features', 'SFTM', 'superposition'],
  facets: ['svd'],
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
      help: 'Scales this expert’s directions after the system was solved; the paper has one λ for all.',
    },
    q: {
      per: 'method',
      stage: 'prepare',
      symbol: 'R/r',
      name: 'directions kept',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 1,
      snaps: [0.5, 1],
      help: 'The part of each change’s singular directions that takes part, strongest first.',
    },
  },
  notes: [
    'Written from the abstract and the derivation; the authors’ code was not read, and their default for R is unknown.',
    'Biases and embeddings get the sum of the experts’ changes, norms their mean; λ scales those too.',
    'Directions with a singular value below one millionth of the largest are rounding noise and left out. Where the constraints contradict each other, they hold in the sense of least squares.',
    'All experts’ directions of one matrix together are at most 1,500; R is cut where there would be more.',
  ],
  result: 'single',
  async prepare(input, { q }, context) {
    const { base, piece } = input;
    const [parameter] = piece.tensors;
    const vectors = await hostRows(input.taskVectors);
    const start = await hostRow(base);
    const [rows = 1, cols = 1] = base.shape;
    if (!parameter || !isSpectral(parameter)) {
      const share = parameter?.role === 'norm' ? 1 / vectors.length : 1;
      return { ...stackArrays([start, ...vectors.map((vector) => vector.map((v) => share * v))]), shape: base.shape };
    }
    const svds = await taskSvds(input, context);
    const parts = superposed(svds, rows, cols, q).map((part) => Float32Array.from(part));
    return { ...stackArrays([start, ...parts]), shape: base.shape };
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  // It is linear in λ, but where features nearly coincide the answers are too large for the tolerance of that law.
  laws: ['zero-gives-base', 'one-expert-gives-expert'],
  examples: [
    {
      note: 'G1 golden, all directions',
      ...g1,
      result: [0.937142, -0.136745, 1.081646, 0.897431, 4.009973, -1.308797, 0.279999, -0.937449],
      tolerance: 2e-6,
    },
    {
      note: 'G1 golden, one direction of each expert',
      ...g1,
      controls: { q: 0.5 },
      result: [0.316049, -0.862534, 0.66388, 1.654898, 3.075911, -1.765881, 0.126907, 1.172953],
      tolerance: 2e-6,
    },
    {
      note: 'Experts with different rows and columns add up.',
      shape: [2, 2],
      base: [1, 1, 1, 1],
      experts: [
        [3, 1, 1, 1],
        [1, 1, 1, 4],
      ],
      result: [3, 1, 1, 4],
    },
    {
      note: 'A vector gets the sum.',
      base: [1, 1],
      experts: [
        [2, 1],
        [3, 0],
      ],
      result: [4, 0],
    },
  ],
});
