/** Runs a merge job into files on disk: progress on stderr, Ctrl-C stops it so that it can go on. */
import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError, StudioError } from '../../engine/fault.ts';
import type { Checkpoint, TensorPart } from '../../engine/files/checkpoint.ts';
import { lanesOf } from '../../engine/files/lanes/lanes.ts';
import { type JobHooks, type Receipt, runJob, runShardedJob } from '../../engine/files/run-job.ts';
import type { JobProgress } from '../../engine/files/tell-progress.ts';
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import { openThreads } from '../lanes/threads.ts';
import { diskJournal, diskSink } from './disk-sink.ts';
import { openWasm } from './local.ts';

export interface Target {
  /** A file; a folder where the output goes to several files. */
  readonly out: string;
  /** Bytes of tensors in one file. */
  readonly shardBytes: number | undefined;
  /** Goes on with what an earlier run left. */
  readonly resume: boolean;
  readonly json: boolean;
  /** That do the arithmetic of weighted sums and the like. */
  readonly threads: number;
  /** Whose network of a method that gives one for each expert. */
  readonly expert?: number;
}

/** Lets signals in this often. */
const BREATH_MS = 50;
/** On a terminal the line is written anew this often; elsewhere there is a line for every tenth. */
const TELL_MS = 200;

/** @returns what is printed: files and their checksums */
export async function runToDisk(
  job: MergeJob,
  checkpoints: ReadonlyMap<string, Checkpoint>,
  { out, shardBytes, resume, json, threads, expert }: Target,
): Promise<string> {
  await keepInputs(out, checkpoints);
  const journal = diskJournal(shardBytes === undefined ? `${out}.journal` : join(out, 'merge.journal'));
  if (shardBytes !== undefined) await mkdir(out, { recursive: true });
  if (!resume) await journal.clear();
  for (const remark of job.remarks) process.stderr.write(`${remark}\n`);
  await openWasm();
  const { crew, close } = await openThreads(threads);
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  process.once('SIGINT', stop);
  const line = progressLine();
  let latest: JobProgress | undefined;
  let breathed = performance.now();
  const hooks: JobHooks = {
    progress(state) {
      latest = state;
      line.tell(state);
    },
    async breathe() {
      if (performance.now() - breathed > BREATH_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        breathed = performance.now();
      }
      if (stopped) throw new StoppedError();
    },
    journal,
    laneFor: lanesOf(crew),
    sha256: () => {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
    },
    ...(expert !== undefined && { expert }),
  };
  try {
    const receipt =
      shardBytes === undefined
        ? await runJob(job, checkpoints, diskSink(out), hooks)
        : await runShardedJob(job, checkpoints, { shardBytes, sinkOf: (name) => diskSink(join(out, name)) }, hooks);
    line.end();
    return inWords(receipt, shardBytes === undefined ? () => out : (name) => join(out, name), json);
  } catch (fault) {
    line.end();
    if (!(fault instanceof StoppedError)) throw fault;
    const { doneTensors = 0, totalTensors = job.tensors.length } = latest ?? {};
    throw new StudioError(
      'stopped',
      `stopped after ${doneTensors} of ${totalTensors} tensors; the same command with --resume goes on`,
    );
  } finally {
    process.removeListener('SIGINT', stop);
    await close();
  }
}

function inWords({ files, tensors, overflows, resumed }: Receipt, pathOf: (name: string) => string, json: boolean) {
  for (const { tensor, count } of overflows)
    process.stderr.write(`${tensor}: ${count} values are too large for the data type and became infinite\n`);
  if (resumed > 0) process.stderr.write(`${resumed} of ${tensors} tensors were there already\n`);
  const written = files.map((file) => ({ ...file, path: pathOf(file.name) }));
  if (json)
    return JSON.stringify({ tensors, resumed, overflows, files: written.map(({ name: _name, ...file }) => file) });
  const lines = written.map(({ path, bytes, sha256 }) => `${path}: ${bytes} bytes, sha256 ${sha256}`);
  return [...lines, `${tensors} tensors, read back and checked`].join('\n');
}

/** @throws StudioError when the output would take the place of a file that is merged */
async function keepInputs(out: string, checkpoints: ReadonlyMap<string, Checkpoint>): Promise<void> {
  const target = await realpath(out).catch(() => undefined);
  if (target === undefined) return;
  const paths = new Set([...checkpoints.values()].flatMap(({ parts }) => [...parts.values()].flatMap(pathsOf)));
  for (const path of paths)
    if ((await realpath(path).catch(() => path)) === target)
      throw new StudioError('recipe', `--out: ${out} is one of the merged models; write somewhere else`);
}

function pathsOf(part: TensorPart): string[] {
  if (part.kind === 'stored') return [part.source.path];
  return (
    part.kind === 'adapted'
      ? [part.on, part.down, part.up, ...(part.times ? [part.times.down, part.times.up] : [])]
      : [part.on]
  ).flatMap(pathsOf);
}

function progressLine() {
  const { stderr } = process;
  let told = Number.NEGATIVE_INFINITY;
  let tenth = -1;
  return {
    tell({ doneBytes, totalBytes, doneTensors, totalTensors, doing }: JobProgress) {
      const share = totalBytes > 0 ? doneBytes / totalBytes : 1;
      const text = `${Math.floor(100 * share)} % (${doneTensors} of ${totalTensors} tensors): ${doing}`;
      if (!stderr.isTTY) {
        if (Math.floor(10 * share) <= tenth) return;
        tenth = Math.floor(10 * share);
        stderr.write(`${text}\n`);
      } else if (performance.now() - told > TELL_MS) {
        told = performance.now();
        stderr.write(`\r\x1b[K${text.slice(0, stderr.columns - 1)}`);
      }
    },
    end() {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}
