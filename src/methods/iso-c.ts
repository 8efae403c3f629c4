import { polar } from '../core/linalg/polar.ts';
import { defineMethod } from './define.ts';
import { isSpectral } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

/**
 * The isotropic change of one matrix, σ̄ · U Vᵀ with D = U diag(σ) Vᵀ and σ̄ the mean of the singular values above
 * rcond · σ₁ (Marczak et al. 2025, algorithm 1, restricted to the numerical rank).
 * @param sum D = Σ_t c_t τ_t, [rows, cols]
 */
function isotropic(sum: Float64Array, rows: number, cols: number): Float64Array {
  const { q, rank, nuclearNorm } = polar(sum, rows, cols);
  const mean = rank > 0 ? nuclearNorm / rank : 0;
  return q.map((value) => mean * value);
}

export default defineMethod({
  id: 'iso-c',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Iso-C',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \lambda\,\bar\sigma\,U V^\top,\quad U\,\mathrm{diag}(\sigma)\,V^\top = \textstyle\sum_t c_t\,(\theta_t - \theta_0),\quad \bar\sigma = \tfrac1r \sum_j \sigma_j`,
  summary: 'Adds the experts’ changes, then makes every direction of each weight matrix’s change equally strong.',
  helps: 'Many experts, when a few strong directions of the summed change drown the weaker skills.',
  hurts: 'One or two experts: weak directions that are mostly noise are strengthened too.',
  limits: 'λ = 0 gives the base. A single expert is not reproduced: its change is flattened as well.',
  reference: {
    title: 'No Task Left Behind: Isotropic Model Merging with Common and Task-Specific Subspaces',
    authors: 'Marczak et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.04959',
  },
  aliases: ['isotropic merging', 'iso'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'strength',
      min: 0,
      max: 3,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of the flattened change is added to the base.',
    },
    c: {
      per: 'expert',
      stage: 'prepare',
      symbol: 'c',
      name: 'weight before flattening',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'Scales this expert’s change before the changes are added and flattened; 0 leaves it out.',
    },
  },
  notes: [
    'Biases, norms and embeddings (the patch embedding too, which the paper’s networks store as a convolution) get the mean of c·change over the experts instead; λ scales that mean as well. The paper’s sum applies to matrices only.',
    'Directions with a singular value below one millionth of the largest are left at zero and not counted in the mean. The official code fills them with arbitrary directions of the mean strength; for matrices of full rank both agree.',
    'The weights c are an addition of this studio; at 1 the method is the paper’s.',
  ],
  result: 'single',
  async prepare({ piece, base, taskVectors }, { c }) {
    const [start, changes] = await Promise.all([hostRow(base), hostRows(taskVectors)]);
    const sum = new Float64Array(base.size);
    for (const [t, change] of changes.entries()) {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (c[t] as number) * (change[i] as number);
    }
    const [parameter] = piece.tensors;
    const merged =
      parameter && isSpectral(parameter)
        ? isotropic(sum, base.shape[0] as number, base.shape[1] as number)
        : sum.map((value) => value / changes.length);
    return { ...stackArrays([start, Float32Array.from(merged)]), shape: base.shape };
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'Singular values 3 and 1 become 2 and 2.',
      base: [1, 0, 0, 1],
      experts: [[4, 0, 0, 2]],
      shape: [2, 2],
      result: [3, 0, 0, 3],
    },
    {
      note: 'Two experts; a wide matrix: the sum has singular values 6 and 2.',
      base: [0, 0, 0, 0, 0, 0],
      experts: [
        [6, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, -2],
      ],
      shape: [2, 3],
      controls: { lambda: 0.5 },
      result: [2, 0, 0, 0, 0, -2],
    },
    {
      note: 'Of rank one: the missing directions stay missing, whatever the decomposition would fill in.',
      base: [0, 0, 0, 0],
      experts: [[1, 1, 1, 1]],
      shape: [2, 2],
      result: [1, 1, 1, 1],
    },
    {
      note: 'Vectors are averaged, each expert scaled by its c.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { c: [1, 2], lambda: 0.5 },
      result: [1.5, 3],
    },
  ],
});
