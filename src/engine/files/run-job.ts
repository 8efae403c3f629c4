/** Runs a merge job over files, tensor by tensor, in bounded memory. */
import { type Hasher, sha256Hex, sha256Parts } from '../../core/hash.ts';
import type { MergeJob, Place } from '../../formats/checkpoint/job.ts';
import { beginsWith, checkOutput } from './check-output.ts';
import type { Journal, Overflow } from './journal.ts';
import type { LaneFor } from './lane.ts';
import { type Layout, layoutOf } from './layout.ts';
import { checkMemory } from './peak-memory.ts';
import { type Checkpoints, partAt } from './place-values.ts';
import { planJob } from './plan-job.ts';
import type { Sink, SinkOf } from './sink.ts';
import { takeLane } from './take-lane.ts';
import { createTeller, type JobProgress } from './tell-progress.ts';
import { createWriter } from './write-tensor.ts';

export interface JobHooks {
  progress(state: JobProgress): void;
  /** Lets messages in, and waits while the work is paused; rejects with a StoppedError when it is no longer wanted. */
  breathe(): Promise<void>;
  /** Without one the work cannot be resumed. */
  readonly journal?: Journal;
  /** A faster SHA-256 than the portable one. */
  readonly sha256?: () => Hasher;
  /** Whose network of a method that gives one for each expert, counted in the experts' order. */
  readonly expert?: number;
  /** Faster ways for some chains. */
  readonly laneFor?: LaneFor;
  /** Decoded inputs of one part of a tensor, in bytes; the output does not depend on it. */
  readonly partBytes?: number;
}

export interface Receipt {
  /** Of the file, or of all shards and their index. */
  readonly bytes: number;
  readonly tensors: number;
  /** As they were read back. */
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Tensors with values that their data type made infinite. */
  readonly overflows: readonly Overflow[];
  /** Tensors that an earlier session had written. */
  readonly resumed: number;
}

/** The journal is written after so many bytes of output: what a crash costs at most. */
const JOURNAL_BYTES = 64_000_000;

/**
 * Writes the output of a job as one safetensors file, re-reads it and tells its checksum.
 * @param checkpoints by model id
 * @throws StudioError saying what cannot be merged, and what to do; StoppedError when `breathe` does
 */
export const runJob = (job: MergeJob, checkpoints: Checkpoints, sink: Sink, hooks: JobHooks): Promise<Receipt> =>
  run(job, checkpoints, layoutOf(job), () => sink, hooks);

/** The same in several files and their index, each with so many bytes of tensors at most. */
export const runShardedJob = (
  job: MergeJob,
  checkpoints: Checkpoints,
  { shardBytes, sinkOf }: { readonly shardBytes: number; readonly sinkOf: SinkOf },
  hooks: JobHooks,
): Promise<Receipt> => run(job, checkpoints, layoutOf(job, shardBytes), sinkOf, hooks);

/** Ends when the merge that was asked for last does: TF.js has one stack of scopes, which two merges at once would mix up. */
let lastMerge: Promise<unknown> = Promise.resolve();

function run(...asked: Parameters<typeof runNow>): Promise<Receipt> {
  const merge = lastMerge.then(() => runNow(...asked));
  // One that fails is its caller's to handle, and holds nobody up.
  lastMerge = merge.catch(() => {});
  return merge;
}

async function runNow(
  job: MergeJob,
  checkpoints: Checkpoints,
  layout: Layout,
  sinkOf: SinkOf,
  hooks: JobHooks,
): Promise<Receipt> {
  const groups = planJob(job, hooks.expert);
  const dtypeOf = (place: Place) => partAt(place, checkpoints).dtype;
  const lanes = groups.map((group) => takeLane(group, dtypeOf, hooks.laneFor));
  for (const [i, group] of groups.entries()) if (!lanes[i]) checkMemory(group);
  const sinks = layout.files.map(({ name }) => sinkOf(name));
  const key = jobKey(job, checkpoints, layout, hooks.expert);
  const begun = await hooks.journal?.load();
  try {
    for (const [i, { bytes }] of layout.files.entries()) await sinks[i]?.open(bytes);
    const done = begun?.key === key && (await areBegun(layout, sinks)) ? begun : { key, tensors: 0, overflows: [] };
    const overflows = [...done.overflows];
    if (done.tensors === 0) for (const [i, { header }] of layout.files.entries()) await sinks[i]?.write(0, header);
    const tell = createTeller(job, groups, lanes, checkpoints, done.tensors, hooks);
    const writer = createWriter({ job, groups, lanes, checkpoints, done: done.tensors, hooks, tell });
    const save = async (tensors: number) => {
      for (const sink of sinks) await sink.flush();
      await hooks.journal?.save({ key, tensors, overflows });
    };
    let written = done.tensors;
    let unsaved = 0;
    const writeAll = async () => {
      await writer.survey();
      for (const [index, tensor] of job.tensors.entries()) {
        if (index < done.tensors) continue;
        const { file, begin } = layout.at[index] as Layout['at'][number];
        let at = begin;
        const count = await writer.write(index, async (bytes) => {
          await sinks[file]?.write(at, bytes);
          at += bytes.length;
          unsaved += bytes.length;
          tell.wrote(bytes.length, tensor.name);
          await hooks.breathe();
        });
        if (count > 0) overflows.push({ tensor: tensor.name, count });
        written = index + 1;
        tell.finished();
        if (unsaved < JOURNAL_BYTES) continue;
        unsaved = 0;
        await save(written);
      }
    };
    await writeAll().catch(async (fault) => {
      // What stopped the work is what is told, not that the journal could not be written either.
      await save(written).catch(() => {});
      throw fault;
    });
    await save(written);
    return await finish({ layout, sinks, sinkOf, hooks, tell, overflows, resumed: done.tensors, job });
  } catch (fault) {
    for (const sink of sinks) await sink.close();
    throw fault;
  }
}

interface Finishing {
  readonly layout: Layout;
  readonly sinks: readonly Sink[];
  readonly sinkOf: SinkOf;
  readonly hooks: JobHooks;
  readonly tell: ReturnType<typeof createTeller>;
  readonly overflows: readonly Overflow[];
  readonly resumed: number;
  readonly job: MergeJob;
}

async function finish({ layout, sinks, sinkOf, hooks, tell, overflows, resumed, job }: Finishing): Promise<Receipt> {
  const hasher = hooks.sha256 ?? sha256Parts;
  const files: Receipt['files'][number][] = [];
  for (const [i, file] of layout.files.entries()) {
    const sink = sinks[i] as Sink;
    const sha256 = await checkOutput(file, sink, hasher(), async (bytes) => {
      tell.checked(bytes, file.name);
      await hooks.breathe();
    });
    files.push({ name: file.name, bytes: file.bytes, sha256 });
  }
  for (const sink of sinks) await sink.finish();
  if (layout.index) {
    const { name, bytes } = layout.index;
    const sink = sinkOf(name);
    await sink.open(bytes.length);
    await sink.write(0, bytes);
    await sink.finish();
    files.push({ name, bytes: bytes.length, sha256: sha256Hex(bytes) });
  }
  await hooks.journal?.clear();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { bytes, tensors: job.tensors.length, files, overflows, resumed };
}

/** Whether all files hold what an earlier session began: where storage was cleared in between they do not. */
async function areBegun({ files }: Layout, sinks: readonly Sink[]): Promise<boolean> {
  for (const [i, { header }] of files.entries()) if (!(await beginsWith(sinks[i] as Sink, header))) return false;
  return true;
}

/** Everything that the output's bytes depend on, as far as it can be known without reading all weights. */
function jobKey(job: MergeJob, checkpoints: Checkpoints, { files }: Layout, expert: number | undefined): string {
  const models = [...checkpoints].map(([id, { outline }]) => [id, outline.name, outline.bytes, outline.tensors]);
  return sha256Hex(JSON.stringify([job, models, files.map(({ name, bytes }) => [name, bytes]), expert ?? null]));
}
