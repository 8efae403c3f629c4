import * as tf from '@tensorflow/tfjs-core';
import { dot, matmul } from '../core/linalg/matrix.ts';
import { type Svd, thinSvd } from '../core/linalg/svd.ts';
import { defineMethod } from './define.ts';
import { compose, firstOf, isSpectral, numericalRank } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';

/** Squared lengths below this do not divide (official code). */
const SMALLEST = 1e-12;

interface Overlap {
  /** The merged change. */
  readonly svd: Svd;
  /** s_q^t by direction, then by expert: how often expert t's share of direction q is in the merged change. */
  readonly counted: readonly Float64Array[];
}

/** s_q^t = ⟨u_qᵀ D, u_qᵀ τ_t⟩ / ‖u_qᵀ τ_t‖² (Li et al. 2026, equation 8), with u_qᵀ D = σ_q v_qᵀ. */
function overlapOf(change: Float32Array, vectors: readonly Float32Array[], rows: number, cols: number): Overlap {
  const whole = thinSvd(change, rows, cols);
  const svd = firstOf(whole, numericalRank(whole.values));
  const { count, left, values, right } = svd;
  const byExpert = vectors.map((vector) => matmul(left, Float64Array.from(vector), count, rows, cols));
  const counted = Array.from({ length: count }, (_, q) => {
    const at = q * cols;
    return Float64Array.from(byExpert, (response) => {
      const product = (values[q] as number) * dot(right, at, response, at, cols);
      return product / Math.max(SMALLEST, dot(response, at, response, at, cols));
    });
  });
  return { svd, counted };
}

/** Σ_q γ_q σ_q u_q v_qᵀ with γ_q = T / Σ_t max(α, s_q^t). */
function calibrated({ svd: { left, values, right }, counted }: Overlap, alpha: number, rows: number, cols: number) {
  const weights = values.map((value, q) => {
    const shares = counted[q] as Float64Array;
    return (value * shares.length) / shares.reduce((sum, share) => sum + Math.max(alpha, share), 0);
  });
  return compose(left, weights, right, rows, cols);
}

export default defineMethod({
  id: 'svc',
  revision: 1,
  kind: 'post',
  scope: 'tensor',
  name: 'Singular Value Calibration',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_q \gamma_q \sigma_q u_q v_q^\top,\qquad \gamma_q = \frac{T}{\sum_t \max(\alpha, s_q^t)},\qquad s_q^t = \frac{\langle u_q^\top D,\; u_q^\top \tau_t \rangle}{\lVert u_q^\top \tau_t \rVert^2},\qquad D = \textstyle\sum_q \sigma_q u_q v_q^\top \text{ merged}`,
  summary:
    'After any merge: weakens directions of the merged change that several experts share and that were therefore counted more than once.',
  helps: 'Sums of similar experts, whose common directions drown the others.',
  hurts:
    'Merges whose strength was tuned already: a common factor is undone where all experts are counted at least α times.',
  limits: 'One expert, scaled by at least α, comes back as it was. An α above all shares shrinks everything to 1/α.',
  reference: {
    title: 'When Shared Knowledge Hurts: Spectral Over-Accumulation in Model Merging',
    authors: 'Li et al.',
    year: 2026,
    url: 'https://arxiv.org/abs/2602.05536',
  },
  aliases: ['SVC', 'subspace consistency spectral calibration'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'least share',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 0.1,
      snaps: [0.1, 1],
      help: 'An expert’s share of a direction counts as at least this. Higher shrinks more; lower lets rare directions grow.',
    },
  },
  notes: [
    'Weight matrices only; biases, norms and embeddings (the patch embedding too) stay as they were merged.',
    'FusionBench’s documentation calls a higher α more aggressive; by the formula it lowers γ, and a lower α lets weak directions grow.',
    'A strength λ of the merge has no effect where all shares exceed α, since the calibration divides it out.',
    'Directions below one millionth of the largest are rounding and are left out.',
  ],
  async edit(change, input, { alpha }, { cache, breathe }) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter)) return change;
    const [rows = 0, cols = 0] = parameter.shape;
    const overlap = await cache('SVC shares of every direction of the merged change', async () => {
      const [merged, vectors] = await Promise.all([hostRow(change), hostRows(input.taskVectors)]);
      await breathe();
      return overlapOf(merged, vectors, rows, cols);
    });
    return tf.tensor(Float32Array.from(calibrated(overlap, alpha, rows, cols)), change.shape);
  },
  laws: ['order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'The mean of two experts in directions of their own: each is there half, the other not at all, so γ = 2/(0.5 + 0.1).',
      base: [0, 0, 0, 0],
      experts: [
        [6, 0, 0, 0],
        [0, 0, 0, 3],
      ],
      shape: [2, 2],
      result: [10, 0, 0, 5],
    },
    {
      note: 'Copies: their mean counts each once, and stays.',
      base: [1, 1, 1, 1],
      experts: [
        [2, 3, 4, 6],
        [2, 3, 4, 6],
      ],
      shape: [2, 2],
      result: [1, 2, 3, 5],
    },
    {
      note: 'An α of 1 above all shares: the mean is as it was.',
      base: [0, 0, 0, 0],
      experts: [
        [6, 0, 0, 0],
        [0, 0, 0, 3],
      ],
      shape: [2, 2],
      controls: { alpha: 1 },
      result: [3, 0, 0, 1.5],
    },
    {
      note: 'Vectors stay.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [1, 2],
    },
  ],
});
