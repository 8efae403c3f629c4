import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../core/hash.ts';
import type { JobTensor, MergeJob } from '../../formats/checkpoint/job.ts';
import { openingRecipe, type Recipe, withControl, withMethod } from '../../formats/recipe.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { metadata } from '../../methods/metadata.ts';
import { parametersOf } from '../../models/architecture-parameters.ts';
import { openBackend } from '../backend.ts';
import { StoppedError } from '../fault.ts';
import { createMerger } from '../merger.ts';
import { memoryJournal, memorySink, memorySource } from '../testing/memory-files.testing.ts';
import { TINY_TASKS, tinyZoo } from '../testing/tiny-zoo.testing.ts';
import { openZoo } from '../zoo.ts';
import { openCheckpoints } from './open.ts';
import { type JobHooks, type Receipt, runJob } from './run-job.ts';

const wasmPaths = 'node_modules/@tensorflow/tfjs-backend-wasm/dist/';
const tiny = tinyZoo();
const zoo = openZoo(tiny.card, tiny.read);
const opening = openingRecipe(tiny.card, metadata);

const quiet: JobHooks = { progress: () => {}, breathe: async () => {} };

async function models() {
  const sources = ['base', ...TINY_TASKS].map((id) =>
    memorySource(`${id}.safetensors`, tiny.files.get(`${id}.safetensors`) as Uint8Array),
  );
  const { checkpoints, problems } = await openCheckpoints(sources);
  expect(problems).toEqual([]);
  return new Map(checkpoints.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
}

/** All tensors of the tiny network, with one chain. */
function jobOf(recipe: Recipe, dtype: 'F32' | 'F16' | 'BF16' = 'F32'): MergeJob {
  const tensors = parametersOf(tiny.card.model).map((parameter): JobTensor => {
    const place = (model: string) => ({ model, tensor: parameter.name });
    const making = { kind: 'merge', base: place('base'), experts: recipe.experts.map(place), chain: 0, dtype } as const;
    return { ...parameter, making };
  });
  return { chains: [recipe.chain], seed: recipe.seed, tensors, metadata: { recipe: 'test' }, remarks: [] };
}

async function merged(job: MergeJob, hooks: Partial<JobHooks> = {}) {
  const sink = memorySink();
  const receipt = await runJob(job, await models(), sink, { ...quiet, ...hooks });
  expect(sink.state()).toBe('finished');
  return { receipt, bytes: sink.bytes() };
}

function valuesOf(bytes: Uint8Array): Float32Array {
  const { tensors } = readSafetensors(bytes, 'merged');
  return Float32Array.from([...tensors.values()].flatMap((tensor) => [...toFloat32(tensor)]));
}

/** A recipe that every method can be part of. */
function recipeWith(id: string): Recipe {
  const method = metadata.methods.find((one) => one.id === id);
  const { min, max } = method?.needs.experts ?? { min: 1 };
  const experts = TINY_TASKS.slice(0, Math.min(max ?? 3, Math.max(min, 3)));
  return withMethod({ ...opening, experts, chain: openingChain(experts) }, metadata, id);
}

const openingChain = (experts: readonly string[]) =>
  withMethod({ ...opening, experts }, metadata, 'task-arithmetic').chain;

const dataFree = metadata.methods.filter(({ needs, changesDepth }) => !needs.data && !needs.gradients && !changesDepth);

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: [backend] });
  });

  test.each([...dataFree.map(({ id }) => id), 'dare-ties', 'breadcrumbs-ties'])(
    '%s from files gives the weights that the studio gives',
    async (id) => {
      const recipe = { ...recipeWith(id), seed: 7 };
      const merger = createMerger(zoo, () => 0);
      const wanted = await merger.readAll(await merger.merge(recipe));
      const networks = wanted.perTask ? Object.values(wanted.perTask) : [wanted.weights];
      for (const [expert, network] of networks.entries()) {
        const { bytes } = await merged(jobOf(recipe), { expert });
        expect(valuesOf(bytes)).toEqual(network);
      }
      merger.dispose();
    },
  );
});

describe('a job', () => {
  beforeAll(async () => {
    await openBackend({ wasmPaths, among: ['wasm'] });
  });

  test.each([...dataFree.map(({ id }) => id), 'dare-ties'])(
    '%s gives the same bytes in parts of any size',
    async (id) => {
      const recipe = recipeWith(id);
      const whole = await merged(jobOf(recipe, 'F16'), { expert: 0 });
      for (const partBytes of [16, 200, 1700]) {
        const { bytes, receipt } = await merged(jobOf(recipe, 'F16'), { expert: 0, partBytes });
        expect(receipt).toEqual(whole.receipt);
        expect(bytes).toEqual(whole.bytes);
      }
    },
  );

  test('trims each tensor alike in parts of any size, equals included', async () => {
    const plain = recipeWith('ties');
    const control = (recipe: Recipe, name: string, value: string | number) =>
      withControl(recipe, metadata, { method: 'ties', control: name }, value);
    for (const weighting of ['none', 'before-election'])
      for (const density of [0.1, 0.5, 1]) {
        const recipe = control(control(control(plain, 'trim', 'tensor'), 'weighting', weighting), 'density', density);
        const merger = createMerger(zoo, () => 0);
        const { weights } = await merger.readAll(await merger.merge(recipe));
        merger.dispose();
        for (const partBytes of [16, 1700, 1e9])
          expect(valuesOf((await merged(jobOf(recipe), { partBytes })).bytes)).toEqual(weights);
      }
  });

  test('tells the checksum of the file', async () => {
    const { bytes, receipt } = await merged(jobOf(opening));
    expect(receipt.files).toEqual([{ name: 'model.safetensors', bytes: bytes.length, sha256: sha256Hex(bytes) }]);
    expect(readSafetensors(bytes, 'merged').metadata).toEqual({ format: 'pt', recipe: 'test' });
  });

  test('goes on after being cut anywhere, with the same bytes', async () => {
    const job = jobOf(withMethod(opening, metadata, 'dare-ties'), 'BF16');
    const checkpoints = await models();
    const { bytes: whole, receipt: wanted } = await merged(job, { partBytes: 500 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(150), { minLength: 1, maxLength: 4 }), async (cuts) => {
        const [sink, journal] = [memorySink(), memoryJournal()];
        let last: Receipt | undefined;
        for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
          let left = cut;
          const breathe = async () => {
            if (left-- <= 0) throw new StoppedError();
          };
          try {
            last = await runJob(job, checkpoints, sink, { ...quiet, breathe, journal, partBytes: 500 });
            break;
          } catch (fault) {
            expect(fault).toBeInstanceOf(StoppedError);
            expect(sink.state()).toBe('closed');
          }
        }
        expect(sink.bytes()).toEqual(whole);
        expect({ ...last, resumed: 0 }).toEqual(wanted);
        expect(journal.entry()).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });
});

test('steps that look at each tensor by itself give the bytes that they give over the whole network', async () => {
  await openBackend({ wasmPaths, among: ['wasm'] });
  const chains = [
    ...['tensor', 'row'].map((scope) => [
      {
        method: 'magnitude-trim',
        controls: { by: 'count', density: 0.3, scope, share: 0.9, factor: 1, rescale: 'l1' },
      },
      ...opening.chain,
    ]),
    ...['itself', 'tensor'].map((to) => [...opening.chain, { method: 'rescaling', controls: { to, s: 0.7 } }]),
  ];
  for (const chain of chains) {
    const filled: Recipe = { ...opening, chain };
    const merger = createMerger(zoo, () => 0);
    const { weights } = await merger.readAll(await merger.merge(filled));
    merger.dispose();
    expect(valuesOf((await merged(jobOf(filled))).bytes)).toEqual(weights);
  }
});
