/** Configurations that mergekit ran, run by the studio: fixtures/mergekit/make.py says how they were made. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { beforeAll, describe, expect, test } from 'vitest';
import { openBackend } from '../../engine/backend.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { runJob } from '../../engine/files/run-job.ts';
import { memorySink, memorySource } from '../../engine/testing/memory-files.testing.ts';
import { readableMethods } from '../../formats/mergekit/backwards.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';

const here = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'mergekit');
const configs = readdirSync(join(here, 'configs')).sort();
const results = readSafetensors(new Uint8Array(readFileSync(join(here, 'results.safetensors'))), 'results').tensors;

/** Both work in float32, on values below 5. */
const TOLERANCE = 1e-6;
const TOLERANCES: Readonly<Record<string, number>> = {
  // mergekit rounds the models to bfloat16 before it merges them: two roundings of values below 4 instead of one.
  'bfloat16.yaml': 2 ** -6,
  // Its weights are not divided by their sum, so values are twice as large, and their norms are summed in float32 there.
  'multislerp-weights.yaml': 5e-6,
};

beforeAll(async () => {
  await openBackend('wasm', { wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/' });
});

/** The file of a model, as the configurations name it. */
const fileOf = (model: string) => (model.endsWith('.safetensors') ? model : `${model}/model.safetensors`);

async function openModel(id: string) {
  const source = memorySource(
    `${id.replaceAll('/', '-')}.safetensors`,
    new Uint8Array(readFileSync(join(here, fileOf(id)))),
  );
  const { checkpoints, problems } = await openCheckpoints([source]);
  expect(problems).toEqual([]);
  const [checkpoint] = checkpoints;
  if (!checkpoint) throw new Error(`${id} did not open`);
  return checkpoint;
}

async function merged(name: string) {
  const read = readMergekitConfig(readFileSync(join(here, 'configs', name), 'utf8'));
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems));
  const opened = await Promise.all(read.references.map(async ({ text }) => [text, await openModel(text)] as const));
  const outlines = new Map(opened.map(([text, { outline }]) => [text, outline]));
  const made = jobOfMergekit(read, outlines, { catalogue, mergekit });
  if (made.kind === 'refused') throw new Error(JSON.stringify(made.problems));
  const checkpoints = new Map(opened.map(([, checkpoint]) => [checkpoint.outline.id, checkpoint]));
  const sink = memorySink();
  await runJob(made.job, checkpoints, sink, { progress: () => {}, breathe: async () => {} });
  return readSafetensors(sink.bytes(), name).tensors;
}

describe('what mergekit makes, the studio makes', () => {
  test('every merge_method that can be read is among the configurations', () => {
    const methods = configs.map(
      (name) => /^merge_method: (\w+)$/m.exec(readFileSync(join(here, 'configs', name), 'utf8'))?.[1],
    );
    expect(readableMethods({ catalogue, mergekit })).toEqual([...new Set(methods)].sort());
  });

  test.each(configs)('%s', async (name) => {
    const start = `${name.replace(/\.yaml$/, '')}/`;
    const wanted = new Map(
      [...results].flatMap(([key, tensor]) => (key.startsWith(start) ? [[key.slice(start.length), tensor]] : [])),
    );
    const tensors = await merged(name);
    expect([...tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
    let largest = 0;
    let at = '';
    for (const [key, tensor] of tensors) {
      const peer = wanted.get(key);
      if (!peer) continue;
      expect([key, tensor.dtype, tensor.shape]).toEqual([key, peer.dtype, peer.shape]);
      const [own, other] = [toFloat32(tensor), toFloat32(peer)];
      own.forEach((value, i) => {
        const difference = Math.abs(value - (other[i] ?? Number.NaN));
        if (!(difference <= largest)) [largest, at] = [difference, key];
      });
    }
    if (process.env.PEERS) process.stderr.write(`${name}\t${largest.toExponential(1)}\t${at}\n`);
    const allowed = TOLERANCES[name] ?? TOLERANCE;
    expect({ at, largest, close: largest <= allowed }).toEqual({ at, largest, close: true });
  });
});
