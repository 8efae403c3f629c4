/** One pass over all tensors: sizes, changes, and the scalar products from which cosines and distances follow. */
import { createEnvelope, type Envelope } from '../../core/stats/envelope.ts';
import { deviationOf, joinMoments, type Moments, momentsOf, NO_MOMENTS } from '../../core/stats/moments.ts';
import { type InspectedTensor, type InspectSource, minus, partsOf } from './source.ts';

/** Stretches of the small line in the list. */
const STRETCHES = 48;

export interface TensorStats {
  /** ‖θ‖₂ over the finite entries. */
  readonly norm: number;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  /** Share of the entries that are exactly 0. */
  readonly zeros: number;
  readonly notNumbers: number;
  readonly envelope: Envelope;
}

export interface TensorSurvey {
  readonly tensor: InspectedTensor;
  /** In the order of the source's models; null where a model lacks the tensor. */
  readonly models: readonly (TensorStats | null)[];
  /** ⟨θᵢ, θⱼ⟩ in the same order, [models, models]; NaN where one lacks the tensor. */
  readonly weights: Float64Array;
  /** ⟨τᵢ, τⱼ⟩ of the changes from the base; null without a base that has the tensor. */
  readonly changes: Float64Array | null;
}

/** In float64, from float32 values. */
export async function surveyTensor(source: InspectSource, tensor: InspectedTensor): Promise<TensorSurvey> {
  const { models } = source;
  const present = models.filter(({ id }) => source.has(id, tensor.name));
  const place = present.map((model) => models.indexOf(model));
  const base = present.findIndex(({ role }) => role === 'base');
  const size = tensor.shape.reduce((product, side) => product * side, 1);
  const moments: Moments[] = present.map(() => NO_MOMENTS);
  const envelopes = present.map(() => createEnvelope(size, STRETCHES));
  const weights = new Float64Array(models.length ** 2).fill(Number.NaN);
  const changes = base < 0 ? null : new Float64Array(models.length ** 2).fill(Number.NaN);
  const ids = present.map(({ id }) => id);
  for await (const { from, values } of partsOf(source, tensor, ids)) {
    values.forEach((own, i) => {
      moments[i] = joinMoments(moments[i] ?? NO_MOMENTS, momentsOf(own));
      envelopes[i]?.add(own);
    });
    addProducts(weights, values, place, models.length, from === 0);
    const start = values[base];
    if (changes && start) {
      addProducts(
        changes,
        values.map((own) => minus(own, start)),
        place,
        models.length,
        from === 0,
      );
    }
  }
  return {
    tensor,
    models: models.map((model) => {
      const at = present.indexOf(model);
      const own = moments[at];
      const envelope = envelopes[at]?.result();
      return own && envelope ? statsOf(own, envelope) : null;
    }),
    weights,
    changes,
  };
}

function statsOf(moments: Moments, envelope: Envelope): TensorStats {
  const { count, notNumbers, zeros, mean, squares, least, most } = moments;
  return {
    norm: Math.sqrt(squares),
    mean,
    deviation: deviationOf(moments),
    least,
    most,
    zeros: count + notNumbers > 0 ? zeros / (count + notNumbers) : 0,
    notNumbers,
    envelope,
  };
}

/** Adds ⟨vᵢ, vⱼ⟩ of all pairs at the models' places. */
function addProducts(
  into: Float64Array,
  values: readonly Float32Array[],
  place: readonly number[],
  models: number,
  first: boolean,
): void {
  for (const [i, a] of values.entries()) {
    for (const [j, b] of values.entries()) {
      if (j > i) break;
      const product = scalarProduct(a, b);
      const [row, col] = [place[i] ?? 0, place[j] ?? 0];
      for (const at of new Set([row * models + col, col * models + row])) {
        into[at] = first ? product : (into[at] as number) + product;
      }
    }
  }
}

function scalarProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  // In range: both are parts of one tensor.
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
