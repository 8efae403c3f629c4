/** Merging checkpoints on disk: throughput beside a plain copy's, peak memory, the header table of a large model, and mergekit. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { besideMergekit } from './beside-mergekit.ts';
import { expectNear } from './check.ts';
import { writeCheckpoints } from './checkpoints.ts';
import type { FilesRun } from './files-run.ts';
import { child, MODELS, mergeRun, SUBJECTS } from './files-subjects.ts';
import { headerTable } from './files-table.ts';
import type { Group, Row } from './report.ts';
import { exactly, type Spread, spreadOf } from './spread.ts';

export interface FilesOptions {
  /** Of each of the four models. */
  readonly megabytes: number;
  /** Program of mergekit to compare with. */
  readonly mergekit: string | undefined;
  readonly announce: (what: string) => void;
}

const ROUNDS = 3;
/** Large enough for several runs of a tensor, small enough to be merged by the methods' own code. */
const CHECKED_BYTES = 30e6;
const CHECKED_VOCABULARY = 1200;
/** A step of float16 next to 0.1; sums in another order may fall on either side of a middle. */
const HALF_STEP = 2 ** -14;
const PEAK_GOAL_MB = 400;

export async function filesGroups({ megabytes, mergekit, announce }: FilesOptions): Promise<Group[]> {
  const folder = await mkdtemp(join(tmpdir(), 'merge-studio-bench-'));
  try {
    announce('files: the answers');
    await checkAnswers(folder);
    announce(`files: making ${MODELS} checkpoints of ${megabytes} MB`);
    const files = pathsIn(folder, 'large');
    await writeCheckpoints(files, megabytes * 1e6);
    const group = await measured(folder, files, announce);
    const groups = [
      group,
      { title: 'The table of a sharded model of 70 billion parameters', rows: [await headerTable()] },
    ];
    if (mergekit === undefined) return groups;
    announce('files: mergekit');
    return [...groups, await besideMergekit(mergekit, folder, files)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pathsIn = (folder: string, name: string) =>
  Array.from({ length: MODELS }, (_, model) => join(folder, `${name}-${model}.safetensors`));

/** The faster way against the methods' own code, on one and on two threads. */
async function checkAnswers(folder: string): Promise<void> {
  const files = pathsIn(folder, 'small');
  await writeCheckpoints(files, CHECKED_BYTES, CHECKED_VOCABULARY);
  for (const subject of [SUBJECTS.linear, SUBJECTS.slerp, SUBJECTS.ties]) {
    const out = (name: string) => join(folder, `${name}.safetensors`);
    child(mergeRun(subject, files, out('wanted'), 1, false));
    for (const threads of [1, 2]) {
      child(mergeRun(subject, files, out('got'), threads));
      await expectSame(`${subject.what} on ${threads} threads`, out('got'), out('wanted'), HALF_STEP);
    }
  }
}

async function expectSame(what: string, got: string, wanted: string, tolerance: number): Promise<void> {
  const [mine, theirs] = await Promise.all(
    [got, wanted].map(async (path) => readSafetensors(new Uint8Array(await readFile(path)), path).tensors),
  );
  for (const [name, tensor] of theirs ?? []) {
    const own = mine?.get(name);
    expectNear(`${what}: ${name}`, own ? toFloat32(own) : [], toFloat32(tensor), tolerance);
  }
}

async function measured(folder: string, files: readonly string[], announce: (what: string) => void): Promise<Group> {
  const out = join(folder, 'out.safetensors');
  const size = (await stat(files[0] ?? '')).size;
  const gigabytes = (models: number) => ((models + 1) * size) / 1e9;
  const rounds = (run: FilesRun) => {
    const all = Array.from({ length: ROUNDS }, () => child(run));
    const rate = (gb: number) => spreadOf(all.map(({ ms }) => gb / (ms / 1000)));
    return {
      rate,
      whole: spreadOf(all.map(({ wholeMs }) => wholeMs)),
      peak: Math.max(...all.map(({ peakBytes }) => peakBytes)),
    };
  };
  announce('files: a plain copy');
  const copied = rounds({ kind: 'copy', files, out }).rate(gigabytes(MODELS));
  const share = (rate: Spread, of: Spread) => `${((100 * rate.median) / of.median).toFixed(0)} %`;
  const rows: Row[] = [
    {
      what: `plain copy: ${MODELS} files read, one written, 1 thread`,
      measured: copied,
      unit: 'GB/s',
      beside: 'files in the system’s cache',
    },
  ];
  const peaks: number[] = [];
  const linear: Spread[] = [];
  for (const [subject, threads] of [
    [SUBJECTS.linear, 1],
    [SUBJECTS.linear, 2],
    [SUBJECTS.slerp, 1],
    [SUBJECTS.slerp, 2],
    [SUBJECTS.ties, 1],
    [SUBJECTS.ties, 2],
  ] as const) {
    announce(`files: ${subject.what} on ${threads} threads`);
    const { rate, whole, peak } = rounds(mergeRun(subject, files, out, threads));
    const own = rate(gigabytes(subject.models));
    if (subject === SUBJECTS.linear) linear[threads] = own;
    const besideLinear =
      linear[threads] && subject !== SUBJECTS.linear ? `, ${share(own, linear[threads])} of linear` : '';
    peaks.push(peak);
    rows.push({
      what: `${subject.what}, ${threads} ${threads > 1 ? 'threads' : 'thread'}`,
      measured: own,
      unit: 'GB/s',
      beside: `${share(own, copied)} of the copy${besideLinear}; with re-reading and checksum ${(whole.median / 1000).toFixed(1)} s; peak ${(peak / 1e6).toFixed(0)} MB`,
    });
  }
  rows.push({
    what: 'peak memory of them all',
    measured: exactly(Math.max(...peaks) / 1e6),
    unit: 'MB',
    goal: PEAK_GOAL_MB,
  });
  return {
    title: `Merging files of ${(size / 1e6).toFixed(0)} MB, float16, in Node: input and output bytes per second`,
    rows,
  };
}
