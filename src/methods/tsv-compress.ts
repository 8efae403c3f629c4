import { defineMethod } from './define.ts';
import { compose, firstOf, isSpectral, shareOfRank, taskSvds } from './parts/factor.ts';
import { stack, stackOnBase, weightedSum } from './parts/stack.ts';

/** Bits of a number as it would be stored. */
const STORED_BITS = 32;

export default defineMethod({
  id: 'tsv-compress',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'TSV-Compress',
  family: 'pack',
  formula: String.raw`\theta^{(t)} = \theta_0 + \alpha\,U_t \Sigma_t V_t^\top \text{ of rank } k_t = \lfloor q\,r \rfloor`,
  summary:
    'Stores every expert as the base and the few strongest directions of its change; each task gets its own expert back.',
  helps: 'Keeping all experts’ accuracy when the task of every input is known, at a part of their size.',
  hurts: 'Changes whose strength is spread over many directions.',
  limits: 'α = 0 gives the base for every task; q = 1 with α = 1 gives every expert exactly, and saves nothing.',
  reference: {
    title: 'Task Singular Vectors: Reducing Task Interference in Model Merging',
    authors: 'Gargiulo et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2412.00081',
  },
  aliases: ['TSV-C', 'low-rank experts'],
  facets: ['svd', 'compression'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'strength',
      min: 0,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of the kept change is added to the base.',
    },
    rank: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'k',
      name: 'directions kept',
      default: 'shared',
      options: [
        {
          value: 'shared',
          name: 'r/T each',
          help: 'All experts together take about the size of one, as in the paper.',
        },
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
      snaps: [1],
      when: { control: 'rank', is: 'chosen' },
      help: 'The part of the directions that each expert keeps, at least one.',
    },
  },
  notes: [
    'Biases, norms and embeddings (the patch embedding too) are stored in full for each expert, as in the official code.',
    'The size counts 32 bits for each number of U, Σ and V and of what is stored in full, beside the base.',
    'The strength α is an addition of this studio; at 1 the method is the paper’s.',
  ],
  result: 'set',
  async prepare(input, { rank, q }, context) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter))
      return { rows: stack([input.base, ...input.taskVectors]), stored: input.piece.length };
    const [rows = 0, cols = 0] = parameter.shape;
    const svds = await taskSvds(input, context);
    const k = shareOfRank(Math.min(rows, cols), rank === 'shared' ? 1 / svds.length : q);
    const changes = svds.map((svd) => {
      const { left, values, right } = firstOf(svd, k);
      return compose(left, values, right, rows, cols);
    });
    return { rows: stackOnBase(input.base, changes), stored: k * (rows + cols + 1) };
  },
  combine: ({ rows }, { alpha }, expert) => {
    const experts = (rows.rows.shape[0] ?? 1) - 1;
    return weightedSum(rows, [1, ...Array.from({ length: experts }, (_, t) => (t === expert ? alpha : 0))]);
  },
  footprint: ({ stored }) => ({ shared: 0, perExpert: STORED_BITS * stored }),
  laws: [
    'zero-gives-base',
    'one-expert-gives-expert',
    'order-of-experts-is-irrelevant',
    'scales-with-task-vectors',
    'linear-in-coefficients',
  ],
  examples: [
    {
      note: 'Two experts keep one of two directions each; both networks, one after the other.',
      base: [1, 0, 0, 1],
      experts: [
        [4, 0, 0, 2],
        [2, 0, 0, -4],
      ],
      shape: [2, 2],
      result: [4, 0, 0, 1, 1, 0, 0, -4],
    },
    {
      note: 'Vectors are kept in full.',
      base: [1, 1],
      experts: [
        [3, 1],
        [1, 5],
      ],
      controls: { alpha: 0.5 },
      result: [2, 1, 1, 3],
    },
  ],
});
