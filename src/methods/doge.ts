import { RCOND } from '../core/linalg/polar.ts';
import { type Svd, thinSvd } from '../core/linalg/svd.ts';
import { defineMethod } from './define.ts';
import { rootMeanSquare } from './parts/adam.ts';
import { isSpectral, taskSvds } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { correction, withoutShared } from './parts/shared-correction.ts';
import { stack, stackArrays, weightedSum } from './parts/stack.ts';
import { type Cuts, cutsOf, type Survey, surveyOf, trim } from './parts/trim.ts';

const norm = (vector: Float32Array) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** λ_i = η · mean_j ‖Δ_j‖ / ‖Δ_i‖; an expert that changed nothing here has nothing to be scaled. */
function scalesOf(vectors: readonly Float32Array[], eta: number): readonly number[] {
  const norms = vectors.map(norm);
  const mean = norms.reduce((sum, value) => sum + value, 0) / norms.length;
  return norms.map((value) => (value > 0 ? (eta * mean) / value : 0));
}

/**
 * The subspace of outputs that the experts share: the first ⌊r/divisor⌋ left singular vectors of all experts' first ⌊r/T⌋ side by side.
 * @returns rows are its orthonormal directions, [any, rows]
 */
function sharedSubspace(svds: readonly Svd[], divisor: number, rows: number): Float64Array {
  if (svds.length === 0) return new Float64Array(0);
  const count = svds[0]?.count ?? 0;
  const each = Math.floor(count / svds.length);
  const stacked = new Float64Array(svds.length * each * rows);
  for (const [i, { left }] of svds.entries()) stacked.set(left.subarray(0, each * rows), i * each * rows);
  if (each === 0) return new Float64Array(0);
  const { right, values } = thinSvd(stacked, svds.length * each, rows);
  const sound = values.filter((value) => value > RCOND * (values[0] ?? 0)).length;
  return right.slice(0, Math.min(Math.floor(count / divisor), sound) * rows);
}

export default defineMethod({
  id: 'doge',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'DOGE',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_i c_i\,\lambda_i\,(\tau_i + \delta) \odot \operatorname{top}_K(\tau_i),\quad \lambda_i = \eta\,\frac{\overline{\lVert\tau\rVert}}{\lVert\tau_i\rVert},\quad \delta = \arg\min \sum_j \sum_{\text{rows}} \Bigl\langle \tau_j,\ \tau_j - \sum_i \lambda_i(\tau_i + \delta)\Bigr\rangle^2 \text{ by } k \text{ steps } (I - P_{d})\,g \text{ of size } r\quad(x)`,
  summary:
    'Learns one correction for all experts that closes the gaps between merge and experts, without touching the subspace they share.',
  helps: 'Experts whose scaled sum falls short along each one’s own rows; no data are needed.',
  hurts:
    'Skills that live in biases, norms or embeddings: those stay at the base. And whatever lies below the threshold of K.',
  limits:
    'No steps and K = 100 %: Task Arithmetic on the matrices, with λᵢ that make all experts equally long. All c = 0 give the base.',
  reference: {
    title: 'Modeling Multi-Task Model Merging as Adaptive Projective Gradient Descent',
    authors: 'Wei et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2501.01230',
  },
  aliases: ['adaptive projective gradient descent', 'DOGE-TA'],
  facets: ['svd', 'optimiser', 'masks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    c: {
      per: 'expert',
      stage: 'combine',
      symbol: 'c',
      name: 'coefficient',
      min: -0.5,
      max: 3,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'Scales this expert’s part of the result; the correction was learned for 1.',
    },
    eta: {
      per: 'method',
      stage: 'prepare',
      symbol: 'η',
      name: 'strength',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 0.3,
      snaps: [0.3],
      help: 'Length of each expert’s scaled change, in units of their mean length in the matrix.',
    },
    K: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'kept, in percent',
      min: 5,
      max: 100,
      step: 5,
      default: 30,
      snaps: [30, 100],
      help: 'Only so many percent of an expert’s changes are used, the largest of all its matrices; 100 keeps all.',
    },
    steps: {
      per: 'method',
      stage: 'prepare',
      symbol: 'k',
      name: 'steps',
      min: 0,
      max: 600,
      step: 20,
      default: 400,
      integer: true,
      snaps: [0, 400],
      help: 'How long the correction is learned; 0 leaves it out.',
    },
    rate: {
      per: 'method',
      stage: 'prepare',
      symbol: 'r',
      name: 'step size',
      min: 0.005,
      max: 0.3,
      step: 0.005,
      default: 0.03,
      snaps: [0.03],
      help: 'How far one step may move a weight, in units of the root mean square of the changes.',
    },
    divisor: {
      per: 'method',
      stage: 'prepare',
      symbol: 'd',
      name: 'divisor of the subspace',
      min: 3,
      max: 24,
      step: 1,
      default: 6,
      integer: true,
      snaps: [6],
      help: 'The shared subspace has 1/d of all directions: the larger, the freer the correction.',
    },
    exact: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'x',
      name: 'end of learning',
      default: 'as-published',
      options: [
        {
          value: 'as-published',
          name: 'as published',
          help: 'Only gradients are projected; Adam’s scaling lets a little through.',
        },
        {
          value: 'projected',
          name: 'projected',
          help: 'The correction too is projected at the end: the shared subspace stays exactly as it is.',
        },
      ],
      help: 'Whether the correction may reach into the shared subspace a little.',
    },
  },
  notes: [
    'The abstract speaks of gradients projected within the shared subspace; the code removes that component, as here.',
    'In the official code η = 0.07 is the length of every scaled change and a step is 0.0001: both are told here in units of the changes, for networks whose changes are larger.',
    'The masks come from the changes, not from the corrected ones. K = 100 % fails in the official code; here it means no mask.',
    'As in the official code biases, norms and embeddings stay at the base.',
    'The coefficients c are an addition of this studio; at 1 the method is the paper’s.',
  ],
  result: 'single',
  survey: async (input): Promise<Survey | undefined> => {
    const [parameter] = input.piece.tensors;
    return parameter && isSpectral(parameter) ? surveyOf(input.piece, await hostRows(input.taskVectors)) : undefined;
  },
  conclude: (surveys, { K }): Cuts =>
    cutsOf(
      surveys.flatMap((survey) => survey ?? []),
      K / 100,
      'global',
    ),
  async prepare(input, { eta, steps, rate, divisor, exact }, context) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter)) return { rows: stack([input.base]), experts: 0 };
    const changes = await hostRows(input.taskVectors);
    const [rows = 1, cols = 1] = input.base.shape;
    const scales = scalesOf(changes, eta);
    const delta = await context.cache(`DOGE’s correction ${eta} ${steps} ${rate} ${divisor} ${exact}`, async () => {
      const svds = steps > 0 ? await taskSvds(input, context) : [];
      const problem = { changes, scales, shared: sharedSubspace(svds, divisor, rows), rows, cols };
      const found = await correction(problem, { steps, rate: rate * rootMeanSquare(changes) }, context.breathe);
      return Float32Array.from(exact === 'projected' ? withoutShared(found, problem) : found);
    });
    const start = await hostRow(input.base);
    const parts = changes.map((change, i) => {
      const corrected = change.map((value, at) => (scales[i] as number) * (value + (delta[at] as number)));
      const mask = new Float32Array(change.length);
      trim(change, input.piece.tensors, input.globals[i] ?? new Map(), mask);
      return corrected.map((value, at) => (mask[at] === 0 ? 0 : value));
    });
    return { rows: { ...stackArrays([start, ...parts]), shape: input.base.shape }, experts: parts.length };
  },
  combine: ({ rows, experts }, { c }) => weightedSum(rows, [1, ...c.slice(0, experts)]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'No steps, no mask: both experts scaled to 0.3 times their mean length.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [0, 0, 0, 1],
      ],
      shape: [2, 2],
      controls: { steps: 0, K: 100 },
      result: [0.6, 0, 0, 0.6],
    },
    {
      note: 'Only the largest change of each is used.',
      base: [0, 0, 0, 0],
      experts: [[4, 0, 0, -3]],
      shape: [2, 2],
      controls: { steps: 0, K: 5, eta: 0.5 },
      result: [2, 0, 0, 0],
    },
    {
      note: 'Vectors stay at the base.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [1, 1],
    },
  ],
});
