/** Configurations that mergekit ran, run by the studio: fixtures/mergekit/make.py says how they were made. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readableMethods } from '../../formats/mergekit/backwards.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { mergeConfiguration } from './merge-files.ts';
import { FIXTURES, fixture, formsOf, largestDifference, resultOf } from './mergekit-fixtures.testing.ts';

const configs = readdirSync(join(FIXTURES, 'configs')).sort();
const textOf = (name: string) => new TextDecoder().decode(fixture('configs', name));

/** Both work in float32, on values below 5. */
const TOLERANCE = 1e-6;
const TOLERANCES: Readonly<Record<string, number>> = {
  // Models are rounded to bfloat16 before they are merged in float32, and once afterwards.
  'bfloat16.yaml': 0,
  // Its weights are not divided by their sum, so values are twice as large, and their norms are summed in float32 there.
  'multislerp-weights.yaml': 5e-6,
};

const work = mkdtempSync(join(tmpdir(), 'mergekit-peer-'));

beforeAll(() => {
  // Paths in a configuration are looked for beside it.
  cpSync(FIXTURES, work, { recursive: true });
  for (const name of configs) cpSync(join(FIXTURES, 'configs', name), join(work, name));
});

afterAll(() => rmSync(work, { recursive: true }));

/** By `studio merge`. */
async function merged(name: string) {
  const out = join(work, `${name}.safetensors`);
  const nothing = {
    dtype: undefined,
    shardSize: undefined,
    models: undefined,
    choose: undefined,
    task: undefined,
    threads: '1',
  };
  await mergeConfiguration(join(work, name), { ...nothing, out, resume: false, json: true });
  return readSafetensors(new Uint8Array(readFileSync(out)), name).tensors;
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
