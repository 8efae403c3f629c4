import * as tf from '@tensorflow/tfjs-core';
import { defineMethod, type Input } from './define.ts';
import { isSpectral } from './parts/factor.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { jointSpace, type Space, sharesOfElected, trimmed } from './parts/joint-space.ts';
import { meanRows } from './parts/mean-rows.ts';
import { type Stack, stackArrays, weightedSum } from './parts/stack.ts';

/** Rows [θ₀, change of each expert]: all that is left is Σ cᵢ · row. */
async function onBase(input: Input<unknown>, changes: readonly Float32Array[]): Promise<Stack> {
  const start = await hostRow(input.base);
  return { ...stackArrays([start, ...changes]), shape: input.base.shape };
}

/** Back from the joint space: every expert's elected coordinates times the common basis. */
function backOnBase(base: tf.Tensor, space: Space, shares: readonly Float32Array[]): Stack {
  const { sideways, basis, rank, inner, outer } = space;
  const experts = shares.length;
  const coordinates = new Float32Array(experts * inner * rank);
  for (const [i, share] of shares.entries()) coordinates.set(share, i * inner * rank);
  const rows = tf.tidy(() => {
    const product = tf.matMul(
      tf.tensor2d(coordinates, [experts * inner, rank]),
      tf.tensor2d(Float32Array.from(basis), [rank, outer]),
    );
    const upright = tf.reshape(product, [experts, inner, outer]);
    const changes = sideways ? tf.transpose(upright, [0, 2, 1]) : upright;
    const flat = tf.reshape(changes, [experts, base.size]) as tf.Tensor2D;
    return tf.concat2d([tf.reshape(base, [1, base.size]) as tf.Tensor2D, flat], 0);
  });
  return { kind: 'stack', shape: base.shape, rows };
}

export default defineMethod({
  id: 'drm',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'DRM',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + U \sum_i c_i\,\frac{m_i \odot S_i \hat V_i}{\max(1, \sum_j m_j)},\quad [\tau_1 \cdots \tau_T] = U \Sigma\,[V_1 \cdots V_T],\quad S_i \hat V_i = \Sigma V_i,\ \lVert \hat v \rVert = 1,\quad m_i = \mathbb 1\bigl[\operatorname{sgn} = \operatorname{sgn} \textstyle\sum_j S_j \hat V_j\bigr] \text{ of the largest } 1 - \rho \text{ of } \hat V\quad(H/V,\ n)`,
  summary:
    'Rotates all experts’ changes into one common space, makes its directions equally long, then trims, elects signs and averages there.',
  helps:
    'Experts whose changes are alike in direction but not entry by entry: in the common space entries mean the same.',
  hurts: 'Small matrices with many experts: few common directions are left after trimming.',
  limits: 'ρ = 0 is the plain mean of the changes. All c = 0 give the base.',
  reference: {
    title: 'Decom-Renorm-Merge: Model Merging on the Right Space Improves Multitasking',
    authors: 'Chaichana et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2505.23117',
  },
  aliases: ['Decom-Renorm-Merge', 'DRM-H', 'DRM-V'],
  facets: ['svd'],
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
      help: 'Scales this expert’s part of the mean.',
    },
    rho: {
      per: 'method',
      stage: 'prepare',
      symbol: 'ρ',
      name: 'dropped',
      min: 0,
      max: 0.95,
      step: 0.05,
      default: 0.8,
      snaps: [0, 0.8],
      help: 'The part of the entries in the common space that is dropped, smallest first, over all experts together.',
    },
    stacking: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'H/V',
      name: 'stacking',
      default: 'horizontal',
      options: [
        { value: 'horizontal', name: 'side by side', help: 'DRM-H: the experts share a space of outputs.' },
        { value: 'vertical', name: 'one below the other', help: 'DRM-V: the experts share a space of inputs.' },
      ],
      help: 'Which side of the matrices becomes the common space.',
    },
    renorm: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'renormalisation',
      default: 'on',
      options: [
        { value: 'on', name: 'on', help: 'Every expert’s directions are made equally long before trimming.' },
        { value: 'off', name: 'off', help: 'To see what it does: the paper finds it to be the crucial part.' },
      ],
      help: 'Whether directions that an expert uses little have as good a chance as strong ones.',
    },
  },
  notes: [
    'As in the authors’ code ρ = 0 skips everything and gives the plain mean, and directions with a singular value up to a hundredth of the largest are dropped before.',
    'Where an expert does not use a direction at all the official code divides by zero; here it has nothing there.',
    'Biases, norms and embeddings are not trimmed (the paper’s default): signs are elected entry by entry and the agreeing experts averaged.',
    'The mean divides by the experts that agree, also by those with c = 0, which the official code leaves out: so the result is linear in c.',
  ],
  result: 'single',
  async prepare(input, { rho, stacking, renorm }, context) {
    const [parameter] = input.piece.tensors;
    const [rows = 1, cols = 1] = input.base.shape;
    if (rho === 0) return meanRows(input, 'mean', context);
    if (!parameter || !isSpectral(parameter)) return onBase(input, sharesOfElected(await hostRows(input.taskVectors)));
    const space = await context.cache(`joint space of task vectors, ${stacking}, ${renorm}`, async () => {
      await context.breathe();
      return jointSpace(
        await hostRows(input.taskVectors),
        { rows, cols, sideways: stacking === 'horizontal' },
        renorm === 'on',
      );
    });
    return backOnBase(input.base, space, sharesOfElected(trimmed(space, rho)));
  },
  combine: (stacked, { c }) => weightedSum(stacked, [1, ...c]),
  laws: ['zero-gives-base', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'Nothing dropped: the mean.',
      base: [1, 0, 0, 1],
      experts: [
        [3, 0, 0, 1],
        [1, 2, 0, 3],
      ],
      shape: [2, 2],
      controls: { rho: 0 },
      result: [2, 1, 0, 2],
    },
    {
      note: 'An expert alone, hardly trimmed, keeps its change.',
      base: [1, 0, 0, 1],
      experts: [[3, 1, 0, -1]],
      shape: [2, 2],
      controls: { rho: 1e-9 },
      result: [3, 1, 0, -1],
    },
    {
      note: 'One common direction: what disagrees with the stronger expert is left out of the mean.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 2, 0, 0],
        [-1, 4, 0, 0],
      ],
      shape: [2, 2],
      controls: { rho: 1e-9 },
      result: [3, 3, 0, 0],
    },
    {
      note: 'Vectors: signs are elected and the agreeing experts averaged.',
      base: [1, 1, 1],
      experts: [
        [3, 1, 2],
        [0, 5, 4],
      ],
      result: [3, 5, 3],
    },
  ],
});
