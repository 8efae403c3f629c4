/** Puts models with other tokenizers into one vocabulary: embeddings and output layers are gathered by token where they are read. */
import { sha256Hex } from '../../core/hash.ts';
import type { JobTensor, JobVocabulary, MergeJob, Place } from '../../formats/checkpoint/job.ts';
import {
  type Alignment,
  alignVocabularies,
  fillings,
  type TokenModel,
  type TokenSetting,
} from '../../formats/tokenizer/alignment.ts';
import type { Tokenizer } from '../../formats/tokenizer/vocabulary.ts';
import type { Checkpoint, GatheredPart, TensorPart } from './checkpoint.ts';
import { ungathered } from './gathered.ts';
import { type Checkpoints, partAt } from './place-values.ts';

export interface VocabularyRequest {
  /** Id of one of the models. */
  readonly base: string | null;
  readonly source: 'union' | 'base' | Tokenizer;
  readonly tokens: ReadonlyMap<string, TokenSetting>;
  readonly padTo: number | null;
}

/**
 * @param models in the order in which they are merged
 * @param isOverTokens whether a tensor of a model has a row for every token
 * @throws TokenizerError
 */
export async function alignmentOf(
  models: readonly Checkpoint[],
  { base, source, tokens, padTo }: VocabularyRequest,
  isOverTokens: (name: string, model: Checkpoint) => boolean,
): Promise<Alignment> {
  const read = new Map<string, Tokenizer>();
  const tokenizerOf = async ({ outline: { vocabulary }, readTokenizer }: Checkpoint): Promise<Tokenizer | null> => {
    if (!vocabulary || !readTokenizer) return null;
    // Where only rows matter, equal vocabularies are read once.
    const known = read.get(vocabulary.digest) ?? (await readTokenizer());
    read.set(vocabulary.digest, known);
    return known;
  };
  const own: TokenModel[] = [];
  for (const model of models) {
    const { id, name } = model.outline;
    const rows = rowsIn(model, isOverTokens);
    own.push({ id, name, tokenizer: await tokenizerOf(model), rows });
  }
  return alignVocabularies({ base, models: own, source, tokens, padTo });
}

/** Rows that all its tables have, and that its configuration does not call padding. */
function rowsIn(model: Checkpoint, isOverTokens: (name: string, model: Checkpoint) => boolean): number {
  const { tensors, config } = model.outline;
  const sides = tensors.flatMap(({ name, shape }) => (isOverTokens(name, model) ? (shape[0] ?? []) : []));
  const said: unknown =
    typeof config === 'object' && config !== null && 'vocab_size' in config ? config.vocab_size : null;
  return Math.min(...sides, ...(typeof said === 'number' && said > 0 ? [said] : []));
}

interface Aligned {
  readonly job: MergeJob;
  readonly checkpoints: Checkpoints;
}

/**
 * @param alignment of all models that the places name
 * @param placesOf the tensor in the models that know it, in their order: more of them than the job may merge
 */
export function alignJob(
  job: MergeJob,
  checkpoints: Checkpoints,
  alignment: Alignment,
  placesOf: (tensor: JobTensor) => readonly Place[] | undefined,
): Aligned {
  const parts = new Map(Array.from(checkpoints, ([id, checkpoint]) => [id, new Map(checkpoint.parts)]));
  const shapes = new Map<string, Map<string, readonly number[]>>();
  const tensors = job.tensors.map((tensor): JobTensor => {
    const places = placesOf(tensor);
    if (!places) return tensor;
    const shape = [alignment.rows, ...tensor.shape.slice(1)];
    for (const [model, part] of gathered(places, shape, checkpoints, alignment)) {
      parts.get(model)?.set(tensor.name, part);
      const own = shapes.get(model) ?? new Map<string, readonly number[]>();
      shapes.set(model, own.set(tensor.name, shape));
    }
    return { ...tensor, shape, making: underItsName(tensor) };
  });
  const aligned = Array.from(checkpoints, ([id, checkpoint]): [string, Checkpoint] => [
    id,
    reshaped(checkpoint, parts.get(id) ?? checkpoint.parts, shapes.get(id)),
  ]);
  return { job: { ...job, tensors, vocabulary: vocabularyOf(alignment) }, checkpoints: new Map(aligned) };
}

function vocabularyOf({ rows, source, base, tokens, own, said }: Alignment): JobVocabulary {
  const rowsOfModels = Array.from(own, ([id, rowsOf]) => [id, ...rowsOf]);
  return { rows, source, base, digest: sha256Hex(JSON.stringify([tokens, rowsOfModels, [...said]])) };
}

function gathered(
  places: readonly Place[],
  shape: readonly number[],
  checkpoints: Checkpoints,
  alignment: Alignment,
): readonly (readonly [string, GatheredPart])[] {
  const sources = new Map(places.map((place) => [place.model, ungathered(partAt(place, checkpoints))]));
  const filled = new Map(
    Array.from(fillings(alignment, [...sources.keys()]), ([row, origins]) => [
      row,
      origins.flatMap(({ model, row: at }) => {
        const part = sources.get(model);
        return part ? [{ part, row: at }] : [];
      }),
    ]),
  );
  return Array.from(sources, ([model, on]) => {
    const own = alignment.own.get(model) ?? new Int32Array(alignment.tokens.length).fill(-1);
    const rows = own.map((row, i) => (alignment.said.get(i)?.force ? -1 : row));
    return [model, { kind: 'gathered', dtype: 'F32', shape, on, rows, filled }];
  });
}

/** In the aligned models the tensor has the output's name. */
function underItsName({ name, making }: JobTensor): JobTensor['making'] {
  const renamed = ({ model }: Place): Place => ({ model, tensor: name });
  if (making.kind === 'copy') return { ...making, from: renamed(making.from) };
  return { ...making, base: making.base && renamed(making.base), experts: making.experts.map(renamed) };
}

function reshaped(
  checkpoint: Checkpoint,
  parts: ReadonlyMap<string, TensorPart>,
  shapes: ReadonlyMap<string, readonly number[]> | undefined,
): Checkpoint {
  const { outline } = checkpoint;
  if (!shapes) return checkpoint;
  const known = new Map(outline.tensors.map((tensor) => [tensor.name, tensor]));
  for (const [name, shape] of shapes) {
    const on = parts.get(name);
    const dtype = on?.kind === 'gathered' ? ungathered(on) : on;
    known.set(name, { name, shape, dtype: known.get(name)?.dtype ?? dtype?.dtype ?? 'F32' });
  }
  return { ...checkpoint, outline: { ...outline, tensors: [...known.values()] }, parts };
}
