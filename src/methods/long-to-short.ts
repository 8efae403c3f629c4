import { sortedMagnitudes } from '../core/stats/order.ts';
import { defineMethod, type PlacedParameter } from './define.ts';
import { g1 } from './parts/g1.ts';
import { hostRow } from './parts/host-rows.ts';
import { stack, stackArrays, weightedSum } from './parts/stack.ts';

/** Ascending magnitudes of every tensor's changes. */
const sortedRuns = (change: Float32Array, tensors: readonly PlacedParameter[]) =>
  tensors.map(({ start, length }) => sortedMagnitudes(change.subarray(start, start + length)));

/**
 * The study's cut of one tensor: of n entries those stay whose magnitude reaches the k-th smallest, k = ⌊n · rate⌋ and at least 1, so
 * n − k + 1 of them and what ties.
 */
function trimmed(
  change: Float32Array,
  tensors: readonly PlacedParameter[],
  runs: readonly Float32Array[],
  rate: number,
): Float32Array {
  const out = new Float32Array(change.length);
  for (const [index, { start, length }] of tensors.entries()) {
    const threshold = runs[index]?.[Math.max(1, Math.floor(length * rate)) - 1] ?? 0;
    for (let i = start; i < start + length; i++) {
      const value = change[i] as number;
      if (Math.abs(value) >= threshold) out[i] = value;
    }
  }
  return out;
}

export default defineMethod({
  id: 'long-to-short',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: ({ operator }) => operator === 'none',
  name: 'Long-to-short',
  family: 'average',
  formula: String.raw`\theta = \theta_q + \alpha\,\operatorname{trim}_k(\theta_s - \theta_q)`,
  summary:
    'Goes part of the way from a quick model to a slow, reasoning one, so as to keep its answers and shorten its thoughts.',
  helps: 'A strong expert and a quick one of one family, where something between the two is wanted.',
  hurts: 'Small models: the study gains little at 1.5 billion weights.',
  limits: 'α = 0 gives the quick model and, without trimming, α = 1 the slow one.',
  reference: {
    title: 'Unlocking Efficient Long-to-Short LLM Reasoning with Model Merging',
    authors: 'Wu et al.',
    year: 2025,
    url: 'https://arxiv.org/abs/2503.20641',
  },
  aliases: ['L2S', 'long2short', 'reasoning', 'System 1 and System 2'],
  needs: { base: true, experts: { min: 1, max: 2 }, order: true },
  controls: {
    alpha: {
      per: 'method',
      stage: 'combine',
      symbol: 'α',
      name: 'part of the way',
      min: 0,
      max: 1.5,
      step: 0.05,
      default: 0.7,
      snaps: [0, 0.7, 1],
      help: 'The study takes 0.7 without trimming, and 1 or about half with it.',
    },
    operator: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'trim',
      name: 'trimming',
      default: 'none',
      options: [
        { value: 'none', name: 'none', help: 'Task arithmetic: a straight line between the two models.' },
        {
          value: 'largest',
          name: 'per tensor',
          help: 'TIES with one expert: only the largest changes of every tensor are added.',
        },
      ],
      help: 'Which of the study’s ways without data joins the two models.',
    },
    rate: {
      per: 'method',
      stage: 'prepare',
      symbol: 'k',
      name: 'trimmed part',
      min: 0,
      max: 0.95,
      step: 0.05,
      default: 0.8,
      snaps: [0.2, 0.8],
      when: { control: 'operator', is: 'largest' },
      help: 'The part of every tensor’s changes that is dropped, smallest first. The study: 0.8 at 1.5 and 7 billion weights, 0.2 at 14, 0.25 at 32.',
    },
  },
  notes: [
    'With one expert the base is the quick model and the expert the slow one; with two, the first is quick and the second slow.',
    'It is a study of known operators, not a new one. Of those it compares, DARE is a step that can be put before this one; LoRE, Twin, AIM and Sens-Merging need data or a search and are not part of this file.',
    'Its trimming keeps n − ⌊nk⌋ + 1 changes of the n of each tensor, one more than k says.',
    'These networks write no answers: accuracy can be compared, the length of answers cannot.',
  ],
  mergekit: [
    {
      method: 'task_arithmetic',
      when: { operator: 'none' },
      experts: 1,
      base: 'base',
      perModel: { weight: { control: 'alpha' } },
      parameters: { normalize: false, lambda: 1 },
    },
    {
      method: 'linear',
      when: { operator: 'none' },
      perModel: [{ weight: { control: 'alpha', complement: true } }, { weight: { control: 'alpha' } }],
      parameters: { normalize: false },
    },
  ],
  result: 'single',
  prepare: async ({ piece, base, experts }, { operator, rate }, context) => {
    const [first, second] = experts;
    if (!first) throw new Error('Long-to-short needs one expert or two; none was given.');
    const [quick, slow] = second ? [first, second] : [base, first];
    if (operator === 'none') return { kind: 'line', rows: stack([quick, slow]) } as const;
    const [start, end] = [await hostRow(quick), await hostRow(slow)];
    const change = end.map((value, i) => value - (start[i] as number));
    const runs = await context.cache('sorted change from the quick to the slow model', () =>
      sortedRuns(change, piece.tensors),
    );
    return { kind: 'trimmed', rows: stackArrays([start, trimmed(change, piece.tensors, runs, rate)]) } as const;
  },
  combine: ({ kind, rows }, { alpha }) => weightedSum(rows, kind === 'line' ? [1 - alpha, alpha] : [1, alpha]),
  laws: ['linear-in-coefficients'],
  examples: [
    {
      note: 'seven tenths of the way from the base',
      base: [1, 1],
      experts: [[3, 0]],
      result: [2.4, 0.3],
    },
    { note: 'from the first of two experts', base: [9], experts: [[1], [2]], result: [1.7] },
    {
      note: 'G1: of eight changes 8 − 6 + 1 are kept',
      ...g1,
      experts: [g1.experts[0]],
      controls: { operator: 'largest', alpha: 1 },
      result: [1.5, -1, -1, 2, 1.5, -0.5, 0.25, -0.5],
    },
    {
      note: 'the quick model, exactly',
      ...g1,
      experts: [g1.experts[0]],
      controls: { alpha: 0 },
      result: g1.base,
      tolerance: 0,
    },
  ],
});
