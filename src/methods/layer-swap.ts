import { defineMethod } from './define.ts';
import { blocksOf, joinRuns, stackRuns } from './parts/blocks.ts';
import { g1 } from './parts/g1.ts';

interface Bands {
  readonly b: number;
  readonly u: number;
  readonly tb: number;
  readonly tu: number;
}

/**
 * What part of each block comes from the outer experts: 1 at the bottom and at the top, a half in the transitions, 0 between. Where
 * the bands do not fit, the bottom comes first, then the top, then the transitions.
 */
function outerShares({ b, u, tb, tu }: Bands, blocks: number): readonly number[] {
  return Array.from({ length: blocks }, (_, block) => {
    const fromTop = blocks - 1 - block;
    if (block < b || fromTop < u) return 1;
    return block < b + tb || fromTop < u + tu ? 0.5 : 0;
  });
}

/** Uniform weights of the experts: the last `outer` of them together, and the others together. */
function sides(share: number, outer: number, experts: number): readonly number[] {
  const inner = experts - outer;
  const weights = Array.from({ length: experts }, (_, t) => (t < inner ? (1 - share) / inner : share / outer));
  return [0, ...weights];
}

const G1 = { base: g1.base, shape: g1.shape, experts: [g1.experts[0], g1.experts[1]] } as const;

export default defineMethod({
  id: 'layer-swap',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'Layer Swapping',
  family: 'layer',
  formula: String.raw`\theta^{\ell} = \begin{cases} \bar\theta^{\ell}_{\text{outer}} & \ell < b \ \text{or}\ \ell \ge L - u \\ \tfrac12\bigl(\bar\theta^{\ell}_{\text{outer}} + \bar\theta^{\ell}_{\text{inner}}\bigr) & \ell < b + t_b \ \text{or}\ \ell \ge L - u - t_u \\ \bar\theta^{\ell}_{\text{inner}} & \text{otherwise} \end{cases}\qquad \text{outer: the last } m \text{ experts};\ e`,
  summary: 'Takes the first and last blocks from one expert and the blocks between from another, whole.',
  helps:
    'A skill that sits in the middle and a way of reading and writing that sits at the ends, as reasoning and language do in language models.',
  hurts: 'Two skills that both need all layers: each loses the blocks that the other gives.',
  limits:
    'No bottom and no top block: the inner expert. As many bottom blocks as there are: the outer one. Equal experts give that expert.',
  reference: {
    title: 'Layer Swapping for Zero-Shot Cross-Lingual Transfer in Large Language Models',
    authors: 'Bandarkar et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.01335',
  },
  aliases: ['layer swap', 'block swapping'],
  facets: ['depth'],
  needs: { base: true, experts: { min: 2 }, order: true },
  controls: {
    b: {
      per: 'method',
      stage: 'combine',
      symbol: 'b',
      name: 'bottom blocks',
      min: 0,
      max: 12,
      step: 1,
      default: 1,
      integer: true,
      help: 'So many blocks from the input on come from the outer expert. The paper: 5 of 32.',
    },
    u: {
      per: 'method',
      stage: 'combine',
      symbol: 'u',
      name: 'top blocks',
      min: 0,
      max: 12,
      step: 1,
      default: 1,
      integer: true,
      help: 'So many blocks before the output come from the outer expert. The paper: 2 of 32.',
    },
    tb: {
      per: 'method',
      stage: 'combine',
      symbol: 't_b',
      name: 'transition below',
      min: 0,
      max: 6,
      step: 1,
      default: 0,
      integer: true,
      help: 'So many blocks above the bottom ones are the mean of both. The paper: 1 of 32.',
    },
    tu: {
      per: 'method',
      stage: 'combine',
      symbol: 't_u',
      name: 'transition above',
      min: 0,
      max: 6,
      step: 1,
      default: 0,
      integer: true,
      help: 'So many blocks below the top ones are the mean of both. The paper: 1 of 32.',
    },
    m: {
      per: 'method',
      stage: 'combine',
      symbol: 'm',
      name: 'outer experts',
      min: 1,
      max: 7,
      step: 1,
      default: 1,
      integer: true,
      help: 'The last m experts of the list are averaged and give the outer blocks, the others are averaged and give the inner ones.',
    },
    ends: {
      kind: 'choice',
      per: 'method',
      stage: 'combine',
      symbol: 'e',
      name: 'embeddings and final norm',
      default: 'neighbour',
      options: [
        {
          value: 'neighbour',
          name: 'like the next block',
          help: 'Embeddings follow the first block, the final norm the last: the outer expert, while there are bottom and top blocks.',
        },
        { value: 'base', name: 'base', help: 'They stay as they are in the base.' },
      ],
      help: 'What is done outside the blocks; the paper’s text that was read does not say.',
    },
  },
  notes: [
    'The paper has one expert for a task and one for a language, in networks of 32 blocks. The defaults here are for networks of a few blocks; it found the result to be flat over a wide range of bands.',
    'Averaging several experts on a side is an option of the paper, there too with equal weights.',
    'Where the bands would overlap, the bottom and top go before the transitions, so that each block is taken once.',
  ],
  result: 'single',
  prepare: ({ piece, base, experts }) => {
    const blocks = blocksOf(piece.tensors);
    return { stacks: stackRuns([base, ...experts], blocks), blocks, experts: experts.length };
  },
  combine: ({ stacks, blocks, experts }, { m, ends, ...bands }) => {
    const shares = outerShares(bands, blocks.count);
    const stay = [1, ...Array.from({ length: experts }, () => 0)];
    const weights = blocks.runs.map(({ block, nearest }) =>
      block === undefined && ends === 'base' ? stay : sides(shares[nearest] ?? 1, m, experts),
    );
    return joinRuns(stacks, weights);
  },
  check: ({ m }, experts) =>
    m < experts ? undefined : `${m} outer experts leave none of the ${experts} for the inner blocks: choose fewer.`,
  laws: ['copies-give-the-copy', 'scales-with-task-vectors'],
  examples: [
    { note: 'A single block at the bottom: the outer expert.', ...G1, result: g1.experts[1], tolerance: 0 },
    { note: 'No band at all: the inner expert.', ...G1, controls: { b: 0, u: 0 }, result: g1.experts[0], tolerance: 0 },
    {
      note: 'A transition: the mean.',
      base: [0, 0],
      experts: [
        [1, 2],
        [3, 8],
      ],
      controls: { b: 0, u: 0, tb: 1 },
      result: [2, 5],
    },
    {
      note: 'Two outer experts are averaged.',
      base: [0, 0],
      experts: [
        [9, 9],
        [1, 2],
        [3, 8],
      ],
      controls: { m: 2 },
      result: [2, 5],
    },
  ],
});
