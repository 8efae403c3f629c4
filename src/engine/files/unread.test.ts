/** A model with the factor 0 is not read, whichever way the merge goes, and that is said. */
import { beforeAll, expect, test } from 'vitest';
import type { JobTensor, MergeJob } from '../../formats/checkpoint/job.ts';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { openBackend } from '../backend.ts';
import { memorySink, memorySource } from '../testing/memory-files.testing.ts';
import { alone } from './lanes/crew.ts';

import { openKernels } from './lanes/kernels.ts';
import { lanesOf } from './lanes/lanes.ts';
import { openCheckpoints } from './open.ts';
import { type JobHooks, runJob } from './run-job.ts';
import { withUnread } from './unread.ts';

beforeAll(() => openBackend({ wasmPaths: 'node_modules/@tensorflow/tfjs-backend-wasm/dist/', among: ['wasm'] }));

const SHAPE = [2, 2];
const fileOf = (name: string, values: readonly number[]) =>
  memorySource(
    `${name}.safetensors`,
    writeSafetensors(
      new Map([['w', { dtype: 'F32', shape: SHAPE, bytes: fromFloat32(Float32Array.from(values), 'F32') }]]),
    ),
  );

async function models() {
  const { checkpoints } = await openCheckpoints([
    fileOf('base', [1, 2, 3, 4]),
    fileOf('a', [2, 4, 6, 8]),
    fileOf('broken', [Number.NaN, 0, Number.POSITIVE_INFINITY, 1]),
  ]);
  return new Map(checkpoints.map((checkpoint) => [checkpoint.outline.id, checkpoint]));
}

function jobOf(method: string, controls: Record<string, number[] | string>, rows: { rows?: 'fit' } = {}): MergeJob {
  const place = (model: string) => ({ model, tensor: 'w', ...rows });
  const base = method === 'weight-average' ? null : place('base');
  const making = { kind: 'merge', base, experts: [place('a'), place('broken')], chain: 0, dtype: 'F32' } as const;
  const tensor: JobTensor = { name: 'w', shape: SHAPE, depth: 0, role: 'linear', group: 'mlp', making };
  return { chains: [[{ method, controls }]], seed: 1, tensors: [tensor], metadata: {}, remarks: [] };
}

async function merged(job: MergeJob, hooks: Partial<JobHooks>) {
  const sink = memorySink();
  await runJob(job, await models(), sink, { progress: () => {}, breathe: async () => {}, ...hooks });
  const tensor = readSafetensors(sink.bytes(), 'merged').tensors.get('w');
  return tensor && [...toFloat32(tensor)];
}

/** Files in memory are read by the merging thread itself. */
const noReader = {
  open() {},
  read() {
    throw new Error('a file in memory was asked for by its number');
  },
};

const laneFor = async () => lanesOf(alone(await openKernels(), noReader));

const CASES = [
  ['task-arithmetic', { lambda: [0.5, 0] }, [1.5, 3, 4.5, 6], ['broken']],
  ['task-arithmetic', { lambda: [1, 0] }, [2, 4, 6, 8], ['base', 'broken']],
  ['weight-average', { weight: [2, 0], normalize: 'yes' }, [2, 4, 6, 8], ['broken']],
] as const;

test.each(CASES)(
  '%s with %j: nothing of it is read, with a lane and without one',
  async (method, controls, wanted, unread) => {
    const job = jobOf(method, JSON.parse(JSON.stringify(controls)));
    expect(await merged(job, {})).toEqual(wanted);
    expect(await merged(job, { laneFor: await laneFor() })).toEqual(wanted);
    const { remarks } = withUnread(job, await models());
    expect(remarks.map((remark) => remark.split(' ')[0])).toEqual([...unread]);
    expect(remarks.join()).toContain('has the factor 0 in every tensor, so it changes nothing');
  },
);

test('with a factor its values are looked at, and named', async () => {
  const job = jobOf('task-arithmetic', { lambda: [0.5, 0.1] });
  const told = 'broken.safetensors: w: value 0 is NaN, wanted a finite number.';
  await expect(merged(job, {})).rejects.toThrow(told);
  await expect(merged(job, { laneFor: await laneFor() })).rejects.toThrow(told);
  expect(withUnread(job, await models()).remarks).toEqual([]);
});

test('a model whose rows may fill others’, or that another method looks at, is read all the same', async () => {
  const fitted = jobOf('task-arithmetic', { lambda: [0.5, 0] }, { rows: 'fit' });
  await expect(merged(fitted, {})).rejects.toThrow('value 0 is NaN');
  expect(withUnread(fitted, await models()).remarks).toEqual([]);
  const [tensor] = jobOf('task-arithmetic', { lambda: [0.5, 0] }).tensors;
  if (!tensor) throw new Error('no tensor');
  const copied: JobTensor = {
    ...tensor,
    name: 'v',
    making: { kind: 'copy', from: { model: 'broken', tensor: 'w' }, dtype: 'F32' },
  };
  const both = { ...fitted, tensors: [tensor, copied] };
  expect(withUnread(both, await models()).remarks).toEqual([]);
});
