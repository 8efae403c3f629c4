import { sortedAscending } from '../core/stats/order.ts';
import { defineMethod } from './define.ts';
import { balances, clipped, type Range, rangeOf, scales } from './parts/competition.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { ordersOf } from './parts/order.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

/** Below this number of weights the quantiles would clip single large changes instead of outliers. */
const MANY_WEIGHTS = 10_000;

/** A sum of scales below this counts as zero (the official bound). */
const SMALLEST_SUM = 1e-12;

/** Each expert's clipped change, as the part of the merged change that its scale earns it. */
function shares(vectors: readonly Float32Array[], ranges: readonly Range[], weights: readonly Float32Array[]) {
  const total = new Float64Array(vectors[0]?.length ?? 0);
  for (const row of weights)
    for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (row[i] as number);
  return vectors.map((vector, t) => {
    const own = weights[t] as Float32Array;
    const range = ranges[t] as Range;
    const out = new Float32Array(vector.length);
    for (let i = 0; i < out.length; i++) {
      // In range: all rows have one length.
      const weight = own[i] as number;
      if (weight === 0) continue;
      out[i] = (clipped(vector[i] as number, range) * weight) / Math.max(SMALLEST_SUM, total[i] as number);
    }
    return out;
  });
}

export default defineMethod({
  id: 'pcb',
  revision: 1,
  kind: 'merge',
  scope: 'model',
  name: 'PCB',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \sum_t \lambda_t\,\frac{\hat\beta_t \odot \tau_t}{\sum_s \hat\beta_s},\qquad \beta_t = e^{T\,\mathrm{Nm}(|\tau_t|)^2} \odot \sum_j \tanh\bigl(\hat n_t \odot \hat n_j\bigr),\qquad \hat\beta_t = \operatorname{top}_r(\beta_t)`,
  summary:
    'Weighs each change by its size among its expert’s changes and by how well the other experts agree, and keeps the best.',
  helps: 'Many experts: every weight goes to those for whom it matters, in the direction that the others support.',
  hurts: 'Skills that rest on many small changes: at the usual r nearly all of them are dropped.',
  limits: 'λ = 0 gives the base; one expert gives its clipped change on the kept weights.',
  reference: {
    title: 'Parameter Competition Balancing for Model Merging',
    authors: 'Du et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2410.02396',
  },
  aliases: ['PCB-Merging', 'parameter competition balancing'],
  facets: ['masks'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: 0,
      max: 3,
      step: 0.05,
      default: 1.2,
      snaps: [0, 1],
      help: 'How much of this expert’s part is added. The authors search 0.8 to 1.3.',
    },
    ratio: {
      per: 'method',
      stage: 'prepare',
      symbol: 'r',
      name: 'kept part',
      min: 0.01,
      max: 1,
      step: 0.01,
      default: 0.05,
      snaps: [0.05, 0.1, 0.2],
      help: 'The part of each expert’s changes that wins the competition. The authors use 0.05 for vision, 0.1 to 0.2 for language.',
    },
    version: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'β',
      name: 'version',
      default: 'c',
      options: [
        {
          value: 'a',
          name: 'A: first code',
          help: 'pcb-merging.py: tanh of the raw products of changes; depends on their scale.',
        },
        { value: 'b', name: 'B: vision code', help: 'pcb.py: tanh of changes times the summed normalised changes.' },
        {
          value: 'c',
          name: 'C: search code',
          help: 'pcb_ES.py: normalised changes pair by pair; does not depend on scale.',
        },
        {
          value: 'paper',
          name: 'paper',
          help: 'Softmax over all weights, as the formula in the paper; nothing is clipped.',
        },
      ],
      help: 'Which of the authors’ formulas is used; they are not the same.',
    },
    clip: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'clip',
      name: 'clipping',
      default: 'auto',
      options: [
        {
          value: 'auto',
          name: 'large networks',
          help: 'Only from 10,000 weights on, where a quantile means something.',
        },
        { value: 'always', name: 'always', help: 'As in the authors’ code; a small network loses its largest change.' },
        { value: 'never', name: 'never', help: 'Changes stay as they are.' },
      ],
      help: 'Whether magnitudes are clipped to their c and 1 − c quantiles first (versions A, B and C).',
    },
    c: {
      per: 'method',
      stage: 'prepare',
      symbol: 'c',
      name: 'clipped tails',
      min: 0,
      max: 0.05,
      step: 0.0001,
      default: 0.01,
      snaps: [0, 0.0001, 0.01],
      help: 'The part of the magnitudes that is clipped at each end: 0.0001 in version A of the authors, 0.01 in B and C.',
    },
  },
  notes: [
    'The official repository holds three versions that differ; C does not depend on the scale of the changes and is the default. The formula of the paper is a reconstruction.',
    'In versions A, B and C the change at the cut itself counts 0, so one change fewer than the part r survives.',
    'Where all balances of an expert are equal, it adds nothing; the official code divides by zero there.',
    'The authors’ evolutionary search of λ is not part of the method here: use the λ of the experts or the Pareto search.',
  ],
  result: 'single',
  async prepare(input, { ratio, version, clip, c }, context) {
    const { base, piece } = input;
    const vectors = await hostRows(input.taskVectors);
    const orders = await ordersOf(vectors, context);
    const clips = version !== 'paper' && (clip === 'always' || (clip === 'auto' && piece.length >= MANY_WEIGHTS));
    const ranges = vectors.map((vector, t) => rangeOf(vector, orders[t] as Uint32Array, clips ? c : undefined));
    const competition = await context.cache(`competition of task vectors ${version} ${clips ? c : 'unclipped'}`, () => {
      const balance = balances(vectors, ranges, version);
      return { balance, sorted: balance.map(sortedAscending) };
    });
    const weights = competition.balance.map((row, t) =>
      scales(row, competition.sorted[t] as Float32Array, ratio, version),
    );
    return stackArrays([await hostRow(base), ...shares(vectors, ranges, weights)]);
  },
  combine: (rows, { lambda }) => weightedSum(rows, [1, ...lambda]),
  laws: ['zero-gives-base', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, version C',
      ...g1,
      controls: { ratio: 0.25, clip: 'always', lambda: [1, 1, 1] },
      result: [0.5, -0.5, 0, 2, 2.2, -0.5, 0.25, 1],
    },
    {
      note: 'G1 golden, version A',
      ...g1,
      controls: { ratio: 0.25, clip: 'always', c: 0.0001, version: 'a', lambda: [1, 1, 1] },
      result: [0.5, -0.5, 0, 2, 2.2, -0.5, 0.25, 1],
    },
    {
      note: 'G1 golden, the paper’s formula',
      ...g1,
      controls: { ratio: 0.25, version: 'paper', lambda: [1, 1, 1] },
      result: [0.5, -0.575479, 0.5, 2, 2.4, -0.5, 0.25, -0.5],
    },
  ],
});
