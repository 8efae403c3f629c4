import { quickSvd } from '../core/linalg/svd.ts';
import { countAtMost, sortedMagnitudes } from '../core/stats/order.ts';
import { defineMethod } from './define.ts';
import { firstOf, isSpectral, packed, shareOfRank, unpacked } from './parts/factor.ts';
import { hostRows } from './parts/host-rows.ts';
import { stack, stackOnBase, weightedSum } from './parts/stack.ts';
import { inOrthogonalBases } from './parts/task-singular-vectors.ts';

/** Of one tensor: ascending magnitudes of each expert's change; none of what is no matrix. */
interface Survey {
  readonly name: string;
  readonly runs: readonly Float32Array[];
}

interface Globals {
  /** Density of each matrix by name, relative to the mean over all matrices: mean 1. */
  readonly density: ReadonlyMap<string, number>;
}

/** The part of a change's entries that is larger than ε times the largest of them, averaged over experts. */
function densityOf(runs: readonly Float32Array[], epsilon: number): number {
  const dense = (run: Float32Array) => 1 - countAtMost(run, epsilon * (run.at(-1) ?? 0)) / Math.max(1, run.length);
  return runs.reduce((sum, run) => sum + dense(run), 0) / Math.max(1, runs.length);
}

/** Σ|x| of a row, of all entries and of those above mean + z·std of the row's magnitudes. */
function rowScore(row: Float32Array, z: number): { readonly all: number; readonly outliers: number } {
  const magnitudes = Float64Array.from(row, Math.abs);
  const all = magnitudes.reduce((sum, value) => sum + value, 0);
  const mean = all / row.length;
  const variance = magnitudes.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length;
  const bound = mean + z * Math.sqrt(variance);
  const outliers = magnitudes.reduce((sum, value) => (value > bound ? sum + value : sum), 0);
  return { all, outliers };
}

/**
 * Weights of every expert's rows, w_t[p] = T · o_t[p] / Σ_s o_s[p], [T][rows]. A row in which some expert has no outlier is
 * judged by all of its entries, for all experts alike.
 */
export function rowWeights(changes: readonly Float32Array[], rows: number, z: number): Float64Array[] {
  const weights = changes.map(() => new Float64Array(rows).fill(1));
  const cols = (changes[0]?.length ?? 0) / rows;
  for (let p = 0; p < rows; p++) {
    const scores = changes.map((change) => rowScore(change.subarray(p * cols, (p + 1) * cols), z));
    const comparable = scores.every(({ outliers }) => outliers > 0);
    const used = scores.map(({ all, outliers }) => (comparable ? outliers : all));
    const sum = used.reduce((total, score) => total + score, 0);
    if (sum === 0) continue;
    for (const [t, own] of weights.entries()) own[p] = (changes.length * (used[t] as number)) / sum;
  }
  return weights;
}

export default defineMethod({
  id: 'resm',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'RESM',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_t \alpha_t\,U^{\perp}_t \Sigma_t V^{\perp\top}_t,\qquad U_t \Sigma_t V_t^\top = \operatorname{top}_k\bigl((1 + s\,(w_t - 1)) \odot \tau_t\bigr),\qquad w_{t,p} = \frac{T\,o_{t,p}}{\sum_u o_{u,p}}`,
  summary:
    'TSV-Merge after weighting each expert’s rows by their outliers, with more directions for matrices whose changes are dense.',
  helps: 'Experts tuned for conflicting preferences, with few large changes that matter and much noise.',
  hurts: 'Experts whose changes have no heavy tails: the weights then follow chance.',
  limits: 's = 0 is TSV-Merge. α = 0 gives the base.',
  reference: {
    title:
      'Mix Data or Merge Models? Balancing the Helpfulness, Honesty, and Harmlessness of Large Language Model via Model Merging',
    authors: 'Yang et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.06876',
  },
  aliases: ['R-TSVM', 'reweighting enhanced task singular merging'],
  facets: ['svd'],
  confidence: 'low',
  needs: { base: true, experts: { min: 1 } },
  controls: {
    alpha: {
      per: 'expert',
      stage: 'combine',
      symbol: 'α',
      name: 'strength',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of this expert’s turned change is added.',
    },
    s: {
      per: 'method',
      stage: 'prepare',
      symbol: 's',
      name: 'reweighting',
      min: 0,
      max: 1,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'From TSV-Merge at 0 to full weights for rows and full differences of rank at 1.',
    },
    z: {
      per: 'method',
      stage: 'prepare',
      symbol: 'z',
      name: 'outliers from',
      min: 0,
      max: 6,
      step: 0.25,
      default: 3,
      snaps: [3],
      help: 'An entry is an outlier when its size is this many standard deviations above the mean of its row.',
    },
    epsilon: {
      per: 'method',
      stage: 'prepare',
      symbol: 'ε',
      name: 'counts as changed',
      min: 0,
      max: 0.5,
      step: 0.01,
      default: 0.1,
      help: 'Entries above this share of a matrix’s largest change count as changed; the denser a matrix, the higher its rank.',
    },
  },
  notes: [
    'A reconstruction: the paper’s formulas are not known to us in full. Certain are TSV-Merge underneath, weights from outliers, and a rank for each layer from its sparsity.',
    'A row in which some expert has no outlier is judged by the sum of all its entries. Ranks are ⌊r/T⌋ times the density relative to the mean over all matrices, never above ⌊r/T⌋ and at least 1.',
    'Biases, norms and embeddings are the mean of α·change over the experts. A strength α for each expert is an addition of this studio.',
  ],
  result: 'single',
  survey: async (input): Promise<Survey> => {
    const [parameter] = input.piece.tensors;
    const runs = parameter && isSpectral(parameter) ? (await hostRows(input.taskVectors)).map(sortedMagnitudes) : [];
    return { name: parameter?.name ?? '', runs };
  },
  conclude: (surveys, { epsilon }): Globals => {
    const densities = surveys
      .filter(({ runs }) => runs.length > 0)
      .map(({ name, runs }) => ({ name, density: densityOf(runs, epsilon) }));
    const mean = densities.reduce((sum, { density }) => sum + density, 0) / Math.max(1, densities.length);
    return { density: new Map(densities.map(({ name, density }) => [name, mean > 0 ? density / mean : 1])) };
  },
  async prepare(input, { s, z }, { cache }) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter))
      return { rows: stack([input.base, ...input.taskVectors]), share: 1 / input.taskVectors.length };
    const [rows = 0, cols = 0] = parameter.shape;
    const svds = await cache(
      `thin SVD of task vectors with rows weighted by outliers, z ${z}, strength ${s}`,
      async () => {
        const vectors = await hostRows(input.taskVectors);
        const weights = rowWeights(vectors, rows, z);
        return vectors.map((vector, t) => {
          const weightOf = (i: number) => 1 + s * ((weights[t]?.[Math.floor(i / cols)] ?? 1) - 1);
          const weighted = Float64Array.from(vector, (value, i) => value * weightOf(i));
          return packed(quickSvd(weighted, rows, cols));
        });
      },
    );
    const most = shareOfRank(Math.min(rows, cols), 1 / svds.length);
    const density = input.globals.density.get(parameter.name) ?? 1;
    const k = Math.max(1, Math.min(most, Math.round(most * (1 + s * (density - 1)))));
    const kept = svds.map((svd) => firstOf(unpacked(svd), k));
    return { rows: stackOnBase(input.base, inOrthogonalBases(kept, rows, cols)), share: 1 };
  },
  combine: ({ rows, share }, { alpha }) => weightedSum(rows, [1, ...alpha.map((each) => share * each)]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'Without reweighting: TSV-Merge of orthogonal experts, their exact sum.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [0, 0, 0, 2],
      ],
      shape: [2, 2],
      controls: { s: 0 },
      result: [3, 0, 0, 2],
    },
    {
      note: 'Each row belongs to one expert alone, which therefore counts twice there.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [0, 0, 0, 2],
      ],
      shape: [2, 2],
      result: [6, 0, 0, 4],
    },
    {
      note: 'Experts that are alike have weights of one; half way as well.',
      base: [1, 1, 1, 1],
      experts: [
        [4, 1, 1, 2],
        [4, 1, 1, 2],
      ],
      shape: [2, 2],
      controls: { s: 0.5 },
      result: [4, 1, 1, 1],
    },
  ],
});
