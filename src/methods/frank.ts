import { defineMethod } from './define.ts';
import { type Blocks, blocksOf, joinRuns, stackRuns } from './parts/blocks.ts';
import { g1 } from './parts/g1.ts';
import { hostRows } from './parts/host-rows.ts';

/** ‖τ₁‖² and ‖τ₂‖² of every block. */
type Squares = readonly (readonly [number, number])[];

function squaresOf(vectors: readonly Float32Array[], { count, runs }: Blocks): Squares {
  const squares = Array.from({ length: count }, (): [number, number] => [0, 0]);
  for (const { block, start, length } of runs) {
    const own = squares[block ?? -1];
    if (!own) continue;
    for (const [t, vector] of vectors.entries()) {
      for (const value of vector.subarray(start, start + length)) own[t === 0 ? 0 : 1] += value * value;
    }
  }
  return squares;
}

/** w of the first expert by block: e^(−αℓ), over the sum of all blocks (equation 16) or over the largest. */
function priors(prior: 'none' | 'layers' | 'largest', alpha: number, blocks: number): readonly number[] {
  const decay = Array.from({ length: blocks }, (_, block) => Math.exp(-alpha * block));
  const total = decay.reduce((sum, value) => sum + value, 0);
  return decay.map((value) => (prior === 'none' ? 0.5 : prior === 'layers' ? value / total : value));
}

/** λ of the first expert: w₁‖τ₁‖² / (w₁‖τ₁‖² + w₂‖τ₂‖²); a half where nobody changed anything. */
function shareOfFirst(w: number, [first, second]: readonly [number, number]): number {
  const total = w * first + (1 - w) * second;
  return total > 0 ? (w * first) / total : 0.5;
}

const pair = { base: g1.base, shape: g1.shape, experts: [g1.experts[0], g1.experts[1]] } as const;
const between = (share: number) =>
  g1.base.map((_, i) => share * (g1.experts[0][i] as number) + (1 - share) * (g1.experts[1][i] as number));

export default defineMethod({
  id: 'frank',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'FRANK',
  family: 'layer',
  formula: String.raw`\theta^{\ell} = \theta_0^{\ell} + \lambda_1^{\ell}\tau_1^{\ell} + \lambda_2^{\ell}\tau_2^{\ell},\qquad \lambda_t^{\ell} = \frac{w_t^{\ell}\,\lVert\tau_t^{\ell}\rVert^2}{w_1^{\ell}\lVert\tau_1^{\ell}\rVert^2 + w_2^{\ell}\lVert\tau_2^{\ell}\rVert^2},\qquad w_1^{\ell} \propto e^{-\alpha\ell}\ \text{or}\ \tfrac12,\quad w_2 = 1 - w_1`,
  summary: 'Joins two experts block by block, each weighed by how much it changed there and, if wanted, by depth.',
  helps: 'A vision model and a reasoning model of one base: the first blocks look, the later ones think.',
  hurts: 'Two experts that changed about as much in the same directions: the formula takes them to be orthogonal.',
  limits: 'Equal changes and no prior: the average. An expert that changed nothing in a block leaves it to the other.',
  reference: {
    title: 'Training-Free Reasoning and Reflection in MLLMs',
    authors: 'Wei, Chen',
    year: 2025,
    url: 'https://arxiv.org/abs/2505.16151',
  },
  aliases: ['layer-wise MetaGPT', 'hierarchical weight merging'],
  facets: ['depth'],
  needs: { base: true, experts: { min: 2, max: 2 }, order: true },
  controls: {
    prior: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: 'w',
      name: 'prior over depth',
      default: 'none',
      options: [
        { value: 'none', name: 'none', help: 'Only the sizes of the changes count.' },
        {
          value: 'layers',
          name: 'sums to one over blocks',
          help: 'Equation 16 as it stands: with many blocks the first expert gets little anywhere.',
        },
        {
          value: 'largest',
          name: 'one at the first block',
          help: 'The same decay, but the first block belongs to the first expert: not the paper’s.',
        },
      ],
      help: 'Whether the first expert counts for more in the first blocks.',
    },
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'decay',
      min: 0,
      max: 3,
      step: 0.05,
      default: 0.5,
      snaps: [0],
      help: 'How fast the first expert’s weight falls from block to block.',
    },
  },
  notes: [
    'The paper fits α to how much attention text pays to image tokens in each layer. These networks have no text: α is set by hand, and used only with a prior.',
    'The first expert is the paper’s vision model, the second its reasoning model. Embeddings and the final norm are the first expert’s, which is how its text was read.',
    'Without a prior this is MetaGPT’s closed form, block by block.',
  ],
  result: 'single',
  prepare: async (input) => {
    const blocks = blocksOf(input.piece.tensors);
    const stacks = stackRuns([input.base, ...input.experts], blocks);
    return { stacks, blocks, squares: squaresOf(await hostRows(input.taskVectors), blocks) };
  },
  combine: ({ stacks, blocks, squares }, { prior, alpha }) => {
    const first = priors(prior, alpha, blocks.count).map((w, block) => shareOfFirst(w, squares[block] ?? [0, 0]));
    const weights = blocks.runs.map(({ block }) => {
      const share = first[block ?? -1] ?? 1;
      return [0, share, 1 - share];
    });
    return joinRuns(stacks, weights);
  },
  laws: ['copies-give-the-copy', 'scales-with-task-vectors'],
  examples: [
    { note: 'G1 golden: λ = 0.627010, 0.372990', ...pair, result: between(0.62701), tolerance: 1e-5 },
    {
      note: 'An expert that changed nothing leaves the block to the other.',
      base: [1, 1],
      experts: [
        [3, 5],
        [1, 1],
      ],
      result: [3, 5],
    },
    {
      note: 'The first block belongs to the first expert.',
      base: [1, 1],
      experts: [
        [3, 5],
        [7, 1],
      ],
      controls: { prior: 'largest' },
      result: [3, 5],
    },
  ],
});
