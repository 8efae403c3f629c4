/** One measurement of a merge of files, in a process of its own: its peak memory is nobody else's. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { lanesOf } from '../../engine/files/lanes/lanes.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { runJob } from '../../engine/files/run-job.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import type { Step } from '../../formats/recipe.ts';
import { openThreads } from '../lanes/threads.ts';
import { sourcesOf } from '../studio/disk.ts';
import { diskSink } from '../studio/disk-sink.ts';
import { openWasm } from '../studio/local.ts';
import { PIECE_BYTES } from './files-subjects.ts';

/** What is measured: a plain copy, or a merge by a chain on so many threads, with lanes or by the methods' own code. */
export type FilesRun =
  | { readonly kind: 'copy'; readonly files: readonly string[]; readonly out: string }
  | {
      readonly kind: 'merge';
      /** The base first where `hasBase`. */
      readonly files: readonly string[];
      readonly hasBase: boolean;
      readonly chain: readonly Step[];
      readonly threads: number;
      readonly lanes: boolean;
      readonly out: string;
    };

export interface Measured {
  /** From the first byte read to the last one written. */
  readonly ms: number;
  /** With reading the output again and its checksum. */
  readonly wholeMs: number;
  readonly peakBytes: number;
}

export async function measure(run: FilesRun): Promise<Measured> {
  rmSync(run.out, { force: true });
  const times = run.kind === 'copy' ? copy(run) : await merge(run);
  return { ...times, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** Reads all files, piece by piece in turn, and writes the first: what a merge reads and writes, without the merge. */
function copy({ files, out }: Extract<FilesRun, { kind: 'copy' }>) {
  const piece = new Uint8Array(PIECE_BYTES);
  const started = performance.now();
  const inputs = files.map((path) => openSync(path, 'r'));
  const output = openSync(out, 'w');
  for (let more = true; more; ) {
    more = false;
    for (const [index, input] of inputs.entries()) {
      const length = readSync(input, piece, 0, PIECE_BYTES, null);
      more ||= length > 0;
      if (index === 0) writeSync(output, piece, 0, length);
    }
  }
  for (const file of [...inputs, output]) closeSync(file);
  const ms = performance.now() - started;
  return { ms, wholeMs: ms };
}

async function merge({ files, hasBase, chain, threads, lanes, out }: Extract<FilesRun, { kind: 'merge' }>) {
  await openWasm();
  const { crew, close } = await openThreads(threads);
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf(files));
  const [problem] = problems;
  if (problem) throw new Error(JSON.stringify(problem));
  const ids = checkpoints.map(({ outline }) => outline.id);
  const job = jobOf(checkpoints[0]?.outline.tensors ?? [], ids, hasBase, chain);
  let written = 0;
  // Waiting for the disk is left out here as it is in the copy.
  const sink = diskSink(out);
  const started = performance.now();
  await runJob(job, new Map(checkpoints.map((one) => [one.outline.id, one])), timed(), {
    progress: () => {},
    breathe: async () => {},
    sha256: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
    },
    ...(lanes && { laneFor: lanesOf(crew) }),
  });
  const ended = performance.now();
  await close();
  return { ms: written - started, wholeMs: ended - started };

  function timed(): typeof sink {
    return {
      ...sink,
      flush: async () => {},
      async write(at, bytes) {
        await sink.write(at, bytes);
        written = performance.now();
      },
    };
  }
}

function jobOf(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
  ids: readonly string[],
  hasBase: boolean,
  chain: readonly Step[],
): MergeJob {
  const [base = ''] = ids;
  return {
    chains: [chain],
    seed: 1,
    tensors: tensors.map(({ name, shape }) => {
      const place = (model: string) => ({ model, tensor: name });
      const experts = (hasBase ? ids.slice(1) : ids).map(place);
      const making = { kind: 'merge', base: hasBase ? place(base) : null, experts, chain: 0, dtype: 'F16' } as const;
      return { name, shape, depth: 0.5, role: 'linear', group: 'mlp', making };
    }),
    metadata: { format: 'pt' },
    remarks: [],
  };
}
