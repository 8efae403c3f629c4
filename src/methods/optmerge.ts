import { eigh } from '../core/linalg/eigh.ts';
import { dot, gram, matmul, transposed } from '../core/linalg/matrix.ts';
import type { BaseContext } from './context.ts';
import { defineMethod, type Input } from './define.ts';
import { rootMeanSquare } from './parts/adam.ts';
import { isSpectral, shareOfRank } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { type Claim, flowUntil, interferenceOf, minimised, quadraticOf, settled } from './parts/interference.ts';
import { meanRows } from './parts/mean-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';
import { others, part, rate, scale, steps, stoppingTime } from './parts/wudi-controls.ts';

/** Unit directions of a change on its smaller side, strongest first, [min(rows, cols)] of them: enough for cutting between them. */
function directionsOf(x: Float64Array, rows: number, cols: number): Float32Array {
  const n = Math.min(rows, cols);
  const wide = rows <= cols ? x : transposed(x, rows, cols);
  return new Float32Array(eigh(gram(wide, n, Math.max(rows, cols)), n).vectors);
}

/** What the denoising needs of one expert, for every rank; float32, because it is kept for all experts of all matrices. */
interface Factors {
  readonly whole: Float32Array;
  /** Of the change less the mean change. */
  readonly centred: Float32Array;
}

const meanOf = (vectors: readonly Float32Array[]) =>
  Float64Array.from(
    vectors[0] ?? [],
    (_, i) => vectors.reduce((sum, vector) => sum + (vector[i] as number), 0) / vectors.length,
  );

const less = (vector: Float32Array, mean: Float64Array) =>
  Float64Array.from(vector, (value, i) => value - (mean[i] as number));

/** Directions of every change, and of what is its own beyond the mean change. */
function factorsOf(input: Input<unknown>, context: BaseContext): Promise<readonly Factors[]> {
  return context.cache('directions of task vectors, as they are and less their mean', async () => {
    await context.breathe();
    const vectors = await hostRows(input.taskVectors);
    const mean = meanOf(vectors);
    const [rows, cols] = shapeOf(input);
    return vectors.map((vector) => ({
      whole: directionsOf(new Float64Array(vector), rows, cols),
      centred: directionsOf(less(vector, mean), rows, cols),
    }));
  });
}

const shapeOf = ({ base }: Input<unknown>) => [base.shape[0] as number, base.shape[1] as number] as const;

interface Shape {
  readonly rows: number;
  readonly cols: number;
  /** Directions kept of each expert. */
  readonly kept: number;
}

/** The first rows of kept directions. */
const firstRows = (directions: Float32Array, { rows, cols, kept }: Shape) =>
  new Float64Array(directions.subarray(0, kept * Math.min(rows, cols)));

/** Rows σ_j v_j of the strongest directions, [kept, cols]. */
function inputsOf(change: Float64Array, directions: Float64Array, { rows, cols, kept }: Shape): Float64Array {
  // With u_j that is u_jᵀ x; with v_j the length is that of x v_j.
  if (rows <= cols) return matmul(directions, change, kept, rows, cols);
  const images = matmul(directions, transposed(change, rows, cols), kept, cols, rows);
  return directions.map((value, i) => {
    const at = Math.floor(i / cols) * rows;
    return value * Math.sqrt(dot(images, at, images, at, rows));
  });
}

/** The change on its directions alone. */
function onto(change: Float64Array, directions: Float64Array, { rows, cols, kept }: Shape): Float64Array {
  if (rows <= cols) {
    const inside = matmul(directions, change, kept, rows, cols);
    return matmul(transposed(directions, kept, rows), inside, rows, kept, cols);
  }
  return matmul(matmul(change, transposed(directions, kept, cols), rows, cols, kept), directions, rows, kept, cols);
}

/** Everyone wants the mean change and the strongest directions of its own, and minds its strongest inputs. */
function claimsOf(vectors: readonly Float32Array[], factors: readonly Factors[], shape: Shape): readonly Claim[] {
  const mean = meanOf(vectors);
  return factors.map(({ whole, centred }, i) => {
    const change = vectors[i] as Float32Array;
    const own = onto(less(change, mean), firstRows(centred, shape), shape);
    const inputs = inputsOf(new Float64Array(change), firstRows(whole, shape), shape);
    return { change, target: own.map((value, at) => value + (mean[at] as number)), inputs };
  });
}

export default defineMethod({
  id: 'optmerge',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'OptMerge',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_i \lambda_i\,\hat\tau_i,\quad \textstyle\sum_i \hat\tau_i = \tau(t),\quad \dot\tau = -\tfrac12\nabla L,\quad \tau(0) = \sum_i \tau_i,\quad L = \sum_i \frac{\lVert (\tau - \bar\tau - [\tau_i - \bar\tau]_K)\,S_i^\top \rVert_F^2}{\lVert \tau_i \rVert_F^2},\quad S_i = \Sigma_K V_K^\top,\quad K = \lfloor q\,\tfrac rT \rfloor,\quad t = 10^{s}\,\tfrac nT\quad(\text{or } k \text{ steps of size } \eta;\ \theta = \theta_0 + c\,\tau;\ b)`,
  summary:
    'WUDI after denoising: each expert claims only the strongest directions of its change, on the strongest of its inputs.',
  helps: 'Experts whose changes are mostly noise around a few strong directions.',
  hurts: 'Experts with a rich change: what is cut off is not defended, and stays at the sum of all changes.',
  limits: 'λ = 0 gives the base. One expert gives itself. q = T cuts off nothing: WUDI.',
  reference: {
    title: 'OptMerge: Unifying Multimodal LLM Capabilities and Modalities via Model Merging',
    authors: 'Wei et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2505.19892',
  },
  aliases: ['WUDI v2', 'wudi2'],
  facets: ['svd', 'optimiser'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: { ...part, when: { control: 'solver', is: 'flow' } },
    scale,
    q: {
      per: 'method',
      stage: 'prepare',
      symbol: 'q',
      name: 'directions kept',
      min: 0.25,
      max: 8,
      step: 0.25,
      default: 1,
      snaps: [1],
      help: 'Directions kept of each expert, in shares of 1/T of all: 1 keeps as many as fit beside each other.',
    },
    solver: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'L',
      name: 'minimisation',
      default: 'flow',
      options: [
        { value: 'flow', name: 'gradient flow', help: 'Follows the gradient exactly up to a time, in closed form.' },
        { value: 'adam', name: 'Adam', help: 'As in the paper: a fixed number of steps of Adam. Takes seconds.' },
      ],
      help: 'How L is made smaller.',
    },
    s: { ...stoppingTime, default: 0.5, snaps: [0.5], when: { control: 'solver', is: 'flow' } },
    steps,
    rate,
    others,
  },
  notes: [
    'This is the version for full fine-tuning of the authors’ InternVL script. Their version for LoRA (targets not centred, start from the mean, gradient descent with momentum) is not included.',
    'The script takes 300 steps of Adam at 0.00001; here the step is told relative to the root mean square of the changes of each matrix, and the closed form with its stopping time is the default.',
    'K is at least 1, as in the authors’ port to FusionBench. Language-model embeddings and norms are left out there; here others get the mean, or stay.',
    'What nobody defends stays at the sum of all changes. With many experts that is too much, and a smaller λ may be better: the authors’ own runs of the follow-up SWUDI use 0.1 and 0.2 with this start.',
    'λ per expert is an addition of this studio: it scales what an expert claims after the denoising and where it starts.',
  ],
  result: 'single',
  async prepare(input, { lambda, q, solver, s, steps: count, rate: eta, others: rest }, context) {
    const [parameter] = input.piece.tensors;
    // Asking the input for its experts would cut them all out of their networks.
    const experts = lambda.length;
    if (!parameter || !isSpectral(parameter)) return { rows: await meanRows(input, rest, context), solver, experts };
    const [rows, cols] = shapeOf(input);
    const kept = shareOfRank(Math.min(rows, cols), q / experts);
    const claim = async () =>
      claimsOf(await hostRows(input.taskVectors), await factorsOf(input, context), { rows, cols, kept });
    if (solver === 'flow') {
      const key = `interference of the ${kept} strongest directions of task vectors`;
      const interference = await context.cache(key, async () => interferenceOf(await claim(), rows, cols));
      return { rows: settled(interference, input.base, flowUntil((10 ** s * cols) / experts)), solver, experts };
    }
    const descent = { steps: count, rate: eta * rootMeanSquare(await hostRows(input.taskVectors)) };
    const found = await minimised(quadraticOf(await claim(), rows, cols), descent, context.breathe);
    const start = await hostRow(input.base);
    return { rows: { ...stackArrays([start, found]), shape: input.base.shape }, solver, experts };
  },
  combine: ({ rows, solver, experts }, { lambda, scale: c }) => {
    if (solver === 'flow') return weightedSum(rows, [1, ...lambda]);
    const [count] = rows.rows.shape;
    return weightedSum(rows, count === experts + 1 ? [1, ...lambda.map(() => c)] : [1, c]);
  },
  laws: ['zero-gives-base', 'one-expert-gives-expert', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'One direction each of two; their strongest inputs do not meet: the sum stays.',
      base: [1, 0, 0, 1],
      experts: [
        [3, 0, 0, 1],
        [1, 0, 0, 5],
      ],
      shape: [2, 2],
      controls: { q: 2 },
      result: [3, 0, 0, 5],
    },
    {
      note: 'The same expert twice: the mean change is kept whole, and added once at the end.',
      base: [0, 0, 0, 0],
      experts: [
        [2, 0, 0, 1],
        [2, 0, 0, 1],
      ],
      shape: [2, 2],
      controls: { s: 4, q: 2 },
      result: [2, 0, 0, 1],
    },
    {
      note: 'Kept to one direction: the second input of either is not defended and stays at the sum.',
      base: [0, 0, 0, 0],
      experts: [
        [2, 0, 0, 1],
        [2, 0, 0, 1],
      ],
      shape: [2, 2],
      controls: { s: 4, q: 1 },
      result: [2, 0, 0, 2],
    },
  ],
});
