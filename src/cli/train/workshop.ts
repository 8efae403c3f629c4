/** The folder of intermediate results: rendered samples and networks in training. Stages and processes meet here. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor, toFloat32 } from '../../formats/safetensors/values.ts';
import { PIXELS } from './glyphs.ts';
import type { Values } from './network.ts';
import type { Samples } from './samples.ts';

const FOLDER = join(process.cwd(), '.cache/zoo');

function pathOf(family: string, name: string): string {
  const folder = join(FOLDER, family);
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}

export function saveSamples(family: string, name: string, { levels, labels }: Samples): void {
  const tensors = new Map<string, StoredTensor>([
    ['levels', { dtype: 'U8', shape: [labels.length, PIXELS], bytes: levels }],
    [
      'labels',
      {
        dtype: 'U16',
        shape: [labels.length],
        bytes: new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength),
      },
    ],
  ]);
  writeFileSync(pathOf(family, `${name}.samples`), writeSafetensors(tensors));
}

export function loadSamples(family: string, name: string): Samples {
  const { tensors } = readTensors(pathOf(family, `${name}.samples`));
  const levels = tensors.get('levels');
  const labels = tensors.get('labels');
  if (!levels || !labels)
    throw new Error(`${name}.samples: holds ${[...tensors.keys()].join(', ')}, wanted levels and labels`);
  return { levels: levels.bytes, labels: Uint16Array.from(toFloat32(labels)) };
}

/** float32, exact: what one process trained another reads bit for bit. */
export function saveValues(family: string, name: string, values: Values): void {
  const tensors = new Map(
    [...values].map(([key, { shape, data }]) => [
      key,
      { dtype: 'F32' as const, shape, bytes: fromFloat32(data, 'F32') },
    ]),
  );
  writeFileSync(pathOf(family, `${name}.safetensors`), writeSafetensors(tensors));
}

export function loadValues(family: string, name: string): Values {
  const { tensors } = readTensors(pathOf(family, `${name}.safetensors`));
  return new Map([...tensors].map(([key, tensor]) => [key, { shape: tensor.shape, data: toFloat32(tensor) }]));
}

export function saveRecord(family: string, name: string, record: unknown): void {
  writeFileSync(pathOf(family, `${name}.json`), JSON.stringify(record));
}

/** @returns undefined when no such record was saved */
export function loadRecord(family: string, name: string): unknown {
  const path = pathOf(family, `${name}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function readTensors(path: string) {
  if (!existsSync(path)) throw new Error(`${path}: not there; run the earlier stages first (leave out --from)`);
  return readSafetensors(readFileSync(path), path);
}
