/** A zoo family in memory: models as flat vectors, heads, and samples; every file checked before it is believed. */
import { sha256Hex } from '../core/hash.ts';
import type { Card, CardFile, CardSegment } from '../formats/card.ts';
import { readSafetensors, type Safetensors } from '../formats/safetensors/file.ts';
import { toFloat32 } from '../formats/safetensors/values.ts';
import { decodeSamples } from '../formats/samples.ts';
import type { PlacedParameter } from '../methods/define.ts';
import { headShape, inputsOf, isLinear, parametersOf, withBlocks } from '../models/architecture-parameters.ts';
import { sizeOf } from '../models/parameter.ts';
import { StudioError } from './fault.ts';

/**
 * Reads a file of the family; its path is relative to the card.
 * @param fresh goes past every cache on the way
 */
export type ReadFile = (file: string, fresh?: boolean) => Promise<Uint8Array>;

export interface Head {
  /** Row-major; see `headShape`. */
  readonly values: Float32Array;
  readonly shape: readonly [number, number];
}

export interface Samples {
  /** [count, inputs]; of images grey levels 0…1. */
  readonly images: Float32Array;
  readonly labels: Uint8Array;
}

export interface Zoo {
  readonly card: Card;
  readonly table: readonly PlacedParameter[];
  /** Number of weights of the encoder. */
  readonly length: number;
  /** Flat weights of "base" or an expert, in table order. Never changed by anyone. */
  model(id: string): Promise<Float32Array>;
  head(task: string): Promise<Head>;
  /** Samples [from, to) of a split in their fixed order. */
  samples(task: string, split: 'test' | 'calibration', from: number, to: number): Promise<Samples>;
}

/**
 * The parameter table of a family's network, one tensor after the other.
 * @param blocks of another depth than the family's
 */
export function tableOf({ model }: Card, blocks = model.blocks): PlacedParameter[] {
  let start = 0;
  return parametersOf(withBlocks(model, blocks)).map((parameter) => {
    const length = sizeOf(parameter.shape);
    const row = { ...parameter, start, length };
    start += length;
    return row;
  });
}

export function openZoo(card: Card, read: ReadFile): Zoo {
  const table = tableOf(card);
  const length = table.reduce((total, row) => total + row.length, 0);
  const pixels = inputsOf(card.model);
  const once = memory();
  const file = (entry: CardFile) => once(`file ${entry.file}`, () => readVerified(read, entry));

  const taskOf = (id: string) => {
    const task = card.tasks.find((candidate) => candidate.id === id);
    if (!task) throw new StudioError('zoo', `the family "${card.family}" has no task "${id}"`);
    return task;
  };
  const segment = (entry: CardSegment) =>
    once(`samples ${entry.file}`, async () => {
      const samples = decodeSamples(await file(entry), entry.file, pixels, entry.to - entry.from);
      if (samples.images.length !== (entry.to - entry.from) * pixels)
        throw new StudioError(
          'zoo',
          `${entry.file}: holds ${samples.images.length / pixels} samples but the card says ${entry.to - entry.from}`,
        );
      return samples;
    });

  return {
    card,
    table,
    length,
    model: (id) =>
      once(`model ${id}`, async () => {
        const entry = id === 'base' ? card.base : card.experts.find((expert) => expert.id === id);
        if (!entry) throw new StudioError('recipe', `the family "${card.family}" has no expert "${id}"`);
        return flatten(readSafetensors(await file(entry), entry.file), table, entry.file);
      }),
    head: (task) =>
      once(`head ${task}`, async () => {
        const { file: name } = card.heads;
        const { tensors } = readSafetensors(await file(card.heads), name);
        const part = (which: string, wanted: readonly number[]) =>
          headPart(tensors, name, `heads.${task}.${which}`, wanted);
        const classes = taskOf(task).classes.length;
        const weight = part('weight', [classes, card.model.dim]);
        const shape = headShape(card.model, classes);
        if (!isLinear(card.model)) return { values: weight, shape };
        return { values: beside(weight, part('bias', [classes])), shape };
      }),
    samples: async (task, split, from, to) => {
      const entries = split === 'test' ? taskOf(task).test : taskOf(task).calibration.inputs;
      const used = entries.filter((entry) => entry.from < to && entry.to > from);
      const available = entries.at(-1)?.to ?? 0;
      if (from < 0 || from >= to || to > available)
        throw new StudioError('recipe', `${task}: samples ${from} to ${to} were asked for; ${split} has ${available}`);
      const parts = await Promise.all(used.map(segment));
      const images = cut(
        parts.map((part) => part.images),
        used,
        from,
        to,
        pixels,
        Float32Array,
      );
      if (split === 'test') {
        const labels = parts.map((part, index) => {
          if (!part.labels) throw new StudioError('zoo', `${used[index]?.file}: holds no labels`);
          return part.labels;
        });
        return { images, labels: cut(labels, used, from, to, 1, Uint8Array) };
      }
      const entry = taskOf(task).calibration.labels;
      const { labels } = await once(`labels ${entry.file}`, async () =>
        decodeSamples(await file(entry), entry.file, pixels),
      );
      if (labels?.length !== available)
        throw new StudioError('zoo', `${entry.file}: holds ${labels?.length ?? 0} labels for ${available} images`);
      return { images, labels: labels.subarray(from, to) };
    },
  };
}

/** Remembers a promise per key; a failed one is forgotten so that trying again can succeed. */
function memory() {
  const kept = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key) as Promise<T> | undefined;
    if (known) return known;
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    return made;
  };
}

/** A file that is damaged in a cache is not damaged at its source: it is asked for once more before the user is troubled. */
async function readVerified(read: ReadFile, entry: CardFile): Promise<Uint8Array> {
  const bytes = await read(entry.file);
  try {
    verify(bytes, entry);
    return bytes;
  } catch {
    const fresh = await read(entry.file, true);
    verify(fresh, entry);
    return fresh;
  }
}

function verify(bytes: Uint8Array, entry: CardFile): void {
  if (bytes.length !== entry.bytes)
    throw new StudioError(
      'zoo',
      `${entry.file}: got ${bytes.length} bytes, the card says ${entry.bytes}; is it cut off?`,
    );
  const digest = sha256Hex(bytes);
  if (digest !== entry.sha256)
    throw new StudioError(
      'zoo',
      `${entry.file}: its SHA-256 is ${digest.slice(0, 12)}… but the card says ${entry.sha256.slice(0, 12)}…; the file is damaged or of another version`,
    );
}

function checkShape(file: string, tensor: string, got: readonly number[], wanted: readonly number[]): void {
  if (got.length !== wanted.length || got.some((side, axis) => side !== wanted[axis]))
    throw new StudioError(
      'zoo',
      `${file}: ${tensor} has shape [${got.join(', ')}] but the card’s architecture needs [${wanted.join(', ')}]`,
    );
}

/** @throws StudioError where the tensor is missing, has another shape, or holds something that is no number */
function headPart(
  tensors: Safetensors['tensors'],
  file: string,
  name: string,
  wanted: readonly number[],
): Float32Array {
  const tensor = tensors.get(name);
  if (!tensor) throw new StudioError('zoo', `${file}: has no tensor ${name}`);
  checkShape(file, name, tensor.shape, wanted);
  const values = toFloat32(tensor);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new StudioError('zoo', `${file}: ${name}[${bad}] is ${values[bad]}, not a number`);
  return values;
}

/** A matrix with one more column. */
function beside(matrix: Float32Array, column: Float32Array): Float32Array {
  const width = matrix.length / column.length;
  const joined = new Float32Array(matrix.length + column.length);
  column.forEach((value, row) => {
    joined.set(matrix.subarray(row * width, (row + 1) * width), row * (width + 1));
    joined[(row + 1) * (width + 1) - 1] = value;
  });
  return joined;
}

function flatten({ tensors }: Safetensors, table: readonly PlacedParameter[], file: string): Float32Array {
  const length = table.reduce((total, row) => total + row.length, 0);
  const flat = new Float32Array(length);
  for (const row of table) {
    const tensor = tensors.get(row.name);
    if (!tensor)
      throw new StudioError('zoo', `${file}: has no tensor ${row.name}, which the card’s architecture needs`);
    checkShape(file, row.name, tensor.shape, row.shape);
    flat.set(toFloat32(tensor), row.start);
  }
  const extra = [...tensors.keys()].find((name) => !table.some((row) => row.name === name));
  if (extra) throw new StudioError('zoo', `${file}: tensor ${extra} is not part of the card’s architecture`);
  const bad = flat.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw new StudioError('zoo', `${file}: ${nameAt(table, bad)} is ${flat[bad]}, not a number`);
  return flat;
}

/** `tensor[i]` of a flat index, for messages. */
export function nameAt(table: readonly PlacedParameter[], index: number): string {
  const row = table.find(({ start, length }) => index >= start && index < start + length);
  return row ? `${row.name}[${index - row.start}]` : `weight ${index}`;
}

/** Joins the parts of consecutive segments that lie in [from, to); `width` values per sample. */
function cut<A extends Float32Array | Uint8Array>(
  parts: readonly A[],
  segments: readonly CardSegment[],
  from: number,
  to: number,
  width: number,
  Kind: { new (length: number): A },
): A {
  const out = new Kind((to - from) * width);
  parts.forEach((part, index) => {
    const entry = segments[index];
    if (!entry) return;
    const first = Math.max(from, entry.from);
    const last = Math.min(to, entry.to);
    out.set(part.subarray((first - entry.from) * width, (last - entry.from) * width), (first - from) * width);
  });
  return out;
}
