import { dot, matmul, transposed } from '../core/linalg/matrix.ts';
import { quickSvd } from '../core/linalg/svd.ts';
import type { BaseContext } from './context.ts';
import { defineMethod, type Piece } from './define.ts';
import { compose, isSpectral, numericalRank } from './parts/factor.ts';
import { hostRows } from './parts/host-rows.ts';
import { stackOnBase, weightedSum } from './parts/stack.ts';

/** Choosing this many arrived experts means all of them, however many a recipe has. */
const ALL_ARRIVED = 8;

const norm = (x: Float64Array) => Math.sqrt(dot(x, 0, x, 0, x.length));

/** Index of the first singular value at which more than the share α of their sum is reached (official code: argmax of cumsum / sum > α). */
function blockedDirections(values: Float64Array, alpha: number): number {
  const wanted = alpha * values.reduce((sum, value) => sum + value, 0);
  let reached = 0;
  return Math.max(
    0,
    values.findIndex((value) => {
      reached += value;
      return reached > wanted;
    }),
  );
}

/**
 * What of a newcomer's change is left when the merged change's leading directions and its own diagonal are blocked:
 * U P Vᵀ with P = Uᵀ τ V, P[0:s, 0:s] = 0 and diag P = 0 (Tang et al. 2025, equations 6–8; here without completing U and V,
 * since all other entries of P are kept: τ − U_s U_sᵀ τ V_s V_sᵀ − Σ_{j ≥ s} (u_jᵀ τ v_j) u_j v_jᵀ).
 */
function projected(
  change: Float64Array,
  merged: Float64Array,
  alpha: number,
  rows: number,
  cols: number,
): Float64Array {
  const { left, values, right } = quickSvd(merged, rows, cols);
  const rank = numericalRank(values);
  const s = blockedDirections(values, alpha);
  // [rank, cols]: row j is u_jᵀ τ.
  const responses = matmul(left.subarray(0, rank * rows), change, rank, rows, cols);
  const inside = matmul(responses.subarray(0, s * cols), transposed(right.subarray(0, s * cols), s, cols), s, cols, s);
  const block = matmul(inside, right.subarray(0, s * cols), s, s, cols);
  // Rows that are subtracted after they are turned back by U: the block's for j < s, the diagonal's beyond.
  const blocked = Float64Array.from({ length: rank * cols }, (_, at) => {
    const j = Math.floor(at / cols);
    return j < s ? (block[at] as number) : (right[at] as number);
  });
  const weights = Float64Array.from({ length: rank }, (_, j) =>
    j < s ? 1 : dot(responses, j * cols, right, j * cols, cols),
  );
  const away = compose(left.subarray(0, rank * rows), weights, blocked, rows, cols);
  return change.map((value, i) => value - (away[i] as number));
}

interface Trajectory {
  /** M_t after each arrival, flat. */
  readonly merged: readonly Float64Array[];
  /** λ_t. */
  readonly scales: readonly number[];
  /** ‖τ̃_t‖ / ‖τ_t‖ over the whole network. */
  readonly kept: readonly number[];
}

async function arrive(
  vectors: readonly Float64Array[],
  { tensors }: Piece,
  alpha: number,
  { progress, breathe }: Pick<BaseContext, 'progress' | 'breathe'>,
): Promise<Trajectory> {
  const [first = new Float64Array(), ...others] = vectors;
  const merged = [first];
  const scales = [1];
  const kept = [1];
  const lengths = [norm(first)];
  for (const [t, vector] of others.entries()) {
    const previous = merged[t] as Float64Array;
    const rest = Float64Array.from(vector);
    progress(t, others.length, 'OPCM: projecting newcomers');
    await breathe();
    for (const tensor of tensors) {
      if (!isSpectral(tensor)) continue;
      const { start, length, shape } = tensor;
      const [rows = 0, cols = 0] = shape;
      const own = (of: Float64Array) => of.subarray(start, start + length);
      rest.set(projected(own(vector), own(previous), alpha, rows, cols), start);
    }
    const sum = rest.map((value, i) => value + (scales[t] as number) * (previous[i] as number));
    lengths.push(norm(vector));
    const wanted = lengths.reduce((total, each) => total + each, 0) / lengths.length;
    const scale = wanted > 0 ? norm(sum) / wanted : 1;
    merged.push(scale > 0 ? sum.map((value) => value / scale) : sum);
    scales.push(scale > 0 ? scale : 1);
    kept.push(norm(vector) > 0 ? norm(rest) / norm(vector) : 1);
  }
  return { merged, scales, kept };
}

export default defineMethod({
  id: 'opcm',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'OPCM',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + M_T,\qquad M_t = \frac{\lambda_{t-1} M_{t-1} + \mathcal{P}_\alpha(\tau_t)}{\lambda_t},\qquad \lVert M_t \rVert = \frac1t \sum_{s \le t} \lVert \tau_s \rVert,\qquad M_1 = \tau_1`,
  summary:
    'Adds experts one after the other; of each newcomer only what does not touch the directions that the merged change already uses.',
  helps: 'Experts that arrive over time: only the merged network is kept, and its change never grows too long.',
  hurts: 'The order matters, and late experts that need the same directions as early ones lose most.',
  limits: 'One expert is reproduced. α = 0 blocks only what changes the strength of directions in use.',
  reference: {
    title: 'Merging Models on the Fly Without Retraining: A Sequential Approach to Scalable Continual Model Merging',
    authors: 'Tang et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2501.09522',
  },
  aliases: ['orthogonal projection-based continual merging', 'continual merging'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 }, order: true },
  controls: {
    alpha: {
      per: 'method',
      stage: 'prepare',
      symbol: 'α',
      name: 'blocked share',
      min: 0,
      max: 0.99,
      step: 0.01,
      default: 0.5,
      snaps: [0, 0.5],
      help: 'Directions that together hold this share of the merged change’s singular values are closed to newcomers.',
    },
    arrived: {
      per: 'method',
      stage: 'combine',
      symbol: 't',
      name: 'experts arrived',
      min: 1,
      max: ALL_ARRIVED,
      step: 1,
      default: ALL_ARRIVED,
      integer: true,
      help: 'Shows the network after so many arrivals; at the right end after all.',
    },
  },
  notes: [
    'Weight matrices are projected; biases, norms and embeddings (the patch embedding too) are added as they are.',
    'The number of blocked directions follows the official code, which is one less than FusionBench’s documentation says.',
    'The diagonal is blocked only where the merged change has a direction at all. The official code also blocks it for arbitrary directions without strength, so for merged changes of low rank its result depends on the decomposition.',
    'The order is that of the recipe; the official code shuffles it.',
  ],
  result: 'single',
  async prepare(input, { alpha }, context) {
    const vectors = (await hostRows(input.taskVectors)).map((vector) => Float64Array.from(vector));
    const { merged, scales, kept } = await arrive(vectors, input.piece, alpha, context);
    return { rows: await stackOnBase(input.base, merged), scales, kept };
  },
  combine: ({ rows, scales }, { arrived }) => {
    const shown = arrived >= ALL_ARRIVED ? scales.length : Math.min(arrived, scales.length);
    return weightedSum(rows, [1, ...scales.map((_, t) => (t + 1 === shown ? 1 : 0))]);
  },
  readout: ({ scales, kept }) => ({
    curves: [
      { name: 'part of each newcomer that is kept', values: kept },
      { name: 'λ', values: scales },
    ],
  }),
  laws: ['one-expert-gives-expert', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'A newcomer in other directions joins in full; both are shortened to the mean length of 3 and 4.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [0, 0, 0, 4],
      ],
      shape: [2, 2],
      result: [2.1, 0, 0, 2.8],
    },
    {
      note: 'A copy is blocked altogether.',
      base: [1, 0, 0, 1],
      experts: [
        [4, 0, 0, 2],
        [4, 0, 0, 2],
      ],
      shape: [2, 2],
      result: [4, 0, 0, 2],
    },
    {
      note: 'Of 9, 5 and 1, two directions hold 93 %: at α = 95 % nothing is added among them, nor to the strength of any.',
      base: [0, 0, 0, 0, 0, 0, 0, 0, 0],
      experts: [
        [9, 0, 0, 0, 5, 0, 0, 0, 1],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
      ],
      shape: [3, 3],
      controls: { alpha: 0.95 },
      result: [9, 0, 3, 0, 5, 6, 7, 8, 1].map(
        (value) => (value * (Math.sqrt(107) + Math.sqrt(285))) / (2 * Math.sqrt(265)),
      ),
      tolerance: 2e-6,
    },
    {
      note: 'After the first arrival there is only the first expert.',
      base: [0, 0, 0, 0],
      experts: [
        [9, 0, 0, 1],
        [5, 7, 8, 9],
      ],
      shape: [2, 2],
      controls: { arrived: 1 },
      result: [9, 0, 0, 1],
    },
    {
      note: 'Vectors are added as they are, then shortened to the mean length.',
      base: [1, 1],
      experts: [
        [4, 1],
        [1, 5],
      ],
      result: [3.1, 3.8],
    },
  ],
});
