/** Everything about one tensor that is seen on its own page. */
import { countInto, emptyHistogram, type Histogram, sharedRange } from '../../core/stats/histogram.ts';
import { joinMoments, type Moments, momentsOf, NO_MOMENTS } from '../../core/stats/moments.ts';
import { type Spectrum, spectrumOf } from '../../core/stats/spectrum.ts';
import { type SignMap, signMap } from './signs.ts';
import { type InspectSource, matrixOf, minus, partsOf, sizeOfTensor, tensorNamed } from './source.ts';

const BINS = 64;
/** A decomposition of matrices with a longer shorter side would take minutes. */
const LONGEST_SHORT_SIDE = 512;
/** A matrix is decomposed in float64, in memory as a whole: 128 MB. */
const MOST_ENTRIES = 1 << 24;

export interface Distribution {
  readonly model: string;
  readonly histogram: Histogram;
}

export interface MatrixSpectrum extends Spectrum {
  readonly model: string;
  /** Of the weights themselves, or of their change from the base. */
  readonly of: 'weights' | 'change';
}

export interface TensorPage {
  readonly name: string;
  /** Weights of all models over one range. */
  readonly weights: readonly Distribution[];
  /** Changes from the base over one range; empty without a base. */
  readonly changes: readonly Distribution[];
  readonly signs: SignMap | null;
  /** Of matrices; a sentence where it is not computed, null where the tensor is no matrix. */
  readonly spectra: readonly MatrixSpectrum[] | string | null;
}

export async function tensorPage(source: InspectSource, name: string): Promise<TensorPage> {
  const tensor = tensorNamed(source, name);
  const present = source.models.filter(({ id }) => source.has(id, name));
  const ids = present.map(({ id }) => id);
  const base = present.findIndex(({ role }) => role === 'base');
  const changed = base < 0 ? [] : ids.filter((_, i) => i !== base);
  /** Task vectors of one part, of the models that are not the base. */
  const changesOf = (values: readonly Float32Array[]) => {
    const start = values[base];
    return start ? values.filter((_, i) => i !== base).map((own) => minus(own, start)) : [];
  };
  const ofWeights: Moments[] = ids.map(() => NO_MOMENTS);
  const ofChanges: Moments[] = changed.map(() => NO_MOMENTS);
  const join = (into: Moments[], values: readonly Float32Array[]) =>
    values.forEach((own, i) => {
      into[i] = joinMoments(into[i] ?? NO_MOMENTS, momentsOf(own));
    });
  for await (const { values } of partsOf(source, tensor, ids)) {
    join(ofWeights, values);
    join(ofChanges, changesOf(values));
  }
  const start = (models: readonly string[], moments: readonly Moments[]): Distribution[] => {
    const range = sharedRange(moments);
    return models.map((model) => ({ model, histogram: emptyHistogram(range, BINS) }));
  };
  const count = (into: readonly Distribution[], values: readonly Float32Array[]) =>
    into.map(({ model, histogram }, i) => ({
      model,
      histogram: countInto(histogram, values[i] ?? new Float32Array()),
    }));
  let [weights, changes] = [start(ids, ofWeights), start(changed, ofChanges)];
  for await (const { values } of partsOf(source, tensor, ids)) {
    weights = count(weights, values);
    changes = count(changes, changesOf(values));
  }
  return { name, weights, changes, signs: await signMap(source, tensor), spectra: await spectraOf(source, name) };
}

async function whole(source: InspectSource, model: string, name: string): Promise<Float32Array> {
  const tensor = tensorNamed(source, name);
  const out = new Float32Array(sizeOfTensor(tensor));
  for await (const { from, values } of partsOf(source, tensor, [model])) if (values[0]) out.set(values[0], from);
  return out;
}

/** The base and the merges as they are, experts and merges by their changes: before and after. */
async function spectraOf(source: InspectSource, name: string): Promise<TensorPage['spectra']> {
  const tensor = tensorNamed(source, name);
  if (tensor.shape.length < 2) return null;
  const [rows, cols] = matrixOf(tensor);
  if (Math.min(rows, cols) > LONGEST_SHORT_SIDE || rows * cols > MOST_ENTRIES)
    return `A matrix of ${rows} × ${cols} is not decomposed here: the limit is ${LONGEST_SHORT_SIDE} for its shorter side and ${MOST_ENTRIES} entries.`;
  const present = source.models.filter(({ id }) => source.has(id, name));
  const base = present.find(({ role }) => role === 'base');
  const start = base && (await whole(source, base.id, name));
  const spectra: MatrixSpectrum[] = [];
  for (const { id, role } of present) {
    const values = await whole(source, id, name);
    if (values.some((value) => !Number.isFinite(value)))
      return `${name} of ${id} holds values that are not numbers: it has no singular values.`;
    if (role !== 'expert' || !start) spectra.push({ model: id, of: 'weights', ...spectrumOf(values, rows, cols) });
    if (role !== 'base' && start)
      spectra.push({ model: id, of: 'change', ...spectrumOf(minus(values, start), rows, cols) });
  }
  return spectra;
}
