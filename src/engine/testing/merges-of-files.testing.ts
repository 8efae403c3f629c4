/** Merges of small files in memory, as tests of lanes run them. */
import type { JobTensor, MergeJob } from '../../formats/checkpoint/job.ts';
import type { Step } from '../../formats/recipe.ts';
import type { WeightDtype } from '../../formats/safetensors/dtype.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32 } from '../../formats/safetensors/values.ts';
import type { Control } from '../../methods/control.ts';
import type { Method } from '../../methods/define.ts';
import { type Crew, crewOf, serve } from '../files/lanes/crew.ts';
import { openKernels } from '../files/lanes/kernels.ts';
import { lanesOf } from '../files/lanes/lanes.ts';
import { openCheckpoints } from '../files/open.ts';
import { runJob } from '../files/run-job.ts';
import { memorySink, memorySource } from './memory-files.testing.ts';
import { bytesReader, channel } from './threads.testing.ts';

export function workers(count: number): Crew {
  return crewOf(
    Array.from({ length: count }, () => {
      const [here, there] = channel();
      serve(there, openKernels(), bytesReader());
      return here;
    }),
  );
}

export const NAMES = ['base', 'a', 'b', 'c'];

export function fileOf(values: readonly (readonly number[])[], dtype: WeightDtype): Uint8Array {
  const tensors = values.map((row, i): [string, { dtype: WeightDtype; shape: number[]; bytes: Uint8Array }] => [
    `t${i}`,
    { dtype, shape: [row.length], bytes: fromFloat32(Float32Array.from(row), dtype) },
  ]);
  return writeSafetensors(new Map(tensors));
}

export const merged = async (...args: Parameters<typeof run>) => (await run(...args)).bytes;

export async function run(files: readonly Uint8Array[], job: MergeJob, crew: Crew | undefined) {
  const { checkpoints } = await openCheckpoints(
    files.map((bytes, i) => {
      const source = memorySource(`${NAMES[i]}.safetensors`, bytes);
      // Every second one can be read by threads, the others bring their bytes.
      return i % 2 === 0 ? { ...source, shared: async () => bytes } : source;
    }),
  );
  const sink = memorySink();
  const receipt = await runJob(job, new Map(checkpoints.map((one) => [one.outline.id, one])), sink, {
    progress: () => {},
    breathe: async () => {},
    ...(crew && { laneFor: lanesOf(crew) }),
  });
  return { receipt, bytes: sink.bytes() };
}

export function jobOf(step: Step, lengths: readonly number[], experts: number, dtype: WeightDtype): MergeJob {
  const tensors = lengths.map((length, i): JobTensor => {
    const place = (model: string) => ({ model, tensor: `t${i}` });
    const making = {
      kind: 'merge',
      base: place('base'),
      experts: NAMES.slice(1, 1 + experts).map(place),
      chain: 0,
      dtype,
    } as const;
    return { name: `t${i}`, shape: [length], depth: 0, role: 'linear', group: 'mlp', making };
  });
  return { chains: [[step]], seed: 1, tensors, metadata: {}, remarks: [] };
}

/** Of two experts. */
export function plainControls(method: Method): Step['controls'] {
  const all: Record<string, Control> = method.controls;
  const value = (control: Control) =>
    control.kind !== 'choice' && control.per === 'expert' ? [0.5, 0.25] : control.default;
  return Object.fromEntries(Object.entries(all).map(([name, control]) => [name, value(control)]));
}
