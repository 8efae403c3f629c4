import { countAtMost, sortedAscending } from '../core/stats/order.ts';
import { defineMethod } from './define.ts';
import { CANCELLED } from './parts/elect.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';
import { stackArrays, weightedSum } from './parts/stack.ts';

/** A smaller sum of shares does not divide, as in mergekit. */
const SMALLEST_DIVISOR = 1e-6;

// In the loops below every index is in range by construction; `as number` only says so to the compiler.

/** Population variance over experts of every weight's change. */
function variances(changes: readonly Float32Array[]): Float32Array {
  const count = changes.length;
  const out = new Float32Array(changes[0]?.length ?? 0);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let t = 0; t < count; t++) sum += (changes[t] as Float32Array)[i] as number;
    const mean = sum / count;
    let squares = 0;
    for (let t = 0; t < count; t++) squares += (((changes[t] as Float32Array)[i] as number) - mean) ** 2;
    out[i] = squares / count;
  }
  return out;
}

/** 1 where the variance is among the ⌊share · number of variances above 0⌋ largest; of equal ones the first. */
function selected(variance: Float32Array, ascending: Float32Array, share: number): Uint8Array {
  const length = variance.length;
  if (share >= 1) return new Uint8Array(length).fill(1);
  const kept = Math.floor((length - countAtMost(ascending, 0)) * share);
  if (kept === 0) return new Uint8Array(length);
  const threshold = ascending[length - kept] as number;
  let ties = kept - (length - countAtMost(ascending, threshold));
  return Uint8Array.from(variance, (value) => (value > threshold || (value === threshold && ties-- > 0) ? 1 : 0));
}

/** w_t = Σ τ̂_t² / Σ_s Σ τ̂_s²; equal shares where nothing is selected. */
function sharesOf(changes: readonly Float32Array[], mask: Uint8Array): number[] {
  const squares = changes.map((change) => {
    let total = 0;
    for (let i = 0; i < change.length; i++) if (mask[i]) total += (change[i] as number) ** 2;
    return total;
  });
  const total = squares.reduce((sum, value) => sum + value, 0);
  return squares.map((value) => (total > 0 ? value / total : 1 / squares.length));
}

/**
 * Each expert's part w_t τ_t / Σ w of the experts whose change has the sign of the sum; the others' are 0.
 * @param mask where there is anything to add
 */
function erased(changes: readonly Float32Array[], shares: readonly number[], mask: Uint8Array): Float32Array[] {
  const parts = changes.map((change) => new Float32Array(change.length));
  const values = new Float64Array(changes.length);
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    let sum = 0;
    let mass = 0;
    for (let t = 0; t < values.length; t++) {
      const value = (changes[t] as Float32Array)[i] as number;
      values[t] = value;
      sum += value;
      mass += Math.abs(value);
    }
    const sign = sum < -mass * CANCELLED ? -1 : 1;
    let divisor = 0;
    for (let t = 0; t < values.length; t++) if (sign * (values[t] as number) > 0) divisor += shares[t] as number;
    divisor = Math.max(divisor, SMALLEST_DIVISOR);
    for (let t = 0; t < values.length; t++) {
      const value = values[t] as number;
      if (sign * value > 0) (parts[t] as Float32Array)[i] = ((shares[t] as number) * value) / divisor;
    }
  }
  return parts;
}

export default defineMethod({
  id: 'sce',
  revision: 1,
  kind: 'merge',
  scope: 'tensor',
  name: 'SCE',
  family: 'sign',
  formula: String.raw`\theta_p = \theta_{0,p} + \frac{\sum_{t \in A_p} \lambda_t\,w_t\,\hat\tau_{t,p}}{\sum_{t \in A_p} w_t},\qquad w_t = \frac{\lVert\hat\tau_t\rVert^2}{\sum_s \lVert\hat\tau_s\rVert^2},\qquad \hat\tau_t = \operatorname{top}_K(\operatorname{Var}_s \tau_s) \odot \tau_t`,
  summary:
    'Selects the weights on which experts differ most, calculates each expert’s share from its changes there, and erases those against the common sign.',
  helps: 'Experts of unequal strength: whoever changed a tensor more has more say in it.',
  hurts: 'Weights that all experts changed alike: below K = 1 they are the first to be dropped.',
  limits: 'λ = 0 gives the base. With K = 1 and no conflict of signs it is FuseChat VaRM.',
  reference: {
    title: 'FuseChat: Knowledge Fusion of Chat Models',
    authors: 'Wan et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2408.07990',
  },
  aliases: ['select calculate erase', 'FuseChat 3'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    lambda: {
      per: 'expert',
      stage: 'combine',
      symbol: 'λ',
      name: 'coefficient',
      min: -0.5,
      max: 1.5,
      step: 0.05,
      default: 1,
      snaps: [0, 1],
      help: 'How much of this expert’s part is added; the paper has 1 for all.',
    },
    density: {
      per: 'method',
      stage: 'prepare',
      symbol: 'K',
      name: 'selected part',
      min: 0.05,
      max: 1,
      step: 0.05,
      default: 1,
      snaps: [0.1, 1],
      help: 'The part of each tensor’s weights that is kept, those first on which experts differ most; 1 keeps all. FuseChat takes 0.1.',
    },
    selection: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'top',
      name: 'what is selected',
      default: 'changes',
      options: [
        { value: 'changes', name: 'the changes', help: 'Only selected weights move, as in the paper and in mergekit.' },
        {
          value: 'shares',
          name: 'only the shares',
          help: 'The selection decides the shares w; all weights move, as in the authors’ code.',
        },
      ],
      help: 'What the selection is used for.',
    },
  },
  notes: [
    'The authors’ code applies the selection to the shares alone, the paper and mergekit also to what is merged: below K = 1 they differ.',
    'mergekit gives equal shares where the mean squares add up to less than 1e-6, which small networks often do; here only where nothing changed at all.',
    'Changes that cancel count as positive, as in mergekit. λ is an addition of this studio, at 1 the paper’s merge.',
    'With a single expert all variances are 0: below K = 1 nothing is selected.',
  ],
  mergekit: [
    {
      method: 'sce',
      base: 'base',
      parameters: { select_topk: { control: 'density' } },
      reading: { controls: { selection: 'changes' }, defaults: { select_topk: 1 } },
      inexact: [
        {
          say: 'The λ of the experts are left out where they are not 1, and mergekit gives equal shares to very small changes.',
        },
        {
          when: { selection: 'shares' },
          unless: { density: 1 },
          say: 'mergekit moves only the selected weights, here the selection decides the shares alone.',
        },
      ],
    },
  ],
  result: 'single',
  prepare: async ({ base, taskVectors }, { density, selection }, context) => {
    const changes = await hostRows(taskVectors);
    const spread = await context.cache('variance of the task vectors, and sorted', () => {
      const variance = variances(changes);
      return { variance, ascending: sortedAscending(variance) };
    });
    const mask = selected(spread.variance, spread.ascending, density);
    const moved = selection === 'changes' ? mask : new Uint8Array(mask.length).fill(1);
    const parts = erased(changes, sharesOf(changes, mask), moved);
    return { ...stackArrays([await hostRow(base), ...parts]), shape: base.shape };
  },
  combine: (stacked, { lambda }) => weightedSum(stacked, [1, ...lambda]),
  laws: [
    'zero-gives-base',
    'one-expert-gives-expert',
    'order-of-experts-is-irrelevant',
    'scales-with-task-vectors',
    'linear-in-coefficients',
  ],
  examples: [
    {
      note: 'G1 golden, checked against mergekit',
      ...g1,
      result: [1.356291, -0.62701, -0.12701, 1.6, 2.033898, -0.861589, -0.55, -0.5],
    },
    {
      note: 'G1 golden, mergekit, half of the weights',
      ...g1,
      controls: { density: 0.5 },
      result: [1.446353, -0.676285, -0.176285, 2, 1.5, -0.5, 0.25, -0.5],
    },
    {
      note: 'G1 golden, the authors’ code, half of the weights',
      ...g1,
      controls: { density: 0.5, selection: 'shares' },
      result: [1.446353, -0.676285, -0.176285, 1.6, 1.987876, -0.822992, -0.55, -0.5],
    },
  ],
});
