import * as tf from '@tensorflow/tfjs-core';
import { defineMethod, type Input, type PlacedParameter } from './define.ts';
import { bitAt, maskReadout, packBits } from './parts/bits.ts';
import { bitsOf } from './parts/code-size.ts';
import { g1 } from './parts/g1.ts';
import { hostRow, hostRows } from './parts/host-rows.ts';

/** Of one piece; depends on no control. */
interface Survey {
  readonly start: number;
  /** τ_uni */
  readonly unified: Float32Array;
  /** M_t by expert, one bit per weight. */
  readonly masks: readonly Uint8Array[];
  /** By tensor, then by expert. */
  readonly sizes: readonly TensorSizes[];
}

interface TensorSizes {
  readonly length: number;
  /** Σ|τ_t| */
  readonly own: readonly number[];
  /** Σ|M_t ⊙ τ_uni| */
  readonly kept: readonly number[];
}

interface Globals {
  readonly surveys: readonly Survey[];
  /** λ_t */
  readonly scales: Float32Array;
}

/** σ ⊙ ε: the elected sign (zero counts as negative) and the largest magnitude among those that have it. */
function unify(vectors: readonly Float32Array[], length: number): Float32Array {
  const unified = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let highest = 0;
    let lowest = 0;
    for (const vector of vectors) {
      const value = vector[i] as number;
      sum += value;
      highest = Math.max(highest, value);
      lowest = Math.min(lowest, value);
    }
    unified[i] = sum > 0 ? highest : lowest;
  }
  return unified;
}

function sizesOf(
  { start, length }: PlacedParameter,
  vectors: readonly Float32Array[],
  unified: Float32Array,
  masks: readonly Uint8Array[],
): TensorSizes {
  const own = vectors.map(() => 0);
  const kept = vectors.map(() => 0);
  for (const [t, vector] of vectors.entries()) {
    const mask = masks[t] as Uint8Array;
    let all = 0;
    let within = 0;
    for (let i = start; i < start + length; i++) {
      all += Math.abs(vector[i] as number);
      if (bitAt(mask, i)) within += Math.abs(unified[i] as number);
    }
    own[t] = all;
    kept[t] = within;
  }
  return { length, own, kept };
}

async function survey({ piece, taskVectors }: Input): Promise<Survey> {
  const vectors = await hostRows(taskVectors);
  const unified = unify(vectors, piece.length);
  const masks = vectors.map((vector) =>
    // Agrees in sign with τ_uni, and is not zero: as in the paper, τ_t ⊙ σ > 0.
    packBits(piece.length, (i) => (vector[i] as number) * (unified[i] as number) > 0),
  );
  const sizes = piece.tensors.map((tensor) => sizesOf(tensor, vectors, unified, masks));
  return { start: piece.start, unified, masks, sizes };
}

/** λ_t = ‖τ_t‖₁ / ‖M_t ⊙ τ_uni‖₁ over all weights, or of the sums of every tensor's means. */
function scalesOf(surveys: readonly Survey[], rescaler: 'paper' | 'code'): Float32Array {
  const tensors = surveys.flatMap(({ sizes }) => sizes);
  return Float32Array.from(surveys[0]?.masks ?? [], (_, t) => {
    const total = (of: 'own' | 'kept') =>
      tensors.reduce((sum, tensor) => sum + (tensor[of][t] as number) / (rescaler === 'code' ? tensor.length : 1), 0);
    const kept = total('kept');
    // Nothing is kept of an expert that equals the base: nothing is to be scaled.
    return kept > 0 ? total('own') / kept : 1;
  });
}

export default defineMethod({
  id: 'emr',
  revision: 1,
  kind: 'merge',
  scope: 'entry',
  name: 'EMR-Merging',
  family: 'pack',
  formula: String.raw`\hat\theta_t = \theta_0 + \lambda_t\, M_t \odot \tau_{\mathrm{uni}},\quad \tau_{\mathrm{uni}} = \sigma \odot \max_{t:\,\tau_t\sigma>0} |\tau_t|,\quad \sigma = \operatorname{sgn}\textstyle\sum_t \tau_t,\quad \lambda_t = \frac{\|\tau_t\|_1}{\|M_t \odot \tau_{\mathrm{uni}}\|_1}`,
  summary:
    'Elects one sign and the largest change for every weight; each task then masks what agrees with its own change and rescales it.',
  helps:
    'Many experts that must all stay good, with nothing to tune: one network, one bit per weight and one number per task.',
  hurts: 'Where the task of an input is not known: without it there is no mask to choose.',
  limits: 'One expert, or experts that change different weights, come back as they were.',
  reference: {
    title: 'EMR-Merging: Tuning-Free High-Performance Model Merging',
    authors: 'Huang et al.',
    year: 2024,
    url: 'https://arxiv.org/abs/2405.17461',
  },
  aliases: ['elect mask rescale', 'EMR'],
  facets: ['masks', 'compression'],
  needs: { base: true, experts: { min: 1 } },
  controls: {
    rescaler: {
      kind: 'choice',
      per: 'method',
      stage: 'prepare',
      symbol: 'λₜ',
      name: 'rescaled by',
      default: 'paper',
      options: [
        { value: 'paper', name: 'whole network', help: 'The ratio of the sums of magnitudes, as in the paper.' },
        {
          value: 'code',
          name: 'mean of each tensor',
          help: 'As in the authors’ code: every tensor counts alike, however small it is.',
        },
      ],
      help: 'What the masked change of a task is made as large as.',
    },
  },
  notes: [
    'The paper takes the ratio of magnitudes over all weights, the authors’ code and FusionBench the ratio of sums of tensor means; they differ where a small tensor has large changes.',
    'A sum of zero elects the negative sign, as in the authors’ code.',
    'The size counts the base, the unified change in float32, and for each expert one bit per weight and one float32.',
  ],
  result: 'masked',
  survey,
  conclude: (surveys, { rescaler }): Globals => ({ surveys, scales: scalesOf(surveys, rescaler) }),
  async prepare({ piece, base, globals }) {
    const own = globals.surveys.find(({ start }) => start === piece.start);
    if (!own) throw new Error(`emr: no survey was made of the piece that starts at ${piece.start}`);
    const { unified, masks } = own;
    const told = maskReadout(masks, unified.length);
    return { shape: base.shape, base: await hostRow(base), unified, masks, scales: globals.scales, told };
  },
  combine: ({ shape, base, unified, masks, scales }, _controls, expert) => {
    const mask = masks[expert] ?? new Uint8Array();
    const scale = scales[expert] ?? 1;
    const out = base.slice();
    // In range by the loop's bound.
    for (let i = 0; i < out.length; i++)
      if (bitAt(mask, i)) out[i] = (out[i] as number) + scale * (unified[i] as number);
    return tf.tensor(out, [...shape]);
  },
  footprint: ({ unified, masks, scales }) => ({
    shared: bitsOf(unified),
    perExpert: bitsOf({ masks, scales }) / masks.length,
  }),
  readout: ({ told }) => ({ masks: told }),
  laws: ['one-expert-gives-expert', 'order-of-experts-is-irrelevant', 'scales-with-task-vectors'],
  examples: [
    {
      note: 'G1 golden: masks 11101101, 01101010 and 10011100; λ = 0.8, 0.961538 and 1.172414',
      ...g1,
      result: [
        1.3, -0.6, 0.2, 2, 2.22, -0.98, 0.25, -0.2, 0.5, -0.923077, 0.442308, 2, 2.365385, -0.5, -0.519231, 1, 1.672414,
        1, -1, 1.531034, 2.555172, -1.203448, 0.25, 1,
      ],
    },
    {
      note: 'Experts that change different weights come back exactly.',
      base: [1, 1, 1],
      experts: [
        [2, 1, 1],
        [1, -1, 1],
      ],
      result: [2, 1, 1, 1, -1, 1],
      tolerance: 0,
    },
  ],
});
