import { defineMethod, type Piece } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { contributors, runOf, shareOf, type Tallies, type Tally, tallyCounter } from './parts/shared-entries.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

interface Surveyed {
  readonly piece: Piece;
  readonly vectors: readonly Float32Array[];
}

export default defineMethod({
  id: 'ram-plus',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'RAM+',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t\, n_t \odot \tau_t \odot \begin{cases} 1 + r\,\min(\rho_t, \alpha) & c = 1 \\ 1/c & c > 1 \end{cases},\qquad \rho_t = \frac{\#\,\mathrm{shared}_t}{\#\,\mathrm{unique}_t}`,
  summary: 'As RAM, and what an expert alone changed is enlarged the more of its changes it shares with others.',
  helps: 'Sparse experts that overlap: averaging weakens their shared changes, and their own ones make up for it.',
  hurts: 'Ordinary fine-tuning, which changes nearly every weight a little: then it is plain averaging.',
  limits: 'r = 0 or α = 0 is RAM.',
  reference: {
    title: 'Reinforced Agent Merging',
    year: 2026,
    url: 'https://arxiv.org/abs/2601.13572',
  },
  aliases: ['RAM plus', 'ramplus_tl', 'reinforced agent merging plus'],
  confidence: 'medium',
  needs: { base: true, experts: { min: 1 } },
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
      help: 'Scales this expert’s share of the merged change; the paper has 1 for all.',
    },
    epsilon: {
      per: 'method',
      stage: 'prepare',
      symbol: 'log₁₀ ε',
      name: 'smallest change',
      min: -7,
      max: 0,
      step: 0.25,
      default: -5,
      snaps: [-5],
      help: 'A weight counts as changed when it moved by more than ε; −5 means 0.00001, −2 means 0.01.',
    },
    r: {
      per: 'method',
      stage: 'prepare',
      symbol: 'r',
      name: 'reward',
      min: 0,
      max: 2,
      step: 0.05,
      default: 0.1,
      snaps: [0, 0.1],
      help: 'How strongly an expert’s own changes are enlarged.',
    },
    alpha: {
      per: 'method',
      stage: 'prepare',
      symbol: 'α',
      name: 'largest ratio',
      min: 0,
      max: 5,
      step: 0.1,
      default: 0.2,
      snaps: [0, 0.2],
      help: 'The ratio of shared to own changes counts up to here.',
    },
    scope: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'ρ',
      name: 'ratio taken over',
      default: 'tensor',
      options: [
        { value: 'tensor', name: 'each tensor', help: 'As in mergekit (“tensor-local”).' },
        { value: 'network', name: 'whole network', help: 'One ratio per expert, as the paper is said to do.' },
      ],
      help: 'Where shared and own changes are counted.',
    },
  },
  notes: [
    'Implemented as mergekit does it; the paper was not read.',
    'With the default r and α an expert’s own changes grow by 2 % at most, which is nearly RAM: raise both to see an effect.',
    'With ordinary fine-tunes nearly all changes are larger than the default ε: raise it, or trim the experts first, to see more than an average.',
    'λ is an addition of this studio; at 1 the method is the paper’s.',
  ],
  mergekit: [
    {
      method: 'ramplus_tl',
      when: { scope: 'tensor' },
      base: 'base',
      parameters: { epsilon: { control: 'epsilon', power: 10 }, r: { control: 'r' }, alpha: { control: 'alpha' } },
      inexact: [{ say: 'The λ of the experts are left out where they are not 1.' }],
      reading: { defaults: { epsilon: 0.00001, r: 0.1, alpha: 0.2 } },
    },
  ],
  result: 'single',
  survey: async ({ piece, taskVectors }) => ({ piece, vectors: await hostRows(taskVectors) }),
  conclude(pieces: readonly Surveyed[], { epsilon, scope }): Tallies {
    const counter = tallyCounter(10 ** epsilon, scope);
    for (const { piece, vectors } of pieces) counter.add(vectors, piece.tensors);
    return counter.tallies;
  },
  surveyor({ epsilon, scope }) {
    const counter = tallyCounter(10 ** epsilon, scope);
    return {
      passes: 1,
      add: async ({ piece, taskVectors }) => counter.add(await hostRows(taskVectors), piece.tensors),
      endTensor: () => false,
      endPass: () => {},
      conclude: () => counter.tallies,
    };
  },
  async prepare(input, { epsilon: exponent, r, alpha, scope }) {
    const epsilon = 10 ** exponent;
    const { base, piece, globals } = input;
    const vectors = await hostRows(input.taskVectors);
    const counts = contributors(vectors, epsilon);
    const reward = ({ shared, unique }: Tally) => 1 + r * Math.min(alpha, shared / Math.max(unique, epsilon));
    const shares = vectors.map((vector, t) => {
      const rewards = piece.tensors.map((tensor) => {
        const tally = globals.get(runOf(tensor, scope))?.[t];
        return tally ? reward(tally) : 1;
      });
      return shareOf(vector, counts, epsilon, piece.tensors, (tensor) => rewards[tensor] ?? 1);
    });
    return stackArrays([await hostRow(base), ...shares]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, ε = 0.25: the weights that one expert alone changed are enlarged by 2 %',
      ...g1,
      controls: { epsilon: Math.log10(0.25) },
      result: [0.766667, 0.233333, 0, 1.592, 2.133333, -0.95, -0.566, 0.4],
    },
    {
      note: 'Each expert shares two weights and owns one, so ρ = 2: its own change is doubled.',
      base: [0, 0, 0, 0],
      experts: [
        [2, 0, 1, 3],
        [0, 3, 5, 3],
      ],
      controls: { r: 0.5, alpha: 5 },
      result: [4, 6, 3, 3],
    },
  ],
});
