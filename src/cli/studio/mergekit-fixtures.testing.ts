/** The checkpoints and results of fixtures/mergekit, and what the studio makes of a job over them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { runJob } from '../../engine/files/run-job.ts';
import { memorySink, memorySource } from '../../engine/testing/memory-files.testing.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';

export const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'mergekit');

export const fixture = (...path: readonly string[]): Uint8Array =>
  new Uint8Array(readFileSync(join(FIXTURES, ...path)));

type Tensors = ReturnType<typeof readSafetensors>['tensors'];

const results = readSafetensors(fixture('results.safetensors'), 'results').tensors;

/** What mergekit made of a configuration. */
export const resultOf = (name: string): Tensors =>
  new Map(
    [...results].flatMap(([key, tensor]) => (key.startsWith(`${name}/`) ? [[key.slice(name.length + 1), tensor]] : [])),
  );

/** @param name as the configurations name it */
export async function openModel(name: string): Promise<Checkpoint> {
  const file = name.endsWith('.safetensors') ? name : `${name}/model.safetensors`;
  const source = memorySource(`${name.replaceAll('/', '-')}.safetensors`, fixture(file));
  const { checkpoints, problems } = await openCheckpoints([source]);
  const [checkpoint] = checkpoints;
  if (!checkpoint || problems.length > 0) throw new Error(`${name} did not open: ${JSON.stringify(problems)}`);
  return checkpoint;
}

/** The file that a job writes. */
export async function written(job: MergeJob, models: readonly Checkpoint[]): Promise<Uint8Array> {
  const checkpoints = new Map(models.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
  const sink = memorySink();
  await runJob(job, checkpoints, sink, { progress: () => {}, breathe: async () => {} });
  return sink.bytes();
}

/** The largest difference of two models with the same tensors, and where it is. */
export function largestDifference(own: Tensors, peer: Tensors): { readonly at: string; readonly largest: number } {
  let largest = 0;
  let at = '';
  for (const [key, tensor] of own) {
    const other = peer.get(key);
    const values = other ? toFloat32(other) : new Float32Array();
    toFloat32(tensor).forEach((value, i) => {
      const difference = Math.abs(value - (values[i] ?? Number.NaN));
      if (!(difference <= largest)) [largest, at] = [difference, key];
    });
  }
  return { at, largest };
}

/** Names, data types and shapes. */
export const formsOf = (tensors: Tensors): readonly (readonly [string, string, readonly number[]])[] =>
  [...tensors].map(([name, { dtype, shape }]) => [name, dtype, shape] as const).sort(([a], [b]) => (a < b ? -1 : 1));
