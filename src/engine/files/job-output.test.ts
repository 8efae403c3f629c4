import { beforeAll, expect, test } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import type { JobTensor, Making, MergeJob, Place } from '../../formats/checkpoint/job.ts';
import { chainFor, type Step } from '../../formats/recipe.ts';
import type { Dtype } from '../../formats/safetensors/dtype.ts';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { metadata } from '../../methods/metadata.ts';
import { openBackend } from '../backend.ts';
import { type MemorySink, memorySink, memorySource } from '../testing/memory-files.testing.ts';
import { needsOf } from './needs.ts';
import { openCheckpoints } from './open.ts';
import { type JobHooks, runJob, runShardedJob } from './run-job.ts';

beforeAll(async () => {
  await openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['wasm'] });
});

const quiet: JobHooks = { progress: () => {}, breathe: async () => {} };

type Given = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: readonly number[]; readonly dtype?: Dtype }>
>;

function file(tensors: Given): Uint8Array {
  const stored = Object.entries(tensors).map(([name, { shape, values, dtype = 'F32' }]) => {
    const bytes =
      dtype === 'F32' || dtype === 'F16' || dtype === 'BF16'
        ? fromFloat32(Float32Array.from(values), dtype)
        : Uint8Array.from(values);
    return [name, { dtype, shape, bytes }] as const;
  });
  return writeSafetensors(new Map(stored));
}

async function open(models: Readonly<Record<string, Given>>) {
  const sources = Object.entries(models).map(([id, tensors]) => memorySource(`${id}.safetensors`, file(tensors)));
  const { checkpoints } = await openCheckpoints(sources);
  return new Map(checkpoints.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
}

const lambda = (values: readonly number[], method = 'task-arithmetic'): readonly Step[] =>
  (chainFor(metadata, method, values.length) ?? []).map((step) => ({
    ...step,
    controls: 'lambda' in step.controls ? { ...step.controls, lambda: values } : step.controls,
  }));

const tensor = (name: string, shape: readonly number[], making: Making): JobTensor => ({
  name,
  shape,
  depth: 0,
  role: 'linear',
  group: 'mlp',
  making,
});

const place = (model: string, name: string, rows?: 'fit'): Place => ({ model, tensor: name, ...(rows && { rows }) });

const merging = (name: string, dtype: 'F32' | 'F16' | 'BF16' = 'F32', rows?: 'fit'): Making => ({
  kind: 'merge',
  base: place('base', name),
  experts: [place('a', name, rows)],
  chain: 0,
  dtype,
});

const jobOf = (tensors: readonly JobTensor[], chains = [lambda([0.5])]): MergeJob => ({
  chains,
  seed: 1,
  tensors,
  metadata: {},
  remarks: ['said once'],
});

async function run(job: MergeJob, models: Readonly<Record<string, Given>>) {
  const sink = memorySink();
  const checkpoints = await open(models);
  const receipt = await runJob(job, checkpoints, sink, quiet);
  const outlines = new Map([...checkpoints].map(([id, { outline }]) => [id, outline]));
  expect(needsOf(job, outlines)).toMatchObject({ outputBytes: sink.bytes().length, refusal: null });
  return { receipt, read: readSafetensors(sink.bytes(), 'merged') };
}

test('copies keep their bytes, whatever they hold, and are converted only where that is asked for', async () => {
  const base: Given = {
    mask: { shape: [3], values: [1, 0, 1], dtype: 'BOOL' },
    bias: { shape: [2], values: [Number.NEGATIVE_INFINITY, 1] },
    'w.weight': { shape: [1], values: [1] },
  };
  const job = jobOf([
    tensor('mask', [3], { kind: 'copy', from: place('base', 'mask'), dtype: 'BOOL' }),
    tensor('bias', [2], { kind: 'copy', from: place('base', 'bias'), dtype: 'F32' }),
    tensor('short', [2], { kind: 'copy', from: place('base', 'bias'), dtype: 'F16' }),
    tensor('w.weight', [1], merging('w.weight')),
  ]);
  const { read, receipt } = await run(job, { base, a: { 'w.weight': { shape: [1], values: [3] } } });
  expect(read.tensors.get('mask')).toMatchObject({ dtype: 'BOOL', bytes: Uint8Array.of(1, 0, 1) });
  expect(read.tensors.get('bias')?.bytes).toEqual(fromFloat32(Float32Array.of(Number.NEGATIVE_INFINITY, 1), 'F32'));
  expect(read.tensors.get('short')?.bytes).toEqual(Uint8Array.of(0, 0xfc, 0, 0x3c));
  expect(read.tensors.get('w.weight')?.bytes).toEqual(fromFloat32(Float32Array.of(2), 'F32'));
  expect(read.metadata).toEqual({ format: 'pt', remarks: 'said once' });
  expect(receipt.overflows).toEqual([]);
});

test('rows that an expert lacks are the base’s, rows beyond the output’s are left out', async () => {
  const base: Given = { embed: { shape: [2, 2], values: [1, 2, 3, 4] } };
  const job = jobOf([tensor('embed', [2, 2], merging('embed', 'F32', 'fit'))]);
  const values = async (rows: Given[string]) => {
    const stored = (await run(job, { base, a: { embed: rows } })).read.tensors.get('embed');
    return stored && [...toFloat32(stored)];
  };
  expect(await values({ shape: [1, 2], values: [3, 2] })).toEqual([2, 2, 3, 4]);
  expect(await values({ shape: [3, 2], values: [3, 2, 3, 6, 9, 9] })).toEqual([2, 2, 3, 5]);
  await expect(values({ shape: [2, 1], values: [3, 2] })).rejects.toThrow('a.safetensors: embed: its shape is [2,1]');
});

test('rows that the base lacks are the mean of the experts that have them, as mergekit makes them', async () => {
  const making: Making = {
    kind: 'merge',
    base: place('base', 'embed', 'fit'),
    experts: [place('a', 'embed', 'fit'), place('b', 'embed')],
    chain: 0,
    dtype: 'F32',
  };
  const models: Readonly<Record<string, Given>> = {
    base: { embed: { shape: [1, 2], values: [1, 2] } },
    a: { embed: { shape: [2, 2], values: [3, 2, 10, 20] } },
    b: { embed: { shape: [3, 2], values: [1, 6, 30, 60, 7, 8] } },
  };
  const values = async (coefficients: readonly number[], partBytes?: number) => {
    const sink = memorySink();
    const job = jobOf([tensor('embed', [3, 2], making)], [lambda(coefficients)]);
    await runJob(job, await open(models), sink, { ...quiet, ...(partBytes && { partBytes }) });
    const stored = readSafetensors(sink.bytes(), 'merged').tensors.get('embed');
    return stored && [...toFloat32(stored)];
  };
  // Row 0: 1 + λ·change. Row 1: the mean (20, 40) and λ·(∓10, ∓20). Row 2: only b has it, whatever λ is.
  expect(await values([0.5, 0.5])).toEqual([2, 4, 20, 40, 7, 8]);
  expect(await values([0.5, 0.25])).toEqual([2, 3, 17.5, 35, 7, 8]);
  expect(await values([0, 0])).toEqual([1, 2, 20, 40, 7, 8]);
  for (const partBytes of [12, 24, 36]) expect(await values([0.5, 0.25], partBytes)).toEqual([2, 3, 17.5, 35, 7, 8]);
});

test('two merges that are asked for at the same time are made one after the other', async () => {
  const shape = [2];
  const given = (start: number): Given => ({ w: { shape, values: [start, 1] }, v: { shape, values: [1, start] } });
  const job = jobOf(
    ['w', 'v'].map((name) => tensor(name, shape, merging(name))),
    [lambda([0.5], 'ties')],
  );
  const turns: string[] = [];
  const begin = async (name: string, chain?: readonly Step[]) => {
    const sink = memorySink();
    const breathe = async () => {
      turns.push(name);
      await new Promise<void>((resolve) => setTimeout(resolve));
    };
    const own = chain ? { ...job, chains: [chain] } : job;
    await runJob(own, await open({ base: given(0), a: given(2) }), sink, { ...quiet, breathe });
    return sha256Hex(sink.bytes());
  };
  const refused = begin('refused', lambda([1], 'slerp'));
  const [first, second] = [begin('first'), begin('second')];
  await expect(refused).rejects.toThrow('needs exactly 2 experts');
  expect(await first).toBe(await second);
  expect(turns).toEqual([...turns].sort());
  expect(new Set(turns)).toEqual(new Set(['first', 'second']));
});

test('what float16 cannot hold is told by tensor', async () => {
  const shape = [3];
  const job = jobOf([tensor('w', shape, merging('w', 'F16')), tensor('v', shape, merging('v', 'BF16'))]);
  const given = (values: readonly number[]): Given => ({ w: { shape, values }, v: { shape, values } });
  const { receipt, read } = await run(job, { base: given([0, 0, 0]), a: given([2, 131038, -131040]) });
  expect(receipt.overflows).toEqual([{ tensor: 'w', count: 1 }]);
  expect([...toFloat32(read.tensors.get('w') ?? { dtype: 'F16', shape, bytes: new Uint8Array() })]).toEqual([
    1,
    65504,
    Number.NEGATIVE_INFINITY,
  ]);
});

test.each([
  [{ w: { shape: [2], values: [1, Number.NaN] } }, 'a.safetensors: w: value 1 is NaN, wanted a finite number.'],
  [{ w: { shape: [3], values: [1, 2, 3] } }, 'a.safetensors: w: its shape is [3], wanted [2].'],
  [{ v: { shape: [2], values: [1, 2] } }, 'a: has no tensor w.'],
  [{ w: { shape: [2], values: [1, 2], dtype: 'U8' as const } }, 'a.safetensors: w: holds U8; only'],
])('a model that cannot be merged is refused in words: %j', async (a, message) => {
  const job = jobOf([tensor('w', [2], merging('w'))]);
  await expect(run(job, { base: { w: { shape: [2], values: [0, 0] } }, a })).rejects.toThrow(message);
});

test.each([
  [lambda([1], 'adamerging'), 'AdaMerging runs the network on data while it merges'],
  [lambda([1], 'passthrough'), 'changes how many layers there are'],
  [lambda([1], 'bitdelta'), 'BitDelta gives one network for each expert'],
  [lambda([1], 'slerp'), 'needs exactly 2 experts'],
])('a chain that files cannot have is refused before anything is read', async (chain, message) => {
  const job = jobOf([tensor('w', [2], merging('w'))], [chain]);
  await expect(runJob(job, new Map(), memorySink(), quiet)).rejects.toThrow(message);
  expect(needsOf(job, new Map()).refusal?.reason).toContain(message);
});

test('what takes too much memory is refused up front, with another way', () => {
  const whole = jobOf([tensor('w', [128_000, 4096], merging('w'))], [lambda([1], 'iso-c')]);
  expect(needsOf(whole, new Map()).refusal).toMatchObject({
    reason: expect.stringContaining('the whole of w in memory'),
  });
  for (const method of ['task-arithmetic', 'ties', 'dare']) {
    const chain = method === 'dare' ? [...lambda([1], 'dare'), ...lambda([1])] : lambda([1], method);
    const { refusal, peakBytes } = needsOf(jobOf([tensor('w', [128_000, 4096], merging('w'))], [chain]), new Map());
    expect(refusal).toBeNull();
    expect(peakBytes).toBeLessThan(400e6);
  }
});

test('steps that see the whole network are named with what they would take, and pass where a tensor is enough', () => {
  const large = Array.from({ length: 40 }, (_, i) => tensor(`w${i}`, [4096, 4096], merging(`w${i}`)));
  const needs = (chain: MergeJob['chains'][number]) => needsOf(jobOf(large, [chain]), new Map());
  const trimmed = (scope: string) => [
    { method: 'magnitude-trim', controls: { by: 'count', density: 0.5, scope } },
    ...lambda([1]),
  ];
  const rescaled = (to: string) => [...lambda([1]), { method: 'rescaling', controls: { to } }];
  for (const [chain, name] of [
    [trimmed('global'), 'Magnitude'],
    [rescaled('network'), 'Rescal'],
  ] as const) {
    const { refusal, largest } = needs(chain);
    expect(refusal?.reason).toMatch(
      new RegExp(`^${name}.* needs the whole network in memory at once: 32.2 GB, and at most 3.0 GB`),
    );
    expect(refusal?.todo).toMatch(new RegExp(`^Let ${name}.* look at each tensor by itself, merge fewer experts`));
    expect(largest).toBeNull();
  }
  for (const chain of [trimmed('tensor'), trimmed('row'), rescaled('tensor'), rescaled('itself')]) {
    const { refusal, peakBytes } = needs(chain);
    expect(refusal).toBeNull();
    expect(peakBytes).toBeLessThan(1e9);
  }
  const plus = needs(lambda([1], 'ram-plus'));
  expect(plus).toMatchObject({ refusal: null, passes: 2 });
  expect(plus.peakBytes).toBeLessThan(400e6);
});

test('a model in several files has an index, and each file is whole', async () => {
  const shape = [4];
  const given = (start: number): Given =>
    Object.fromEntries(['x', 'y', 'z'].map((name, i) => [name, { shape, values: [start, i, 0, 1] }]));
  const job = jobOf(['x', 'y', 'z'].map((name) => tensor(name, shape, merging(name))));
  const sinks = new Map<string, MemorySink>();
  const sinkOf = (name: string) => {
    const sink = memorySink();
    sinks.set(name, sink);
    return sink;
  };
  const checkpoints = await open({ base: given(0), a: given(2) });
  const receipt = await runShardedJob(job, checkpoints, { shardBytes: 32, sinkOf }, quiet);
  expect([...sinks].map(([name, { state }]) => [name, state()])).toEqual([
    ['model-00001-of-00002.safetensors', 'finished'],
    ['model-00002-of-00002.safetensors', 'finished'],
    ['model.safetensors.index.json', 'finished'],
  ]);
  const bytesOf = (name: string) => sinks.get(name)?.bytes() ?? new Uint8Array();
  expect(JSON.parse(new TextDecoder().decode(bytesOf('model.safetensors.index.json')))).toEqual({
    metadata: { total_size: 48 },
    weight_map: {
      x: 'model-00001-of-00002.safetensors',
      y: 'model-00001-of-00002.safetensors',
      z: 'model-00002-of-00002.safetensors',
    },
  });
  expect([...readSafetensors(bytesOf('model-00001-of-00002.safetensors'), 'first').tensors.keys()]).toEqual(['x', 'y']);
  expect(receipt.files.map(({ name, sha256 }) => sha256 === sha256Hex(bytesOf(name)))).toEqual([true, true, true]);
});
