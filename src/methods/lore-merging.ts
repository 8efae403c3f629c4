import { quickSvd } from '../core/linalg/svd.ts';
import { defineMethod, type Piece } from './define.ts';
import { ballotOf, elect } from './parts/elect.ts';
import { compose, firstOf, isSpectral } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';
import { cutsOf, surveyOf, trimmedRows } from './parts/trim.ts';

/** The estimated base and what each expert adds to it, rows·cols numbers each. */
interface Estimate {
  readonly base: Float32Array;
  readonly changes: readonly Float32Array[];
}

function meanOf(vectors: readonly ArrayLike<number>[], less: readonly Float64Array[] = []): Float64Array {
  const out = new Float64Array(vectors[0]?.length ?? 0);
  for (const [t, vector] of vectors.entries()) {
    const away = less[t];
    for (let i = 0; i < out.length; i++) {
      out[i] = (out[i] as number) + ((vector[i] as number) - (away?.[i] ?? 0)) / vectors.length;
    }
  }
  return out;
}

/**
 * LoRE's alternation: θ̂ ← mean(θₜ − δₜ), then every δₜ ← U max(σ − μ, 0) Vᵀ of θₜ − θ̂ (Liu et al. 2025, algorithm 1).
 * @param threshold μ in units of the mean largest singular value of θₜ − mean θ
 */
async function estimate(
  experts: readonly Float32Array[],
  [rows, cols]: readonly [number, number],
  { threshold, sweeps }: { readonly threshold: number; readonly sweeps: number },
  breathe: () => Promise<void>,
): Promise<Estimate> {
  let base = meanOf(experts);
  const differences = () =>
    experts.map((expert) =>
      quickSvd(
        Float64Array.from(expert, (value, i) => value - (base[i] as number)),
        rows,
        cols,
      ),
    );
  let svds = differences();
  const mu = (threshold * svds.reduce((sum, { values }) => sum + (values[0] ?? 0), 0)) / experts.length;
  let changes: readonly Float64Array[] = [];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    if (sweep > 0) {
      await breathe();
      base = meanOf(experts, changes);
      svds = differences();
    }
    changes = svds.map((svd) => {
      const above = svd.values.findIndex((value) => !(value > mu));
      const { left, values, right } = firstOf(svd, above < 0 ? svd.count : above);
      return compose(
        left,
        values.map((value) => value - mu),
        right,
        rows,
        cols,
      );
    });
  }
  return { base: new Float32Array(base), changes: changes.map((change) => new Float32Array(change)) };
}

/** TIES of the estimated changes, each trimmed by itself within the matrix. */
async function tiesOf(values: readonly Float32Array[], piece: Piece, density: number): Promise<Float32Array> {
  const rows = trimmedRows(values, piece, cutsOf([surveyOf(piece, values)], density, 'tensor'));
  const ballot = ballotOf(rows, values.length, [piece.length]);
  const everyone = values.map(() => 1);
  const joined = elect(ballot, everyone, { merge: 'mean', zeroSign: 1 });
  const change = await hostRow(joined);
  joined.dispose();
  if ('device' in ballot) ballot.device.dispose();
  return change;
}

export default defineMethod({
  id: 'lore-merging',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'LoRE-Merging',
  family: 'spectral',
  formula: String.raw`\theta = \hat\theta_0 + \frac{\lambda}{T} \sum_t c_t\,\delta_t,\qquad \delta_t = U \max(\Sigma - \mu, 0)\,V^\top \text{ of } \theta_t - \hat\theta_0 = U \Sigma V^\top,\qquad \hat\theta_0 = \frac1T \sum_t (\theta_t - \delta_t)`,
  summary:
    'Estimates the common base from the experts alone, as what is left when each expert’s change is kept low in rank, and merges those changes.',
  helps: 'Experts with changes of low rank whose base is not known.',
  hurts:
    'Experts tuned in all weights: their changes have full rank, and the estimate is no closer to the base than the mean.',
  limits:
    'The mean of the changes with λ = 1 is the plain average of the experts, up to what N sweeps leave over. λ = 0 is the estimated base; a μ above all singular values makes it the average.',
  reference: {
    title: 'LoRE-Merging: Exploring Low-Rank Estimation For Large Language Model Merging',
    authors: 'Liu et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2502.10749',
  },
  aliases: ['LoRE', 'low-rank estimation'],
  facets: ['svd'],
  confidence: 'medium',
  needs: { base: false, experts: { min: 2 } },
  controls: {
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'strength',
      min: 0,
      max: 5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of the joined change is added to the estimated base.',
    },
    c: {
      per: 'expert',
      stage: 'combine',
      symbol: 'c',
      name: 'weight',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      when: { control: 'joining', is: 'mean' },
      help: 'This expert’s say in the mean of the changes.',
    },
    mu: {
      per: 'method',
      stage: 'prepare',
      symbol: 'μ',
      name: 'threshold',
      min: 0,
      max: 1,
      step: 0.01,
      default: 0.05,
      snaps: [0.01, 0.05],
      help: 'Singular values shrink by this, in units of the mean largest one of expert − average.',
    },
    sweeps: {
      per: 'method',
      stage: 'prepare',
      symbol: 'N',
      name: 'sweeps',
      min: 1,
      max: 100,
      step: 1,
      default: 3,
      integer: true,
      snaps: [3, 20],
      help: 'How often base and changes are estimated anew. Each sweep decomposes every matrix of every expert.',
    },
    joining: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'τ',
      name: 'joining',
      default: 'mean',
      options: [
        { value: 'mean', name: 'mean', help: 'The mean of the estimated changes.' },
        {
          value: 'elected',
          name: 'TIES',
          help: 'Trimmed within each matrix, one sign elected per weight, the mean of those that agree.',
        },
      ],
      help: 'How the estimated changes become one.',
    },
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'density',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 0.2,
      snaps: [0.2, 1],
      when: { control: 'joining', is: 'elected' },
      help: 'The part of each estimated change that TIES keeps.',
    },
  },
  notes: [
    'The true base is not used at all. With the mean and λ = 1 the result is (nearly) weight averaging: the method shows with another λ, with TIES or with few sweeps.',
    'The paper’s objective prints the squared nuclear norm, its update is this threshold; the update is what is done here. Its own settings are not known: a third party’s port takes an absolute μ of 0.01 and 20 sweeps.',
    'Fewer sweeps than the port’s are the default here, because each decomposes every matrix of every expert.',
    'Biases, norms and embeddings are averaged; the paper does not speak of them. The weights c are an addition of this studio.',
  ],
  result: 'single',
  async prepare({ piece, experts }, { mu, sweeps, joining, density }, { breathe, cache }) {
    const [parameter] = piece.tensors;
    const values = await hostRows(experts);
    const shape = experts[0]?.shape ?? [];
    // What is no matrix has no rank: its mean is the estimate, and nothing is added to it.
    if (!parameter || !isSpectral(parameter)) return { ...stackArrays([Float32Array.from(meanOf(values))]), shape };
    const [rows = 0, cols = 0] = parameter.shape;
    const { base, changes } = await cache(`LoRE estimate, threshold ${mu}, ${sweeps} sweeps`, () =>
      estimate(values, [rows, cols], { threshold: mu, sweeps }, breathe),
    );
    const count = changes.length;
    const joined =
      joining === 'elected'
        ? [await tiesOf(changes, piece, density)]
        : changes.map((change) => change.map((value) => value / count));
    return { ...stackArrays([base, ...joined]), shape };
  },
  combine: (stacked, { lambda, c, joining }) => {
    if (stacked.rows.shape[0] === 1) return weightedSum(stacked, [1]);
    return weightedSum(stacked, joining === 'elected' ? [1, lambda] : [1, ...c.map((weight) => lambda * weight)]);
  },
  laws: ['order-of-experts-is-irrelevant', 'copies-give-the-copy'],
  examples: [
    {
      note: 'One sweep by hand: ±diag(2, 1) around the mean, thresholded by 0.5 · 2, leaves ±diag(1, 0); of the first alone.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 2],
        [-1, 0, 0, 0],
      ],
      shape: [2, 2],
      controls: { mu: 0.5, sweeps: 1, c: [1, 0] },
      result: [1.5, 0, 0, 1],
    },
    {
      note: 'Thresholds above all singular values leave the average, whatever λ.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 2],
        [-1, 0, 0, 0],
      ],
      shape: [2, 2],
      controls: { mu: 1, lambda: 3 },
      result: [1, 0, 0, 1],
    },
    {
      note: 'TIES of the same changes: opposite signs elect +.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 2],
        [-1, 0, 0, 0],
      ],
      shape: [2, 2],
      controls: { mu: 0.5, sweeps: 1, joining: 'elected', density: 1, lambda: 2 },
      result: [3, 0, 0, 1],
    },
    {
      note: 'Vectors are averaged.',
      base: [9, 9],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [2, 3],
    },
  ],
});
