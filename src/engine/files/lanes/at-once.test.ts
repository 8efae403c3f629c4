import { beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../../core/random/counter.ts';
import type { Step } from '../../../formats/recipe.ts';
import type { Control } from '../../../methods/control.ts';
import { methods } from '../../../methods/registry.ts';
import { openBackend } from '../../backend.ts';
import { fileOf, jobOf, merged, NAMES, plainControls, workers } from '../../testing/merges-of-files.testing.ts';
import { bytesReader } from '../../testing/threads.testing.ts';
import { alone } from './crew.ts';
import { type Kernels, openKernels } from './kernels.ts';

beforeAll(() => openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['cpu'] }));

/** One of which a sample says too little, and one of several runs. */
const LENGTHS = [90_003, 1_150_001];
const RUNS = 2;

/** Every way to trim each tensor by itself: all other choices, one after the other. */
const trimming = methods.flatMap((method) => {
  if (method.kind !== 'merge' || !method.elected) return [];
  const all: Record<string, Control> = method.controls;
  const choices = Object.entries(all).flatMap(([name, control]) =>
    control.kind === 'choice' ? [{ name, values: control.options.map(({ value }) => value) }] : [],
  );
  const [own] = choices.filter(({ values }) => values.includes('tensor'));
  if (!own) return [];
  return choices
    .filter((one) => one !== own)
    .flatMap(({ name, values }) =>
      values.map((value) => ({ method, controls: { [own.name]: 'tensor', [name]: value } })),
    );
});

/** Changes of all magnitudes, some of them equal: a sample says well where thresholds are. */
function filesFrom(seed: number): readonly Uint8Array[] {
  const random = randomStream(seed, 'weights');
  const pool = Array.from({ length: 2 ** 16 + 1 }, () => random.normal());
  return NAMES.slice(0, 3).map((_, model) =>
    fileOf(
      LENGTHS.map((length) => Array.from({ length }, (_, i) => pool[(i * (model + 1)) % pool.length] as number)),
      model === 1 ? 'F32' : 'F16',
    ),
  );
}

/** How often a run was merged before the thresholds were known. */
function counting(kernels: Kernels) {
  const count = { decided: 0 };
  const decide: Kernels['decide'] = (...args) => {
    const run = kernels.decide(...args);
    if (run) count.decided++;
    return run;
  };
  return { count, kernels: { ...kernels, decide } };
}

test('one look and two looks give the same bytes', async () => {
  const files = filesFrom(7);
  const kernels = await openKernels();
  let atOnce = 0;
  expect(trimming.length).toBeGreaterThan(2);
  for (const { method, controls } of trimming) {
    const step = { method: method.id, controls: { ...plainControls(method), ...controls, density: 0.37 } } as Step;
    for (const output of ['F16', 'F32'] as const) {
      const job = jobOf(step, LENGTHS, 2, output);
      const own = counting(kernels);
      const one = await merged(files, job, alone(own.kernels, bytesReader()));
      const two = await merged(files, job, alone({ ...kernels, decide: () => undefined }, bytesReader()));
      expect(Buffer.compare(one, two), JSON.stringify(controls)).toBe(0);
      expect(Buffer.compare(one, await merged(files, job, workers(2))), JSON.stringify(controls)).toBe(0);
      if (own.count.decided === RUNS) atOnce++;
    }
  }
  expect(atOnce).toBeGreaterThan(0);
}, 60_000);

test('thresholds that the sample misses are found by a second look', async () => {
  // The first half of each piece, where samples are taken, has smaller changes than the rest.
  const length = 2 ** 18;
  const values = (model: number) =>
    Array.from({ length }, (_, i) => (Math.sin(i * (model + 1.3)) * (i % 2 ** 15 < 2 ** 12 ? 1 : 50)) / 64);
  const files = [0, 1, 2].map((model) => fileOf([values(model)], 'F32'));
  const kernels = await openKernels();
  const tried = trimming.map(async ({ method, controls }) => {
    const step = { method: method.id, controls: { ...plainControls(method), ...controls, density: 0.5 } } as Step;
    const job = jobOf(step, [length], 2, 'F32');
    const own = counting(kernels);
    const one = await merged(files, job, alone(own.kernels, bytesReader()));
    const two = await merged(files, job, alone({ ...kernels, decide: () => undefined }, bytesReader()));
    expect(Buffer.compare(one, two), JSON.stringify(controls)).toBe(0);
    return own.count.decided;
  });
  expect(Math.max(...(await Promise.all(tried)))).toBe(1);
}, 60_000);
