import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { randomStream } from '../../../core/random/counter.ts';
import type { Step } from '../../../formats/recipe.ts';
import { readSafetensors } from '../../../formats/safetensors/file.ts';
import { toFloat32 } from '../../../formats/safetensors/values.ts';
import type { Control } from '../../../methods/control.ts';
import type { Method } from '../../../methods/define.ts';
import { methods } from '../../../methods/registry.ts';
import { openBackend } from '../../backend.ts';
import { fileOf, jobOf, merged, NAMES, plainControls, run, workers } from '../../testing/merges-of-files.testing.ts';
import { bytesReader } from '../../testing/threads.testing.ts';
import { alone } from './crew.ts';
import { openKernels } from './kernels.ts';
import { plainKernels } from './plain.ts';
import { plainElections } from './plain-elections.ts';

beforeAll(() => openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['cpu'] }));

const weighted = methods.filter((method) => method.kind === 'merge' && method.weighted);

function controlsOf(method: Method, experts: number): fc.Arbitrary<Step['controls']> {
  const all: Record<string, Control> = method.controls;
  const one = (control: Control): fc.Arbitrary<number | string | number[]> => {
    if (control.kind === 'choice') return fc.constantFrom(...control.options.map(({ value }) => value));
    const number = fc
      .integer({ min: 0, max: Math.round((control.max - control.min) / control.step) })
      .map((n) => control.min + n * control.step);
    return control.per === 'method' ? number : fc.array(number, { minLength: experts, maxLength: experts });
  };
  return fc
    .record(Object.fromEntries(Object.entries(all).map(([name, control]) => [name, one(control)])))
    .filter((controls) => method.kind !== 'merge' || method.check?.(controls as never, experts) === undefined);
}

test('there are methods to be checked', () => {
  expect(weighted.length).toBeGreaterThanOrEqual(6);
});

test.each(weighted.map((method) => [method.id, method] as const))(
  '%s straight from the bytes is what the method gives',
  async (_, method) => {
    const experts = method.needs.experts.max ?? 3;
    const drawn = fc.record({
      lengths: fc.array(fc.integer({ min: 8, max: 40 }), { minLength: 1, maxLength: 3 }),
      seed: fc.integer(),
      controls: controlsOf(method, experts),
      input: fc.constantFrom('F32', 'F16', 'BF16'),
      output: fc.constantFrom('F32', 'F16', 'BF16'),
    });
    await fc.assert(
      fc.asyncProperty(drawn, async ({ lengths, seed, controls, input, output }) => {
        const random = randomStream(seed, 'weights');
        const files = NAMES.slice(0, experts + 1).map(() =>
          fileOf(
            lengths.map((length) => Array.from({ length }, () => random.normal())),
            input,
          ),
        );
        const job = jobOf({ method: method.id, controls } as Step, lengths, experts, output);
        const [slow, fast] = [
          await merged(files, job, undefined),
          await merged(files, job, alone(await openKernels(), bytesReader())),
        ];
        const [wanted, got] = [readSafetensors(slow, 'slow'), readSafetensors(fast, 'fast')];
        for (const [name, tensor] of wanted.tensors) {
          const values = toFloat32(tensor);
          const mine = toFloat32(got.tensors.get(name) ?? tensor);
          // Rounding of sums that may be a few times as large as their result; a step of the output's type besides.
          const step = { F32: 2 ** -20, F16: 2 ** -10, BF16: 2 ** -7 }[output];
          values.forEach((value, i) => {
            expect(Math.abs((mine[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(Math.abs(value) * step + 1e-4);
          });
        }
      }),
      { numRuns: 15, seed: 20261122 },
    );
  },
);

test('the output is the same, bit for bit, whatever the number of threads', async () => {
  const lengths = [1_100_000, 5];
  const files = [0, 1, 2].map((model) =>
    fileOf(
      lengths.map((length) => Array.from({ length }, (_, i) => Math.sin(i * (model + 1.1)))),
      'F16',
    ),
  );
  for (const { id } of weighted.filter(({ needs }) => (needs.experts.max ?? 2) >= 2)) {
    const method = methods.find((one) => one.id === id) as Method;
    const job = jobOf({ method: id, controls: plainControls(method) } as Step, lengths, 2, 'F16');
    const one = await merged(files, job, alone(await openKernels(), bytesReader()));
    const three = await merged(files, job, workers(3));
    expect(Buffer.compare(one, three), id).toBe(0);
  }
});

const elected = methods.filter((method) => method.kind === 'merge' && method.elected);

test('there is a method that elects', () => {
  expect(elected.length).toBeGreaterThan(0);
});

/** Few different values, so that changes tie and cancel; lengths that a run does not divide. */
const electing = fc.record({
  lengths: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 }),
  seed: fc.integer(),
  coarse: fc.boolean(),
  inputs: fc.array(fc.constantFrom('F32', 'F16', 'BF16'), { minLength: 4, maxLength: 4 }),
  output: fc.constantFrom('F32', 'F16', 'BF16'),
});

test.each(elected.map((method) => [method.id, method] as const))(
  '%s straight from the bytes is what the method gives, up to one rounding',
  async (_, method) => {
    await fc.assert(
      fc.asyncProperty(electing, controlsOf(method, 3), async ({ lengths, seed, coarse, inputs, output }, controls) => {
        const random = randomStream(seed, 'weights');
        const draw = () => (coarse ? Math.round(random.normal() * 2) / 4 : random.normal());
        const files = inputs.map((input) =>
          fileOf(
            lengths.map((length) => Array.from({ length }, draw)),
            input,
          ),
        );
        const job = jobOf({ method: method.id, controls } as Step, lengths, 3, output);
        const [slow, fast] = [
          await merged(files, job, undefined),
          await merged(files, job, alone(await openKernels(), bytesReader())),
        ];
        const [wanted, got] = [readSafetensors(slow, 'slow'), readSafetensors(fast, 'fast')];
        const step = { F32: 2 ** -23, F16: 2 ** -10, BF16: 2 ** -7 }[output];
        for (const [name, tensor] of wanted.tensors) {
          const values = toFloat32(tensor);
          const mine = toFloat32(got.tensors.get(name) ?? tensor);
          values.forEach((value, i) => {
            // λ·m may be larger than what is left of it beside the base.
            expect(Math.abs((mine[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(Math.abs(value) * step + 2 ** -18);
          });
        }
      }),
      { numRuns: 120, seed: 20261122 },
    );
  },
);

/** Longer than a run, and long enough for a sample to be less than all. */
const WAYS = [
  ['three threads', [1_060_000, 5], () => workers(3)],
  ['the plain kernels', [70_003, 5], () => alone({ ...plainKernels(), ...plainElections() }, bytesReader())],
] as const;

test.each(elected.flatMap((method) => WAYS.map((way) => [method.id, ...way, method] as const)))(
  '%s gives the same bytes by %s',
  async (_, _way, lengths, crew, method) => {
    const files = [0, 1, 2].map((model) =>
      fileOf(
        lengths.map((length) => Array.from({ length }, (_, i) => Math.round(8 * Math.sin(i * (model + 1.1))) / 8)),
        'F16',
      ),
    );
    const all: Record<string, Control> = method.controls;
    const choices = Object.entries(all).flatMap(([name, control]) =>
      control.kind === 'choice' ? control.options.map(({ value }) => ({ [name]: value })) : [],
    );
    for (const choice of choices) {
      const controls = { ...plainControls(method), ...choice } as Step['controls'];
      const job = jobOf({ method: method.id, controls } as Step, lengths, 2, 'F16');
      const one = await merged(files, job, alone(await openKernels(), bytesReader()));
      expect(Buffer.compare(one, await merged(files, job, crew())), JSON.stringify(choice)).toBe(0);
    }
  },
  60_000,
);

test('a value that is not finite is named with its file', async () => {
  const files = [[[1, 2]], [[1, Number.NaN]], [[3, 4]]].map((values) => fileOf(values, 'F32'));
  for (const method of [...weighted, ...elected]) {
    const job = jobOf({ method: method.id, controls: plainControls(method) } as Step, [2], 2, 'F32');
    await expect(merged(files, job, alone(await openKernels(), bytesReader())), method.id).rejects.toThrow(
      'a.safetensors: t0: value 1 is NaN, wanted a finite number',
    );
  }
});

test('sums that the output’s type cannot hold are counted', async () => {
  const files = [[[1, 2]], [[60000, 2]], [[60000, 4]]].map((values) => fileOf(values, 'F16'));
  const average = weighted.find(({ id }) => id === 'weight-average') as Method;
  const job = jobOf({ method: average.id, controls: { weight: [1, 1], normalize: 'no' } } as Step, [2], 2, 'F16');
  const { receipt } = await run(files, job, alone(await openKernels(), bytesReader()));
  expect(receipt.overflows).toEqual([{ tensor: 't0', count: 1 }]);
});
