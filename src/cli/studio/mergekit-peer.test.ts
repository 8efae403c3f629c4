/** Configurations that mergekit ran, run by the studio: fixtures/mergekit/make.py says how they were made. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { beforeAll, expect, test } from 'vitest';
import { openBackend } from '../../engine/backend.ts';
import { readableMethods } from '../../formats/mergekit/backwards.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import {
  FIXTURES,
  fixture,
  formsOf,
  largestDifference,
  openModel,
  resultOf,
  written,
} from './mergekit-fixtures.testing.ts';

const configs = readdirSync(join(FIXTURES, 'configs')).sort();
const textOf = (name: string) => new TextDecoder().decode(fixture('configs', name));

/** Both work in float32, on values below 5. */
const TOLERANCE = 1e-6;
const TOLERANCES: Readonly<Record<string, number>> = {
  // mergekit rounds the models to bfloat16 before it merges them: two roundings of values below 4 instead of one.
  'bfloat16.yaml': 2 ** -6,
  // Its weights are not divided by their sum, so values are twice as large, and their norms are summed in float32 there.
  'multislerp-weights.yaml': 5e-6,
};

beforeAll(async () => {
  await openBackend({ among: ['wasm'], wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/' });
});

async function merged(name: string) {
  const read = readMergekitConfig(textOf(name));
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems));
  const opened = await Promise.all(read.references.map(async ({ text }) => [text, await openModel(text)] as const));
  const outlines = new Map(opened.map(([text, { outline }]) => [text, outline]));
  const made = jobOfMergekit(read, outlines, { catalogue, mergekit });
  if (made.kind === 'refused') throw new Error(JSON.stringify(made.problems));
  const bytes = await written(
    made.job,
    opened.map(([, checkpoint]) => checkpoint),
  );
  return readSafetensors(bytes, name).tensors;
}

test('every merge_method that can be read is among the configurations', () => {
  const methods = configs.map((name) => /^merge_method: (\w+)$/m.exec(textOf(name))?.[1] ?? name);
  expect(readableMethods({ catalogue, mergekit })).toEqual([...new Set(methods)].sort());
});

test.each(configs)('what mergekit makes of %s, the studio makes', async (name) => {
  const [own, peer] = [await merged(name), resultOf(name.replace(/\.yaml$/, ''))];
  expect(formsOf(own)).toEqual(formsOf(peer));
  const { at, largest } = largestDifference(own, peer);
  const allowed = TOLERANCES[name] ?? TOLERANCE;
  expect({ at, largest, close: largest <= allowed }).toEqual({ at, largest, close: true });
});
