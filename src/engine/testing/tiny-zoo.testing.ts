/** A zoo family small enough to be made in a test: random weights, real files, a card that tells their checksums. */
import { sha256Hex } from '../../core/hash.ts';
import { randomStream } from '../../core/random/counter.ts';
import { type Card, parseCard } from '../../formats/card.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { encodeSamples } from '../../formats/samples.ts';
import { sizeOf } from '../../models/parameter.ts';
import type { VitConfig } from '../../models/vit.ts';
import { vitParameters } from '../../models/vit-parameters.ts';

const CONFIG: VitConfig = {
  architecture: 'vit',
  imageSize: 8,
  patchSize: 4,
  dim: 8,
  blocks: 2,
  heads: 2,
  hidden: 12,
  logitScale: 16,
};
export const TINY_TASKS = ['digits', 'greek', 'kana'] as const;
const TIERS = [4, 16, 32] as const;
const CLASSES = 4;

export interface TinyZoo {
  readonly card: Card;
  /** By path; change or cut one to test a fault. */
  readonly files: Map<string, Uint8Array>;
  readonly read: (file: string) => Promise<Uint8Array>;
}

export function tinyZoo(seed = 1): TinyZoo {
  const files = new Map<string, Uint8Array>();
  const put = (file: string, bytes: Uint8Array) => {
    files.set(file, bytes);
    return { file, bytes: bytes.length, sha256: sha256Hex(bytes) };
  };
  const noise = (label: string, length: number, scale: number) => {
    const random = randomStream(seed, label);
    return Float32Array.from({ length }, () => random.normal() * scale);
  };
  const stored = (shape: readonly number[], values: Float32Array): StoredTensor => ({
    dtype: 'F32',
    shape,
    bytes: fromFloat32(values, 'F32'),
  });
  const baseValues = vitParameters(CONFIG).map(({ name, shape }) => noise(`base ${name}`, sizeOf(shape), 0.4));
  const model = (id: string) => {
    const tensors = vitParameters(CONFIG).map(({ name, shape }, index): [string, StoredTensor] => {
      const change = id === 'base' ? undefined : noise(`${id} ${name}`, sizeOf(shape), 0.1);
      const values = (baseValues[index] as Float32Array).map((value, i) => value + (change?.[i] ?? 0));
      return [name, stored(shape, values)];
    });
    return { id, name: id, dtype: 'F32', ...put(`${id}.safetensors`, writeSafetensors(new Map(tensors))) };
  };
  const samples = (task: string, split: string, from: number, to: number, labelled: boolean) => {
    const random = randomStream(seed, `${task} ${split} ${from}`);
    const levels = Uint8Array.from({ length: (to - from) * CONFIG.imageSize ** 2 }, () => random.integer(16));
    const labels = Uint8Array.from({ length: to - from }, () => random.integer(CLASSES));
    return {
      from,
      to,
      ...put(`${task}.${split}.${to}.bin`, encodeSamples(levels, labelled ? labels : undefined, CONFIG.imageSize ** 2)),
    };
  };
  const segments = (task: string, split: string, labelled: boolean) =>
    TIERS.map((to, index) => samples(task, split, TIERS[index - 1] ?? 0, to, labelled));
  const scores = (correct: number) => TIERS.map((n) => ({ correct: Math.min(correct, n), n }));
  const half = Object.fromEntries(TINY_TASKS.map((task) => [task, scores(3)]));
  const heads = new Map(
    TINY_TASKS.map((task): [string, StoredTensor] => [
      `heads.${task}.weight`,
      stored([CLASSES, CONFIG.dim], noise(`head ${task}`, CLASSES * CONFIG.dim, 1)),
    ]),
  );
  const count = TIERS[2];
  const labels = (task: string) => {
    const random = randomStream(seed, `${task} calibration labels`);
    return Uint8Array.from({ length: count }, () => random.integer(CLASSES));
  };
  const json = {
    version: 1,
    family: 'glyph-vit',
    name: 'Tiny',
    summary: 'Random networks for tests.',
    model: CONFIG,
    parameters: vitParameters(CONFIG).reduce((total, { shape }) => total + sizeOf(shape), 0),
    base: model('base'),
    experts: TINY_TASKS.map(model),
    heads: { dtype: 'F32', ...put('heads.safetensors', writeSafetensors(heads)) },
    tasks: TINY_TASKS.map((id) => ({
      id,
      name: id,
      summary: `Random ${id}.`,
      classes: ['a', 'b', 'c', 'd'],
      test: segments(id, 'test', true),
      calibration: {
        inputs: segments(id, 'calibration', false),
        labels: put(`${id}.labels.bin`, encodeSamples(undefined, labels(id), CONFIG.imageSize ** 2)),
      },
    })),
    accuracy: Object.fromEntries(['base', ...TINY_TASKS].map((id) => [id, half])),
    opening: { experts: [...TINY_TASKS], pair: ['digits', 'kana'], points: [] },
    targets: [],
    training: {},
    typefaces: [],
  };
  const read = async (file: string) => {
    const bytes = files.get(file);
    if (!bytes) throw new Error(`${file}: no such file`);
    return bytes;
  };
  return { card: parseCard(json, 'the tiny card'), files, read };
}
