import { defineMethod } from './define.ts';
import { hostVectors, isSpectral } from './parts/factor.ts';
import { type Filter, flowUntil, interferenceOf, settled } from './parts/interference.ts';
import { meanRows } from './parts/mean-rows.ts';
import { weightedSum } from './parts/stack.ts';
import { others, part, stoppingTime } from './parts/wudi-controls.ts';

/** ⌈(Σ√λ)² / Σλ⌉: how many directions carry the spectrum, counted by the roots. */
function participation(eigenvalues: Float64Array): number {
  let [roots, total] = [0, 0];
  for (const value of eigenvalues) {
    roots += Math.sqrt(Math.max(0, value));
    total += Math.max(0, value);
  }
  // Equal eigenvalues give a whole number up to rounding.
  return total > 0 ? Math.ceil(((roots * roots) / total) * (1 - 1e-12)) : 0;
}

/** At least one direction; 0.65 · 100 must be 65, whichever way its last bit was rounded. */
const shareOf = (count: number, rho: number) => Math.max(1, Math.ceil(count * rho * (1 - 4 * Number.EPSILON)));

/** The filter on the first `rank` directions, nothing beyond. */
const truncated =
  (filter: Filter, rank: (eigenvalues: Float64Array) => number): Filter =>
  (eigenvalues) => {
    const kept = rank(eigenvalues);
    return filter(eigenvalues).map((value, j) => (j < kept ? value : 0));
  };

const all: Filter = (eigenvalues) => eigenvalues.map(() => 1);

/** Where the descent starts, as a part of ΣΔᵢ. */
const startOf = (from: 'sum' | 'mean' | 'zero', experts: number) => ({ sum: 1, mean: 1 / experts, zero: 0 })[from];

export default defineMethod({
  id: 'swudi',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'SWUDI',
  family: 'spectral',
  formula: String.raw`\theta = \theta_0 + \sum_i \lambda_i\,\bigl[a\,\tau_i\,(I - V f V^\top) + \tau_i B_i\,V f \Lambda^{-1} V^\top\bigr],\quad B_i = \frac{\tau_i^\top \tau_i}{\lVert\tau_i\rVert_F^2},\quad \textstyle\sum_i B_i = V \Lambda V^\top,\quad f = (1 - e^{-\Lambda t})\,\mathbb 1[\operatorname{top} K],\quad t = 10^{s}\tfrac nT,\quad K = \lceil \rho\,n \rceil\quad(b)`,
  summary:
    'WUDI in closed form, but only along the directions of input that the experts changed most; elsewhere it stays where it starts.',
  helps: 'Many experts: directions that hardly any expert uses are mostly noise, and solving for them spreads it.',
  hurts: 'Skills in weakly used directions of input keep the plain sum of all changes there, which is too much.',
  limits: 'ρ = 1 is WUDI’s gradient flow. λ = 0 gives the base. One expert gives itself (starting from the sum).',
  reference: {
    title: 'OptMerge: Unifying Multimodal LLM Capabilities and Modalities via Model Merging (code repository)',
    authors: 'Wei et al.',
    year: 2025,
    url: 'https://github.com/WalkerWorldPeace/MLLMerging',
  },
  aliases: ['ASWUDI', 'spectral WUDI', 'truncated WUDI'],
  facets: ['svd'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: part,
    rank: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'directions',
      default: 'share',
      options: [
        { value: 'share', name: 'a share', help: 'SWUDI: the same part ρ of the directions of every matrix.' },
        {
          value: 'participation',
          name: 'by the spectrum',
          help: 'ASWUDI: (Σ√λ)²/Σλ directions of each matrix, solved for completely; nothing to tune.',
        },
      ],
      help: 'How many directions of input are solved for.',
    },
    rho: {
      per: 'method',
      stage: 'prepare',
      symbol: 'ρ',
      name: 'share of directions',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.65,
      snaps: [0.65, 1],
      help: 'The part of the directions, strongest first; at least one.',
      when: { control: 'rank', is: 'share' },
    },
    s: { ...stoppingTime, default: 1.15, snaps: [0.5, 1.15], when: { control: 'rank', is: 'share' } },
    start: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'a',
      name: 'start',
      default: 'sum',
      options: [
        { value: 'sum', name: 'sum', help: 'From the sum of all changes, as WUDI does.' },
        { value: 'mean', name: 'mean', help: 'From their mean: milder along the directions that are left out.' },
        { value: 'zero', name: 'base', help: 'From the base: nothing is changed along the directions left out.' },
      ],
      help: 'What stays along the directions that are not solved for.',
    },
    others,
  },
  notes: [
    'SWUDI and ASWUDI are told by the authors’ repository, not by a paper of their own. Its best SWUDI run (ViT-B/32, 8 tasks) has time 1300 and ρ = 0.65: t·T/n = 13.5, hence s = 1.15.',
    'The repository also has variants with a ridge, consensus weights and other rank rules, which are not included.',
    'Its language-model runs scale the result of the start from the sum by about 1/T; with the start from the mean they need no scale.',
    'λ per expert is an addition of this studio: the decomposition does not depend on it, so the result is linear in it.',
  ],
  result: 'single',
  async prepare(input, { lambda, rank, rho, s, start, others: rest }, context) {
    const [parameter] = input.piece.tensors;
    if (!parameter || !isSpectral(parameter)) return meanRows(input, rest, context);
    const [rows, cols] = [input.base.shape[0] as number, input.base.shape[1] as number];
    // Asking the input for its experts would cut them all out of their networks.
    const experts = lambda.length;
    const interference = await context.cache('interference of task vectors', async () => {
      await context.breathe();
      const vectors = await hostVectors(input);
      return interferenceOf(
        vectors.map((change) => ({ change, target: change, inputs: change })),
        rows,
        cols,
      );
    });
    const filter =
      rank === 'participation'
        ? truncated(all, participation)
        : truncated(flowUntil((10 ** s * cols) / experts), () => shareOf(cols, rho));
    return settled(interference, input.base, filter, startOf(start, experts));
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'Two directions of input with λ = 2 and 1; the stronger one is solved for, the other keeps the sum.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 2, 0, 0],
      ],
      shape: [2, 2],
      controls: { rho: 0.5, s: 4 },
      result: [2, 2, 0, 0],
    },
    {
      note: 'The same from the base: the weaker direction stays there.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 2, 0, 0],
      ],
      shape: [2, 2],
      controls: { rho: 0.5, s: 4, start: 'zero' },
      result: [2, 0, 0, 0],
    },
    {
      note: 'The spectrum 2, 1 takes part with ⌈(√2 + 1)²/3⌉ = 2 directions: both are solved for.',
      base: [0, 0, 0, 0],
      experts: [
        [3, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 2, 0, 0],
      ],
      shape: [2, 2],
      controls: { rank: 'participation', lambda: [1, 0, 1] },
      result: [1.5, 2, 0, 0],
    },
  ],
});
