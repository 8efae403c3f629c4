import { defineMethod } from './define.ts';
import { chooseFree } from './parts/exclusive.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { blocksOf, ordersOf, segmentsOf } from './parts/order.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

export default defineMethod({
  id: 'cabs',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  name: 'CABS',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t\, M_t \odot \tau_t,\qquad M_t = \operatorname{top}_{n:m}\bigl(\tau_t \odot A_t\bigr),\qquad A_{t+1} = A_t \odot (1 - M_t)`,
  summary:
    'Experts take turns to choose their largest changes, n of every m neighbours, and never the same weight twice.',
  helps: 'Experts whose large changes collide: no weight is changed by two, and what is kept is spread evenly.',
  hurts: 'The experts that come late, when the earlier ones have taken the weights that they need most.',
  limits: 'λ = 0 gives the base; n = m with one expert gives that expert.',
  reference: {
    title: 'CABS: Conflict-Aware and Balanced Sparsification for Enhancing Model Merging',
    year: 2025,
    url: 'https://github.com/zongzhenyang/CABS',
  },
  aliases: ['conflict-aware balanced sparsification', 'n:m pruning'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 }, order: true },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 2,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of what this expert chose is added. The authors use 0.4 to 1.2.',
    },
    n: {
      per: 'method',
      stage: 'prepare',
      symbol: 'n',
      name: 'chosen of each block',
      min: 1,
      max: 64,
      step: 1,
      default: 3,
      integer: true,
      help: 'How many of m neighbouring weights each expert may choose; n times the number of experts should not exceed m.',
    },
    m: {
      per: 'method',
      stage: 'prepare',
      symbol: 'm',
      name: 'block length',
      min: 4,
      max: 256,
      step: 4,
      default: 32,
      integer: true,
      snaps: [8, 32, 256],
      help: 'How many consecutive weights of a tensor make a block. The authors use 3 of 32 and 64 of 256.',
    },
    variant: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'M',
      name: 'choosing',
      default: 'both',
      options: [
        { value: 'both', name: 'in turns, balanced', help: 'n of every m, and no weight twice: the whole method.' },
        {
          value: 'conflict',
          name: 'in turns only',
          help: 'The part n/m of each tensor, wherever it lies; no weight twice.',
        },
        { value: 'balance', name: 'balanced only', help: 'n of every m; experts may choose the same weights.' },
      ],
      help: 'Which of the two ideas is used; the other two options are the authors’ ablations.',
    },
    tail: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'n′',
      name: 'incomplete blocks',
      default: 'scaled',
      options: [
        {
          value: 'scaled',
          name: 'choose fewer',
          help: 'A block of fewer than m weights gives as large a part, rounded up.',
        },
        {
          value: 'dropped',
          name: 'left out',
          help: 'Nothing is chosen there, as in the authors’ code; short biases are lost.',
        },
      ],
      help: 'What happens at the end of a tensor whose length is not a multiple of m.',
    },
  },
  notes: [
    'The order of the experts matters: the first chooses freely, the last from what is left.',
    'Only changes that are not zero are chosen; the authors’ code may choose zeros too and so block a weight for later experts.',
    'The authors drop incomplete blocks; that would remove every bias shorter than m, so the default here scales n instead.',
    'The rule of the authors’ 7B code for n ≥ m/2, by which the second expert keeps some overlapping weights, is left out.',
  ],
  result: 'single',
  async prepare(input, { n, m, variant, tail }, context) {
    const { base, piece } = input;
    const vectors = await hostRows(input.taskVectors);
    const orders = await ordersOf(vectors, context);
    const segments = variant === 'conflict' ? segmentsOf(piece, 'tensor') : blocksOf(piece, m);
    const quotas = Uint32Array.from(segments.lengths, (length) => {
      if (variant !== 'conflict' && length < m && tail === 'dropped') return 0;
      return Math.min(length, length === m ? n : Math.ceil((length * n) / m));
    });
    const taken = variant === 'balance' ? undefined : new Uint8Array(piece.length);
    const chosen = vectors.map((vector, t) => chooseFree(vector, orders[t] as Uint32Array, segments, quotas, taken));
    return stackArrays([await hostRow(base), ...chosen]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, 2:4: what the first expert chooses when it comes first',
      ...g1,
      controls: { n: 2, m: 4, lambda: [1, 0, 0] },
      result: [1.5, -1, -1, 2, 1.9, -0.5, 0.25, -0.5],
    },
    {
      note: 'G1 golden, 2:4: what the second expert finds',
      ...g1,
      controls: { n: 2, m: 4, lambda: [0, 1, 0] },
      result: [0.5, 1, 0.5, 2.2, 1.5, -0.4, -0.55, 1],
    },
    {
      note: 'G1 golden, 2:4, the other way round: the second expert’s choice when it comes first',
      shape: g1.shape,
      base: g1.base,
      experts: [g1.experts[1], g1.experts[0]],
      controls: { n: 2, m: 4, lambda: [1, 0] },
      result: [0.5, 0, 0.5, 2, 2.1, -0.5, -0.55, 1],
    },
    {
      note: 'G1 golden, 2:4, the other way round: what the first expert finds',
      shape: g1.shape,
      base: g1.base,
      experts: [g1.experts[1], g1.experts[0]],
      controls: { n: 2, m: 4, lambda: [0, 1] },
      result: [1.5, 1, -1, 2.1, 1.5, -0.8, 0.25, -0.5],
    },
  ],
});
