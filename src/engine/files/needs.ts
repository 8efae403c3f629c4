/** What a merge of files will take, before it begins. */
import type { MergeJob } from '../../formats/checkpoint/job.ts';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';

export interface Needs {
  /** Of all tensors that the job reads, once. */
  readonly inputBytes: number;
  /** Of the file with its header. */
  readonly outputBytes: number;
  /** How often the input is read: 1, and what the survey of a method with global statistics takes. */
  readonly passes: number;
  /** Most memory at once. */
  readonly peakBytes: number;
  /** The tensor that takes it. */
  readonly largest: string | null;
  /** Why the job cannot be run, and what to do instead; null when it can. */
  readonly refusal: { readonly reason: string; readonly todo: string } | null;
}

/** @param outlines by model id */
export function needsOf(_job: MergeJob, _outlines: ReadonlyMap<string, ModelOutline>): Needs {
  throw new Error('not yet');
}
