/** What the studio writes, and what other programs make of it: fixtures/mergekit/make.py ran mergekit and read the file. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import { openBackend } from '../../engine/backend.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import type { JobTensor, MergeJob } from '../../formats/checkpoint/job.ts';
import { jobOfRecipe } from '../../formats/checkpoint/job-of-recipe.ts';
import { jobOfMergekit } from '../../formats/mergekit/job.ts';
import { configOfJob } from '../../formats/mergekit/of-job.ts';
import { readMergekitConfig } from '../../formats/mergekit/read.ts';
import { pythonSnippet } from '../../formats/python-snippet.ts';
import { defaultStep, knownMethod, type Step } from '../../formats/recipe.ts';
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

const dictionary = { catalogue, mergekit };
const MODELS = ['llama/base', 'llama/a', 'llama/b', 'llama/c'] as const;
const flat = { attention: 1, mlp: 1, norm: 1, embedding: 1 };

/** Numbers are written with six decimals; they multiply values below 5. */
const TOLERANCE = 1e-5;

const step = (method: string, experts: number, controls: Step['controls'] = {}, more: Partial<Step> = {}): Step => ({
  ...defaultStep(knownMethod(catalogue, method), experts, controls, more.layerGroups),
  ...more,
});

interface Case {
  readonly name: string;
  readonly base: boolean;
  readonly experts: number;
  readonly dtype: 'F32' | 'F16' | 'BF16';
  readonly chain: readonly Step[];
}

const curve = (points: readonly number[], groups = flat) => ({ points, groups });

const cases: readonly Case[] = [
  {
    name: 'task-arithmetic-shaped',
    base: true,
    experts: 2,
    dtype: 'F32',
    chain: [
      step(
        'task-arithmetic',
        2,
        { lambda: [0.4, 0.7] },
        {
          curves: { lambda: [curve([0.5, 1.5], { ...flat, mlp: 0.3 }), curve([1, 1])] },
          filter: { without: ['norm'], names: '!*embed*' },
        },
      ),
    ],
  },
  {
    name: 'ties',
    base: true,
    experts: 3,
    dtype: 'BF16',
    chain: [
      step(
        'ties',
        3,
        { density: 0.4, trim: 'tensor', weighting: 'before-election', weight: [1, 0.5, 0.7], lambda: 1.1 },
        {
          curves: { lambda: [curve([1, 0.4])] },
        },
      ),
    ],
  },
  {
    name: 'trimmed-by-expert',
    base: true,
    experts: 2,
    dtype: 'F16',
    chain: [
      step('trim-each', 2, { density: [0.3, 0.8] }),
      step('ties', 2, { density: 1, trim: 'tensor', weighting: 'before-election', weight: [1, 0.5] }),
    ],
  },
  {
    name: 'average-in-groups',
    base: false,
    experts: 2,
    dtype: 'F32',
    chain: [step('weight-average', 2, { weight: [0.2, 0.9, 1, 0.4] }, { layerGroups: 2 })],
  },
  {
    name: 'slerp-over-depth',
    base: false,
    experts: 2,
    dtype: 'F32',
    chain: [step('slerp', 2, { t: 0.5 }, { curves: { t: [curve([0, 2])] } })],
  },
  { name: 'model-stock', base: true, experts: 3, dtype: 'F32', chain: [step('model-stock', 3, { hold: 'free' })] },
];

beforeAll(async () => {
  await openBackend({ among: ['wasm'], wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/' });
});

async function exported({ base, experts, dtype, chain }: Case) {
  const models = await Promise.all(MODELS.map(openModel));
  const ids = models.map(({ outline }) => outline.id);
  const paths = new Map(ids.map((id, i) => [id, MODELS[i] ?? id]));
  const fit = fitModels(
    models.map(({ outline }) => outline),
    { base: base ? (ids[0] ?? null) : null, experts: ids.slice(1, 1 + experts), choices: {} },
  );
  const job = jobOfRecipe({ chain, seed: 1 }, fit, { dtype, metadata: {} }, catalogue);
  const config = configOfJob(job, paths, dictionary);
  if (config.kind === 'refused') throw new Error(config.reason);
  return { config, job, models };
}

describe('a configuration that the studio writes', () => {
  test.each(cases)('$name: mergekit makes of it what the studio made', async (given) => {
    const { config, job, models } = await exported(given);
    expect(config.inexact).toEqual([]);
    await expect(config.text).toMatchFileSnapshot(join(FIXTURES, 'exported', `${given.name}.yaml`));
    const [own, peer] = [
      readSafetensors(await written(job, models), given.name).tensors,
      resultOf(`exported/${given.name}`),
    ];
    expect(formsOf(own)).toEqual(formsOf(peer));
    const { at, largest } = largestDifference(own, peer);
    // One rounding may fall on the other side.
    const allowed = given.dtype === 'F32' ? TOLERANCE : 2 ** -6;
    expect({ at, largest, close: largest <= allowed }).toEqual({ at, largest, close: true });
  });

  test.each(cases)('$name: read again, it is the same job', async (given) => {
    const { config, job, models } = await exported(given);
    const read = readMergekitConfig(config.text);
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.problems));
    const outlines = new Map(MODELS.flatMap((name, i) => (models[i] ? [[name, models[i].outline] as const] : [])));
    const again = jobOfMergekit(read, outlines, dictionary);
    if (again.kind === 'refused') throw new Error(JSON.stringify(again.problems));
    const own = readSafetensors(await written(job, models), given.name).tensors;
    const other = readSafetensors(await written(again.job, models), given.name).tensors;
    expect(formsOf(other)).toEqual(formsOf(own));
    expect(largestDifference(own, other).largest).toBeLessThan(given.dtype === 'F32' ? TOLERANCE : 2 ** -6);
  });
});

describe('a program that the studio writes', () => {
  test.each([
    ['torch', 0],
    ['mergekit', 1],
  ] as const)('makes by %s what the studio made', async (by, place) => {
    const given = cases[place];
    if (!given) throw new Error('no such case');
    const { config, job, models } = await exported(given);
    const files = new Map(models.map(({ outline }, i) => [outline.id, [`${MODELS[i]}/model.safetensors`]]));
    const out = by === 'torch' ? 'snippet.safetensors' : 'snippet';
    const snippet = pythonSnippet(job, { files, out, config: config.text }, dictionary);
    expect(snippet?.by).toBe(by);
    await expect(snippet?.text).toMatchFileSnapshot(join(FIXTURES, 'exported', `by-${by}.py`));
    const [own, peer] = [readSafetensors(await written(job, models), by).tensors, resultOf(`exported/by-${by}`)];
    expect(formsOf(own)).toEqual(formsOf(peer));
    expect(largestDifference(own, peer).largest).toBeLessThanOrEqual(by === 'torch' ? 1e-6 : 2 ** -6);
  });
});

describe('a file that the studio writes', () => {
  const metadata = { format: 'pt', recipe: '#v=1&e=a,b', note: 'zwölf “Größen”' };

  async function file(): Promise<Uint8Array> {
    const models = [await openModel('llama/a'), await openModel('llama/b')];
    const [a, b] = models.map(({ outline }) => outline.id);
    const place = (model = '', tensor = '') => ({ model, tensor });
    const tensors = (['F32', 'F16', 'BF16'] as const).flatMap((dtype): JobTensor[] => {
      const own = ['lm_head.weight', 'model.norm.weight'];
      return own.map((tensor) => ({
        name: `${dtype}.${tensor}`,
        shape: tensor === 'lm_head.weight' ? [16, 8] : [8],
        depth: 1,
        role: 'linear',
        group: 'mlp',
        making: { kind: 'merge', base: null, experts: [place(a, tensor), place(b, tensor)], chain: 0, dtype },
      }));
    });
    const chains = [[step('weight-average', 2, { weight: [0.3, 0.7] })]];
    const job: MergeJob = { chains, seed: 1, tensors, metadata, remarks: [] };
    return written(job, models);
  }

  test('is what Python’s safetensors loaded, tensor by tensor and with its metadata', async () => {
    const bytes = await file();
    const path = join(FIXTURES, 'exported', 'merged.safetensors');
    if (!existsSync(path)) writeFileSync(path, bytes);
    expect(sha256Hex(bytes)).toBe(sha256Hex(fixture('exported', 'merged.safetensors')));
    const loaded = JSON.parse(new TextDecoder().decode(fixture('exported', 'loaded.json')));
    const own = readSafetensors(bytes, 'merged');
    const tensors = [...own.tensors].map(([name, { dtype, shape, bytes: data }]) => [
      name,
      { dtype, shape: [...shape], sha256: sha256Hex(data) },
    ]);
    expect(loaded).toEqual({ ...loaded, metadata, tensors: Object.fromEntries(tensors) });
  });
});
