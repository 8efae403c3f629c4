import { defineMethod } from './define.ts';
import { g1 } from './parts/g1.ts';
import { joinedShares } from './parts/gta-votes.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

export default defineMethod({
  id: 'magmax',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'MagMax',
  family: 'sign',
  formula: String.raw`\theta_p = \theta_{0,p} + \lambda_{t^*}\,\tau_{t^*,p},\qquad t^* = \operatorname*{arg\,max}_t |\tau_{t,p}|`,
  summary: 'At every weight, takes only the largest change of any expert.',
  helps: 'Tasks that are learned one after another, and experts whose large changes lie in different weights.',
  hurts: 'Experts with large but noisy changes: they win everywhere.',
  limits: 'λ = 0 gives the base. Disjoint changes give their sum, copies of an expert the copy.',
  reference: {
    title: 'MagMax: Leveraging Model Merging for Seamless Continual Learning',
    authors: 'Marczak et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2407.06322',
  },
  aliases: ['maximum magnitude selection'],
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
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'Scales the changes that this expert won; the authors have 0.5 for all.',
    },
  },
  notes: [
    'Of changes with equal magnitude the later expert’s wins, as in the authors’ code: the order matters there.',
    'Who wins is decided before λ, so λ scales the won changes without a new selection.',
  ],
  result: 'single',
  async prepare(input) {
    const vectors = await hostRows(input.taskVectors);
    const everyone = vectors.map(() => 1);
    const won = joinedShares(vectors, everyone, undefined, 'magnitude');
    return stackArrays([await hostRow(input.base), ...won]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1, every weight’s largest change',
      ...g1,
      controls: { lambda: [1, 1, 1] },
      result: [1.5, -1, 0.5, 1.6, 2.4, -1.1, -0.55, -0.5],
    },
    {
      note: 'Of equal magnitudes the later expert’s',
      base: [0, 0],
      experts: [
        [2, -3],
        [-2, 1],
      ],
      result: [-1, -1.5],
    },
  ],
});
