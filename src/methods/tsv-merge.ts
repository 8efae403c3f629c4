import { defineMethod } from './define.ts';
import { firstOf, isSpectral, shareOfRank, taskSvds } from './parts/factor.ts';
import { stack, stackOnBase, weightedSum } from './parts/stack.ts';
import { inOrthogonalBases, interference } from './parts/task-singular-vectors.ts';

export default defineMethod({
  id: 'tsv-merge',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'TSV-Merge',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_t \alpha_t\,U^{\perp}_t \Sigma_t V^{\perp\top}_t,\qquad [U^{\perp}_1 \cdots U^{\perp}_T] = \operatorname{polar}[U_1 \cdots U_T],\qquad \theta_t - \theta_0 \approx U_t \Sigma_t V_t^\top \text{ of rank } \lfloor q\,r \rfloor`,
  summary:
    'Keeps each expert’s strongest directions of every weight matrix and turns them until no two experts share one.',
  helps: 'Many experts whose matrices would otherwise write over each other’s directions.',
  hurts: 'Small matrices: with a share of r/T directions per expert, little is left of each.',
  limits:
    'α = 0 gives the base. One expert with q = 1 and α = 1 is reproduced; experts that are all alike collapse to one.',
  reference: {
    title: 'Task Singular Vectors: Reducing Task Interference in Model Merging',
    authors: 'Gargiulo et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2412.00081',
  },
  aliases: ['TSV-M', 'TSVM', 'task singular vectors'],
  facets: ['svd'],
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
      help: 'How much of this expert’s turned change is added. The paper has one α for all.',
    },
    rank: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'k',
      name: 'directions kept',
      default: 'shared',
      options: [
        { value: 'shared', name: 'r/T each', help: 'All experts’ shares fit beside each other, as in the paper.' },
        { value: 'chosen', name: 'a share q', help: 'Every expert keeps the same share q of the r directions.' },
      ],
      help: 'How many of a matrix’s directions each expert may keep.',
    },
    q: {
      per: 'method',
      stage: 'prepare',
      symbol: 'q',
      name: 'share of directions',
      min: 0.02,
      max: 1,
      step: 0.02,
      default: 0.2,
      when: { control: 'rank', is: 'chosen' },
      help: 'The part of the directions that each expert keeps. Above 1/T they no longer fit beside each other, and are shared.',
    },
  },
  notes: [
    'Biases, norms and embeddings (the patch embedding too) are the mean of α·change over the experts.',
    'Each expert keeps at least one direction; the official code keeps none where there are more experts than directions.',
    'Where kept directions of several experts coincide, the polar factor is restricted to what they span, so copies of one expert collapse to one. The official code fills the gap with arbitrary directions.',
    'An α per expert is the same as scaling its change first: turning does not depend on lengths.',
    'The interference is STI as in the paper; FusionBench’s function for it joins along the wrong axis.',
  ],
  result: 'single',
  async prepare(input, { rank, q }, context) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter))
      return { rows: stack([input.base, ...input.taskVectors]), share: 1 / input.taskVectors.length };
    const [rows = 0, cols = 0] = parameter.shape;
    const svds = await taskSvds(input, context);
    const kept = svds.map((svd) => firstOf(svd, shareOfRank(svd.count, rank === 'shared' ? 1 / svds.length : q)));
    return {
      rows: stackOnBase(input.base, inOrthogonalBases(kept, rows, cols)),
      share: 1,
      interference: interference(kept, rows, cols),
    };
  },
  combine: ({ rows, share }, { alpha }) => weightedSum(rows, [1, ...alpha.map((each) => share * each)]),
  readout: ({ interference: sti }) => (sti === undefined ? {} : { numbers: [{ name: 'interference', value: sti }] }),
  laws: [
    'zero-gives-base',
    'order-of-experts-is-irrelevant',
    'one-expert-gives-expert',
    'scales-with-task-vectors',
    'linear-in-coefficients',
  ],
  examples: [
    {
      note: 'Experts of one direction each, orthogonal: their exact sum.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [0, 0, 0, 2],
      ],
      shape: [2, 2],
      result: [3, 0, 0, 2],
    },
    {
      note: 'Two copies collapse to one of rank ⌊r/T⌋: the weaker direction is gone.',
      base: [1, 1, 1, 1],
      experts: [
        [4, 1, 1, 2],
        [4, 1, 1, 2],
      ],
      shape: [2, 2],
      result: [4, 1, 1, 1],
    },
    {
      note: 'One direction each at 60° on the left side: they are turned apart to 90°, by 15° each.',
      base: [0, 0, 0, 0],
      experts: [
        [1, 0, 0, 0],
        [0, 0.5, 0, Math.sqrt(0.75)],
      ],
      shape: [2, 2],
      result: [Math.cos(Math.PI / 12), Math.sin(Math.PI / 12), -Math.sin(Math.PI / 12), Math.cos(Math.PI / 12)],
    },
    {
      note: 'Vectors are averaged, each change scaled by its α.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { alpha: [1, 0.5] },
      result: [2, 2],
    },
  ],
});
