import { defineMethod, type Input, type PlacedParameter } from './define.ts';
import { arcWeights, cosine } from './parts/arc.ts';
import { hostRow } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';

/** Position along the network: ℓ/(L−1) in the blocks; embeddings and the final norm count as the beginning. */
const positionOf = ({ group, depth }: PlacedParameter) => (group === 'attention' || group === 'mlp' ? depth : 0);

/** The list read at x ∈ [0, 1], with straight lines between its values. */
function readAt(list: readonly number[], x: number): number {
  const at = x * (list.length - 1);
  const below = Math.min(Math.floor(at), list.length - 1);
  const [left, right] = [list[below] as number, list[Math.min(below + 1, list.length - 1)] as number];
  return left + (at - below) * (right - left);
}

/** One value of a list; `place` as a part of the depth. */
const value = <const S extends string, const D extends number>(symbol: S, list: string, place: string, preset: D) =>
  ({
    per: 'method',
    stage: 'combine',
    symbol,
    name: `${list} at ${place}`,
    min: 0,
    max: 1,
    step: 0.05,
    default: preset,
    snaps: [0, 0.5, 1],
    help: `Position on the arc for ${list} ${place} of the depth: 0 is the first expert, 1 the second.`,
  }) as const;

async function cosineOf([a, b]: Input['experts']): Promise<number> {
  if (!a || !b) throw new Error('gradient SLERP joins exactly two experts');
  return cosine(await hostRow(a), await hostRow(b));
}

export default defineMethod({
  id: 'gradient-slerp',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'Gradient SLERP',
  family: 'layer',
  formula: String.raw`\theta = \frac{\sin((1-t)\,\omega)}{\sin\omega}\,\theta_1 + \frac{\sin(t\,\omega)}{\sin\omega}\,\theta_2,\qquad t = \begin{cases} (a_0, a_1, a_2, a_3, a_4)\text{ at depth } x & \text{attention} \\ (m_0, m_1, m_2, m_3, m_4)\text{ at depth } x & \text{MLP} \\ o & \text{else} \end{cases}\qquad \theta/\tau`,
  summary: 'SLERP whose position changes over the depth, one way for attention and another for the MLPs.',
  helps: 'Two experts that share out the layers well: one is stronger early in attention, the other early in the MLPs.',
  hurts: 'Small networks: the paper itself finds no synergy at 1.7 billion weights, and nothing can be expected below.',
  limits: 'All values equal: SLERP. All 0: the first expert, all 1: the second.',
  reference: {
    title:
      'Fine-tuning large language models for domain adaptation: Exploration of training strategies, scaling, model merging and synergistic capabilities',
    authors: 'Lu, Luu, Buehler',
    year: 2024,
    url: 'https://arxiv.org/abs/2409.03444',
  },
  aliases: ['layer-wise slerp', 'slerp gradient'],
  facets: ['depth'],
  confidence: 'medium',
  needs: { base: false, experts: { min: 2, max: 2 }, order: true },
  controls: {
    a0: value('a₀', 'attention', '0', 0),
    a1: value('a₁', 'attention', '¼', 0.5),
    a2: value('a₂', 'attention', '½', 0.3),
    a3: value('a₃', 'attention', '¾', 0.7),
    a4: value('a₄', 'attention', '1', 1),
    m0: value('m₀', 'MLPs', '0', 1),
    m1: value('m₁', 'MLPs', '¼', 0.5),
    m2: value('m₂', 'MLPs', '½', 0.7),
    m3: value('m₃', 'MLPs', '¾', 0.3),
    m4: value('m₄', 'MLPs', '1', 0),
    o: {
      per: 'method',
      stage: 'combine',
      symbol: 'o',
      name: 'everything else',
      min: 0,
      max: 1,
      step: 0.05,
      default: 0.5,
      snaps: [0, 0.5, 1],
      help: 'Position on the arc for norms and embeddings.',
    },
    space: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'θ/τ',
      name: 'what is turned',
      default: 'weights',
      options: [
        { value: 'weights', name: 'whole weights', help: 'Turns the tensors themselves, as mergekit does.' },
        {
          value: 'task-vectors',
          name: 'changes only',
          help: 'Turns the changes τ from the base and adds the result to it: fine-tunes differ in direction there.',
        },
      ],
      help: 'Fine-tunes of one base are almost parallel as whole weights, but not in what they changed.',
    },
  },
  notes: [
    'The lists are those of mergekit’s example file; that the paper uses the same is recalled, not checked.',
    'As in mergekit the values stand at equal distances over the blocks, with straight lines between them.',
    'The thresholds of the arc are those of SLERP.',
  ],
  result: 'single',
  prepare: async ({ piece, base, experts, taskVectors }, { space }) => {
    const [parameter] = piece.tensors;
    const place = { group: parameter?.group, x: parameter ? positionOf(parameter) : 0 };
    if (space === 'weights') return { ...place, rows: stack(experts), cosine: await cosineOf(experts), onBase: false };
    return { ...place, rows: stack([base, ...experts]), cosine: await cosineOf(taskVectors), onBase: true };
  },
  combine: ({ rows, cosine: cos, onBase, group, x }, { a0, a1, a2, a3, a4, m0, m1, m2, m3, m4, o }) => {
    const list = group === 'attention' ? [a0, a1, a2, a3, a4] : group === 'mlp' ? [m0, m1, m2, m3, m4] : [o];
    const [first, second] = arcWeights(readAt(list, x), cos);
    // θ₀ + aτ₁ + bτ₂ written over [θ₀, θ₁, θ₂], which is exact at both ends.
    return weightedSum(rows, onBase ? [1 - first - second, first, second] : [first, second]);
  },
  laws: ['copies-give-the-copy'],
  examples: [
    {
      note: 'A quarter turn at the first value of the MLPs’ list.',
      base: [0, 0],
      experts: [
        [2, 0],
        [0, 2],
      ],
      controls: { m0: 0.5 },
      result: [Math.SQRT2, Math.SQRT2],
    },
    {
      note: 'The list’s own first value: the second expert.',
      base: [0, 0],
      experts: [
        [2, 0],
        [0, 2],
      ],
      result: [0, 2],
      tolerance: 0,
    },
  ],
});
