import { defineMethod } from './define.ts';
import type { MergekitForm, MergekitValue } from './mergekit.ts';
import { balanceOfSigns, ballotOf, elect, electOnto } from './parts/elect.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stack, weightedSum } from './parts/stack.ts';
import { cutsOf, surveyOf, trimmedRows } from './parts/trim.ts';
import { type TrimGlobals, trimSurveyor } from './parts/trim-survey.ts';

/** mergekit's `ties`, of which the weights of experts are a choice here. */
function mergekitForm(weighting: string, weight: MergekitValue): MergekitForm {
  return {
    method: 'ties',
    when: { weighting },
    base: 'base',
    perModel: { density: { control: 'density' }, weight },
    parameters: {
      normalize: { control: 'merge', map: { mean: true, sum: false, max: true } },
      lambda: { control: 'lambda' },
    },
    inexact: [
      {
        unless: { density: 1 },
        joined: true,
        say: 'The trimming to {density} is left out: mergekit makes changes sparse once, in the step before.',
      },
      {
        when: { trim: 'global' },
        unless: { density: 1 },
        joined: false,
        say: 'mergekit trims each tensor by itself, here one threshold holds for the whole network.',
      },
      {
        when: { merge: 'max' },
        say: 'Joining by the largest change is not in mergekit; the mean is written instead.',
      },
      {
        when: { weighting: 'none' },
        say: 'Where changes cancel exactly, mergekit elects +, here the sign that most weights elected.',
      },
    ],
    // mergekit's election is the weighted one, tensor by tensor.
    ...(weighting === 'before-election' && {
      reading: {
        controls: { trim: 'tensor', merge: 'mean' },
        defaults: { density: 1, normalize: true, lambda: 1, rescale: false },
      },
    }),
  };
}

/** What `globalCut` and `tensorCut` keep. */
const officialTrim = (density: number) =>
  ({ scope: 'network', ties: 'all', kept: (total: number) => Math.floor(total * density) + 1 }) as const;
const mergekitTrim = (density: number) =>
  ({ scope: 'tensor', ties: 'first', kept: (total: number) => Math.max(1, Math.floor(total * density)) }) as const;

export default defineMethod({
  id: 'ties',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  inParts: () => true,
  name: 'TIES',
  family: 'sign',
  formula: String.raw`\theta = \theta_0 + \lambda\,m,\qquad m_p = \frac{1}{|A_p|}\sum_{t \in A_p} \hat\tau_{t,p},\qquad A_p = \Bigl\{t : \operatorname{sgn}\hat\tau_{t,p} = \operatorname{sgn}\sum_{s} \hat\tau_{s,p}\Bigr\},\qquad \hat\tau_t = \operatorname{top}_K(\tau_t)`,
  summary:
    'Keeps each expert’s largest changes, elects one sign per weight, and averages only the experts that agree with it.',
  helps: 'Experts that pull the same weights in opposite directions, and many experts at once.',
  hurts:
    'Skills that rest on many small changes: trimming removes them. λ may need to go above 1 to make up for the averaging.',
  limits:
    'λ = 0 gives the base. With K = 1 and no conflict of signs, the sum is Task Arithmetic and the mean its average.',
  reference: {
    title: 'TIES-Merging: Resolving Interference When Merging Models',
    authors: 'Yadav et al.',
    year: 2023,
    url: 'https://arxiv.org/abs/2306.01708',
  },
  aliases: ['TIES-Merging', 'trim elect sign merge'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'method',
      stage: 'combine',
      symbol: 'λ',
      name: 'scale',
      min: 0,
      max: 2.5,
      step: 0.05,
      default: 1,
      snaps: [0, 0.3, 1],
      help: 'How much of the merged change is added. Usual: 0.8 to 2.5 for the mean, about 0.3 for the sum.',
    },
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'density',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 0.2,
      snaps: [0.2, 1],
      help: 'The part of each expert’s changes that is kept, largest first; 1 keeps all.',
    },
    merge: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'm',
      name: 'joining',
      default: 'mean',
      options: [
        { value: 'mean', name: 'mean', help: 'The mean of the experts that agree (with weights: the weighted mean).' },
        { value: 'sum', name: 'sum', help: 'Their sum; needs a smaller λ.' },
        { value: 'max', name: 'largest', help: 'Only the largest change among them.' },
      ],
      help: 'How the changes that have the elected sign become one.',
    },
    trim: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'top',
      name: 'trimming',
      default: 'global',
      options: [
        {
          value: 'global',
          name: 'whole network',
          help: 'One threshold per expert over all tensors, as in the authors’ code.',
        },
        {
          value: 'tensor',
          name: 'each tensor',
          help: 'Every tensor keeps the same part of its entries, as in mergekit.',
        },
      ],
      help: 'Where the largest changes are looked for.',
    },
    weighting: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'wτ',
      name: 'weights of experts',
      default: 'none',
      options: [
        { value: 'none', name: 'none', help: 'All experts vote alike, as in the paper; the election is done once.' },
        {
          value: 'before-election',
          name: 'before the election',
          help: 'Each expert’s change is scaled by w, then signs are elected, as in mergekit.',
        },
      ],
      help: 'Whether experts may have different say.',
    },
    weight: {
      per: 'expert',
      stage: 'combine',
      symbol: 'w',
      name: 'weight',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      when: { control: 'weighting', is: 'before-election' },
      help: 'This expert’s say in the election and its share of the result.',
    },
  },
  notes: [
    'The authors’ code keeps ⌊P·K⌋ + 1 changes of the P of the whole network (ties at the threshold too) and fails at K = 1, which here means no trimming. mergekit keeps ⌊n·K⌋ of the n of each tensor, at least one.',
    'Where the kept changes of a weight cancel (up to float32 rounding), the authors take the sign that most weights elected, mergekit takes +; the choice of weighting decides which of the two is followed.',
    'mergekit’s “normalize” is the joining: mean divides by the weights of the agreeing experts, sum does not.',
    'FusionBench’s defaults are the sum with λ = 0.3; the paper’s, used here, the mean with λ = 1.',
  ],
  mergekit: [mergekitForm('none', 1), mergekitForm('before-election', { control: 'weight' })],
  result: 'single',
  survey: async (input) => surveyOf(input.piece, await hostRows(input.taskVectors)),
  conclude: (surveys, { density, trim: scope, weighting }): TrimGlobals => {
    const cuts = cutsOf(surveys, density, scope);
    if (weighting === 'before-election') return { cuts, majority: 1 };
    const balances = surveys.map(({ piece, experts }) => {
      return balanceOfSigns(
        trimmedRows(
          experts.map(({ values }) => values),
          piece,
          cuts,
        ),
        experts.length,
      );
    });
    const balance = balances.reduce((total, each) => total + each, 0);
    return { cuts, majority: balance > 0 ? 1 : balance < 0 ? -1 : 0 };
  },
  // Where changes cancel, the official code takes the sign that most weights elected.
  surveyor: ({ density, trim: scope, weighting }, experts) =>
    trimSurveyor({ experts, density, scope, majority: weighting === 'none' }),
  prepare: async (input, { merge, weighting }) => {
    const { cuts, majority } = input.globals;
    const values = await hostRows(input.taskVectors);
    const { base } = input;
    const trimmed = ballotOf(trimmedRows(values, input.piece, cuts), values.length, base.shape);
    if (weighting === 'before-election') {
      const election = { merge, zeroSign: majority } as const;
      const start = ballotOf(await hostRow(base), 1, base.shape);
      return { kind: 'trimmed', base: start, trimmed, election } as const;
    }
    const everyone = input.experts.map(() => 1);
    const change = elect(trimmed, everyone, { merge, zeroSign: majority });
    const elected = stack([base, change]);
    change.dispose();
    if ('device' in trimmed) trimmed.device.dispose();
    return { kind: 'elected', elected } as const;
  },
  combine: (prepared, { lambda, weight }) => {
    switch (prepared.kind) {
      case 'elected':
        return weightedSum(prepared.elected, [1, lambda]);
      case 'trimmed':
        return electOnto(prepared.base, prepared.trimmed, weight, lambda, prepared.election);
    }
  },
  elected: ({ lambda, density, merge, trim: scope, weighting, weight }, experts) => ({
    ...(density < 1 && { trim: scope === 'global' ? officialTrim(density) : mergekitTrim(density) }),
    weights: weighting === 'none' ? Array.from({ length: experts }, () => 1) : weight,
    joining: merge,
    zeroSign: weighting === 'none' ? 'majority' : 1,
    lambda,
  }),
  laws: ['zero-gives-base', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors', 'linear-in-coefficients'],
  examples: [
    {
      note: 'G1 golden, official: mean',
      ...g1,
      controls: { density: 0.5 },
      result: [1.15, -0.5, 0, 1.6, 2.133333, -1.1, -0.55, -0.5],
    },
    {
      note: 'G1 golden, official: sum',
      ...g1,
      controls: { density: 0.5, merge: 'sum' },
      result: [1.8, -2, 1, 1.6, 3.4, -1.1, -0.55, -0.5],
    },
    {
      note: 'G1 golden, official: largest',
      ...g1,
      controls: { density: 0.5, merge: 'max' },
      result: [1.5, -1, 0.5, 1.6, 2.4, -1.1, -0.55, -0.5],
    },
    {
      note: 'G1 golden, mergekit',
      ...g1,
      controls: { density: 0.5, trim: 'tensor', weighting: 'before-election' },
      result: [1.5, -0.5, 0, 1.6, 2.25, -1.1, -0.55, -0.5],
    },
  ],
});
