import { defineMethod, type Input } from './define.ts';
import { rootMeanSquare } from './parts/adam.ts';
import { hostVectors, isSpectral } from './parts/factor.ts';
import { flowUntil, interferenceOf, minimised, quadraticOf, settled } from './parts/interference.ts';
import { meanRows } from './parts/mean-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';
import { others, part, rate, scale, steps, stoppingTime } from './parts/wudi-controls.ts';

/** Everyone wants its own change, and minds all of its own inputs. */
const claimsOf = (vectors: readonly Float32Array[]) =>
  vectors.map((change) => ({ change, target: change, inputs: change }));

const shapeOf = ({ base }: Input<unknown>) => [base.shape[0] as number, base.shape[1] as number] as const;

export default defineMethod({
  id: 'wudi',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'WUDI',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_i \lambda_i\,\hat\tau_i,\quad \textstyle\sum_i \hat\tau_i = \tau(t),\quad \dot\tau = -\tfrac12\nabla L,\quad \tau(0) = \sum_i \tau_i,\quad L = \sum_i \frac{\lVert (\tau - \tau_i)\,\tau_i^\top \rVert_F^2}{\lVert \tau_i \rVert_F^2},\quad t = 10^{s}\,\tfrac{n}{T}\quad(\text{or } k \text{ steps of size } \eta;\ \theta = \theta_0 + c\,\tau;\ b)`,
  summary:
    'Starts from the sum of all changes and removes, matrix by matrix, what disturbs each expert on the inputs that it changed most.',
  helps: 'Many experts, and when nothing may be tuned: no data are needed, and the default λ = 1 has the right size.',
  hurts: 'Experts that use the same inputs for different ends: there it can only compromise.',
  limits:
    'λ = 0 gives the base. One expert gives itself. s far left is Task Arithmetic with λ = 1 on matrices; s far right the minimum of L.',
  reference: {
    title: 'Whoever Started the Interference Should End It: Guiding Data-Free Model Merging via Task Vectors',
    authors: 'Cheng et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2503.08099',
  },
  aliases: ['WUDI-Merging', 'data-free interference minimisation'],
  facets: ['optimiser'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: { ...part, when: { control: 'solver', is: 'flow' } },
    scale,
    solver: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'L',
      name: 'minimisation',
      default: 'flow',
      options: [
        {
          value: 'flow',
          name: 'gradient flow',
          help: 'Follows the gradient exactly up to a time, in closed form. All times come from one decomposition.',
        },
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
    'The paper minimises with 300 steps of Adam at 0.00001; its own later code (SWUDI) gives the closed form that is the default here. At width 768 with 8 experts 300 units of time are t·T/n = 3.1, hence s = 0.5.',
    'An absolute step of 0.00001 would hardly move a small network with large changes: the step size is told relative to the root mean square of the changes of each matrix.',
    'Most of the authors’ scripts divide by the square of ‖τᵢ‖, as here; their coefficient sweep divides by ‖τᵢ‖.',
    'The authors’ vision script leaves biases, norms and embeddings at the base; FusionBench averages them (the default here).',
    'λ per expert is an addition of this studio: L is blind to the size of each τᵢ but for what it asks for, so the flow is linear in it. Adam is not: there only the common scale c is left.',
  ],
  result: 'single',
  async prepare(input, { lambda, solver, s, steps: count, rate: eta, others: rest }, context) {
    const [parameter] = input.piece.tensors;
    // Asking the input for its experts would cut them all out of their networks.
    const experts = lambda.length;
    if (!parameter || !isSpectral(parameter)) return { rows: await meanRows(input, rest, context), solver, experts };
    const [rows, cols] = shapeOf(input);
    if (solver === 'flow') {
      const interference = await context.cache('interference of task vectors', async () => {
        await context.breathe();
        return interferenceOf(claimsOf(await hostVectors(input)), rows, cols);
      });
      const time = (10 ** s * cols) / experts;
      return { rows: settled(interference, input.base, flowUntil(time)), solver, experts };
    }
    const vectors = await hostVectors(input);
    const descent = { steps: count, rate: eta * rootMeanSquare(vectors) };
    const found = await minimised(quadraticOf(claimsOf(vectors), rows, cols), descent, context.breathe);
    const start = (await input.base.data()) as Float32Array;
    return { rows: { ...stackArrays([start, found]), shape: input.base.shape }, solver, experts };
  },
  combine: ({ rows, solver, experts }, { lambda, scale: c }) => {
    if (solver === 'flow') return weightedSum(rows, [1, ...lambda]);
    const [count] = rows.rows.shape;
    return weightedSum(rows, count === experts + 1 ? [1, ...lambda.map(() => c)] : [1, c]);
  },
  laws: [
    'zero-gives-base',
    'one-expert-gives-expert',
    'order-of-experts-is-irrelevant',
    'scales-with-task-vectors',
    'linear-in-coefficients',
  ],
  examples: [
    {
      note: 'Experts with inputs of their own: the sum, at any time.',
      base: [1, 0, 0, 1],
      experts: [
        [3, 0, 0, 1],
        [1, 0, 0, 5],
      ],
      shape: [2, 2],
      result: [3, 0, 0, 5],
    },
    {
      note: 'The same expert twice: at the end it is added once, not twice.',
      base: [0, 0, 0, 0],
      experts: [
        [2, 1, 0, 1],
        [2, 1, 0, 1],
      ],
      shape: [2, 2],
      controls: { s: 4 },
      result: [2, 1, 0, 1],
    },
    {
      note: 'One direction of input, C = 2: half of the disagreement is left where e^(−2t) is a half, t = 10^s.',
      base: [0, 0],
      experts: [
        [1, 0],
        [1, 0],
      ],
      shape: [1, 2],
      controls: { s: Math.log10(Math.LN2 / 2) },
      result: [1.5, 0],
    },
    {
      note: 'No step of Adam: the sum.',
      base: [0, 0, 0, 0],
      experts: [
        [1, 2, 3, 4],
        [1, 0, 0, 1],
      ],
      shape: [2, 2],
      controls: { solver: 'adam', steps: 0 },
      result: [2, 2, 3, 5],
    },
    {
      note: 'Vectors get the mean.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      result: [2, 3],
    },
  ],
});
