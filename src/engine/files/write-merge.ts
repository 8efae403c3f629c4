/** A merge of the page's: into the browser's storage, with a journal, or into a file that the visitor chose. */
import { chosenSink } from './chosen-sink.ts';
import { expertOf, type Made } from './own-mix.ts';
import { privateJournal, privateSink } from './private-sink.ts';
import { type JobHooks, type Receipt, runJob } from './run-job.ts';

export type MergeTarget =
  /** The browser's storage, from where it is downloaded; goes on after a reload. */
  | { readonly kind: 'private'; readonly name: string }
  | { readonly kind: 'chosen'; readonly handle: FileSystemFileHandle };

/** What came of it. */
export interface Written {
  readonly name: string;
  readonly receipt: Receipt;
  readonly seconds: number;
  /** Where it lies. */
  readonly target: MergeTarget['kind'];
}

export async function writeMerge(
  made: Made,
  target: MergeTarget,
  hooks: Pick<JobHooks, 'progress' | 'breathe' | 'laneFor'>,
): Promise<Written> {
  const name = target.kind === 'private' ? target.name : target.handle.name;
  const began = performance.now();
  const sink = target.kind === 'private' ? privateSink(name) : chosenSink(target.handle);
  const journal = target.kind === 'private' ? { journal: privateJournal(name) } : {};
  const receipt = await runJob(made.job, made.checkpoints, sink, { ...hooks, ...journal, ...expertOf(made) });
  return { name, receipt, seconds: (performance.now() - began) / 1000, target: target.kind };
}
