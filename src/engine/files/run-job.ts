/** Runs a merge job over files, tensor by tensor, in bounded memory. */
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Journal, Overflow } from './journal.ts';
import type { Sink } from './sink.ts';

export interface JobProgress {
  /** Of the output; while weights are surveyed, of the input that the survey reads. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly doneTensors: number;
  readonly totalTensors: number;
  /** In words: the pass, and the tensor. */
  readonly doing: string;
}

/** Feeds bytes of a file to a checksum. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  /** 64 lower-case hex digits. */
  hex(): string;
}

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
}

export interface Receipt {
  /** Of the file, or of all shards and their index. */
  readonly bytes: number;
  /** Of the re-read file; of several, see `files`. */
  readonly sha256: string;
  readonly tensors: number;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  /** Tensors with values that their data type made infinite. */
  readonly overflows: readonly Overflow[];
}

/**
 * Writes the output of a job as one safetensors file, re-reads it and tells its checksum.
 * @param checkpoints by model id
 * @throws StudioError saying what cannot be merged, and what to do; StoppedError when `breathe` does
 */
export async function runJob(
  _job: MergeJob,
  _checkpoints: ReadonlyMap<string, Checkpoint>,
  _sink: Sink,
  _hooks: JobHooks,
): Promise<Receipt> {
  throw new Error('not yet');
}
