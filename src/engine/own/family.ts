/** Makes a family of the user's own files: the same card and the same kinds of files as the bundled zoo has. */
import { sha256Hex } from '../../core/hash.ts';
import { type Card, type CardFile, type CardSegment, type CardTask, parseCard } from '../../formats/card.ts';
import { divided, type Labelled, type Sizes } from '../../formats/data/divide.ts';
import type { OwnSamples } from '../../formats/data/samples.ts';
import { identifierOf } from '../../formats/own/identifier.ts';
import type { OwnHead } from '../../formats/own/layout.ts';
import { type Safetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor, toFloat32 } from '../../formats/safetensors/values.ts';
import { encodeFeatures } from '../../formats/samples.ts';
import { isLinear, parametersOf } from '../../models/architecture-parameters.ts';
import { countWeights } from '../../models/parameter.ts';
import { StudioError } from '../fault.ts';

/** Ends of the nested subsets below all samples. */
const TIERS: readonly number[] = [64, 256];
/** The family of the same files is the same, whoever opens them. */
const ID_DIGITS = 12;
const OWN_PREFIX = 'own-';

export interface OwnModel {
  /** Of its file, without the ending. */
  readonly name: string;
  readonly file: Safetensors;
}

export interface OwnExpert extends OwnModel {
  readonly head: OwnHead;
  /** The file that the head is taken from. */
  readonly headFrom: Safetensors;
  readonly samples: OwnSamples;
  readonly labelled: Labelled;
}

export interface OwnFamily {
  readonly card: Card;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** What to do about models that make no family. */
export const TODO = 'Choose other files, or look at docs/own-models.md for the layouts.';

/** @param sizes of the test and the calibration set, the same for every task */
export function familyOf(model: Card['model'], base: OwnModel, experts: readonly OwnExpert[], sizes: Sizes): OwnFamily {
  const files = new Map<string, Uint8Array>();
  const put = (file: string, bytes: Uint8Array): CardFile => {
    files.set(file, bytes);
    return { file, bytes: bytes.length, sha256: sha256Hex(bytes) };
  };
  const ids: string[] = [];
  for (const { head } of experts) ids.push(identifierOf(head.task, ids));
  const idOf = (index: number) => ids[index] ?? '';
  const network = (id: string, { name, file }: OwnModel) => {
    const { bytes, dtype } = encoder(file, model, name);
    return { id, name, dtype, ...put(`${id}.safetensors`, bytes) };
  };
  const heads = new Map(experts.flatMap((expert, index) => headTensors(expert, idOf(index), model)));
  const content = {
    version: 1,
    name: 'Own models',
    summary: `${base.name} and ${experts.length} experts, on own data.`,
    model,
    parameters: countWeights(parametersOf(model)),
    base: network('base', base),
    experts: experts.map((expert, index) => network(idOf(index), expert)),
    heads: { dtype: 'F32', ...put('heads.safetensors', writeSafetensors(heads)) },
    tasks: experts.map((expert, index) => taskOf(idOf(index), expert, sizes, put)),
    accuracy: {},
    opening: { experts: ids, pair: [idOf(0), idOf(1)], points: [] },
    targets: [],
    training: {},
    typefaces: [],
  };
  const id = sha256Hex(JSON.stringify(content)).slice(0, ID_DIGITS);
  return { card: parseCard({ ...content, family: `${OWN_PREFIX}${id}` }, 'the card of your models'), files };
}

function stored(tensor: StoredTensor, dtype: 'F16' | 'F32'): StoredTensor {
  return tensor.dtype === dtype ? tensor : { ...tensor, dtype, bytes: fromFloat32(toFloat32(tensor), dtype) };
}

/** A file with the encoder alone, in float16 where all of it was, else in float32. */
function encoder({ tensors }: Safetensors, model: Card['model'], name: string) {
  const table = parametersOf(model);
  const own = table.map((row): readonly [string, StoredTensor] => {
    const tensor = tensors.get(row.name);
    if (!tensor) throw new StudioError('recipe', `${name}: has no tensor ${row.name}`, TODO);
    if (tensor.shape.join() !== row.shape.join())
      throw new StudioError(
        'recipe',
        `${name}: ${row.name} has shape [${tensor.shape.join(', ')}], the base’s is [${row.shape.join(', ')}]`,
        TODO,
      );
    return [row.name, tensor];
  });
  const names = new Set(table.map((row) => row.name));
  const stranger = [...tensors.keys()].find((key) => !names.has(key) && !key.startsWith('heads.'));
  if (stranger !== undefined)
    throw new StudioError('recipe', `${name}: ${stranger} is no tensor of its architecture`, TODO);
  const dtype = own.every(([, tensor]) => tensor.dtype === 'F16') ? 'F16' : 'F32';
  const bytes = writeSafetensors(new Map(own.map(([key, tensor]) => [key, stored(tensor, dtype)])));
  return { bytes, dtype } as const;
}

/** A linear head without a bias has one of zeros. */
function headTensors({ head, headFrom }: OwnExpert, id: string, model: Card['model']): [string, StoredTensor][] {
  const weight = headFrom.tensors.get(`heads.${head.task}.weight`);
  if (!weight) throw new StudioError('internal', `heads.${head.task}.weight is gone`);
  const named: [string, StoredTensor][] = [[`heads.${id}.weight`, stored(weight, 'F32')]];
  if (!isLinear(model)) return named;
  const bias = headFrom.tensors.get(`heads.${head.task}.bias`);
  const shape = [head.classes.length];
  const none: StoredTensor = { dtype: 'F32', shape, bytes: new Uint8Array(4 * head.classes.length) };
  return [...named, [`heads.${id}.bias`, bias ? stored(bias, 'F32') : none]];
}

function taskOf(
  id: string,
  { head, samples, labelled }: OwnExpert,
  sizes: Sizes,
  put: (file: string, bytes: Uint8Array) => CardFile,
): CardTask {
  const { test, calibration } = divided(labelled.classes, sizes);
  const classesOf = (places: readonly number[]) => Uint8Array.from(places, (place) => labelled.classes[place] ?? 0);
  const rows = (places: readonly number[]) =>
    taken(
      samples,
      places.map((place) => labelled.places[place] ?? 0),
    );
  const segments = (split: string, places: readonly number[], withLabels: boolean): CardSegment[] =>
    ends(places.length).map((to, index, all) => {
      const from = all[index - 1] ?? 0;
      const own = places.slice(from, to);
      const bytes = encodeFeatures(rows(own), withLabels ? classesOf(own) : undefined, samples.inputs);
      return { from, to, ...put(`${id}.${split}.${to}.bin`, bytes) };
    });
  const labels = put(`${id}.labels.bin`, encodeFeatures(undefined, classesOf(calibration), samples.inputs));
  return {
    id,
    name: head.task,
    summary: `${sizes.test} own test samples of ${head.classes.length} classes.`,
    classes: [...head.classes],
    test: segments('test', test, true),
    calibration: { inputs: segments('calibration', calibration, false), labels },
  };
}

const ends = (count: number): number[] => [...TIERS.filter((end) => end < count), count];

function taken({ values, inputs }: OwnSamples, places: readonly number[]): Uint8Array | Float32Array {
  const out =
    values instanceof Uint8Array ? new Uint8Array(places.length * inputs) : new Float32Array(places.length * inputs);
  places.forEach((place, row) => {
    out.set(values.subarray(place * inputs, (place + 1) * inputs), row * inputs);
  });
  return out;
}
