/** Configurations that mergekit ran, run by the studio: fixtures/mergekit/make.py says how they were made. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { describe, expect, test } from 'vitest';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { isDtype } from '../../formats/safetensors/dtype.ts';

const here = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'mergekit');
const configs = readdirSync(join(here, 'configs')).sort();

function outlineOf(id: string, path: string): ModelOutline {
  const data = readFileSync(path);
  const length = Number(data.readBigUInt64LE(0));
  const header = JSON.parse(data.subarray(8, 8 + length).toString());
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0])
    .map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  return { id, name: id, kind: 'weights', tensors, metadata: {}, config: null, bytes: data.length };
}

describe('x', () => {
  test.each(configs)('%s', (name) => {
    const read = readMergekitConfig(readFileSync(join(here, 'configs', name), 'utf8'));
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems));
    const models = new Map(
      read.references.map(({ text, model }) => [
        text,
        outlineOf(text, join(here, model.endsWith('.safetensors') ? model : `${model}/model.safetensors`)),
      ]),
    );
    const made = jobOfMergekit(read, models, { catalogue, mergekit });
    if (made.kind === 'refused') throw new Error(JSON.stringify(made.problems));
    console.log(name, made.job.chains.length, JSON.stringify(made.job.chains[0]), made.job.remarks);
  });
});
