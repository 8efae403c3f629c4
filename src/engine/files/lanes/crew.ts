/** Who does the arithmetic of a merge of files: this thread, or workers beside it, which read the files themselves. The result is the same. */
import type { Bounds } from '../../../core/stats/bracket.ts';
import type { Pattern } from '../../../core/stats/ranked.ts';
import type { ByteSource } from '../../../formats/byte-source.ts';
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { asFailure, type Failure, StudioError } from '../../fault.ts';
import {
  type Bracketed,
  type Decided,
  type Deciding,
  type Kernels,
  type Room,
  type Row,
  type RunCut,
  type RunElection,
  rowOf,
  type Sums,
} from './kernels.ts';
import { placeOf, sampled } from './looks.ts';
import type { Reader } from './reader.ts';

/** Where weights of a run are: in a file that is open, or in memory. */
export type TaskRow = { readonly dtype: WeightDtype; readonly weight?: number } & (
  | { readonly file: number; readonly at: number }
  | { readonly bytes: Uint8Array<ArrayBuffer> }
);

/** One run of weights of one tensor. */
export type Task = {
  readonly rows: readonly TaskRow[];
  readonly count: number;
  readonly room?: Room;
  /** Nobody wants the rows' bytes any more: they need not be copied. */
  readonly given?: boolean;
} & (
  | { readonly kind: 'sum'; readonly dtype: WeightDtype }
  | { readonly kind: 'gram'; readonly changes: boolean }
  /** Every so many-th eight of the changes, or all where this is 1. */
  | { readonly kind: 'sample'; readonly every: number }
  | { readonly kind: 'bracket'; readonly bounds: readonly Bounds[] }
  /** Of one expert: behind the change that is the so many-th of that very magnitude. */
  | { readonly kind: 'place'; readonly limit: Pattern; readonly nth: number }
  | { readonly kind: 'balance'; readonly cuts: readonly RunCut[] }
  | { readonly kind: 'elect'; readonly election: RunElection; readonly dtype: WeightDtype }
  | { readonly kind: 'decide'; readonly deciding: Deciding; readonly dtype: WeightDtype }
);

/** What was decided of a run, and of what was not, for each expert, the changes between its bounds. */
export type DecidedRun = Decided & { readonly others: readonly Uint32Array<ArrayBuffer>[] };

/** By kind of task; see Kernels. */
interface Results {
  readonly sum: Sums;
  readonly gram: Float64Array<ArrayBuffer>;
  readonly sample: Uint32Array<ArrayBuffer>;
  readonly bracket: Bracketed;
  readonly place: number;
  readonly balance: number;
  readonly elect: Sums;
  readonly decide: DecidedRun | undefined;
}
type Kind = keyof Results;
type Result = Results[Kind];

export interface Crew {
  /** Tasks that are worked on at once. */
  readonly size: number;
  /** @returns the file's number in tasks; undefined where only this thread can read it, and tasks have to bring its bytes */
  open(source: ByteSource): Promise<number | undefined>;
  /** @param home runs of one home go to the same worker, which may remember what it read */
  run<K extends Kind>(task: Extract<Task, { readonly kind: K }>, home: number): Promise<Results[K]>;
}

function perform(kernels: Kernels, reader: Reader, task: Task): Result {
  const { count, room } = task;
  const rows = task.rows.map((row): Row & { weight: number } => ({
    ...('file' in row
      ? { dtype: row.dtype, copy: (at: number, into: Uint8Array) => reader.read(row.file, row.at + at, into) }
      : rowOf(row.dtype, row.bytes)),
    weight: row.weight ?? 1,
  }));
  switch (task.kind) {
    case 'sum':
      return kernels.weightedSum(rows, count, task.dtype, room);
    case 'gram':
      return kernels.gram(rows, count, task.changes);
    case 'sample':
      return sampled(kernels, rows, count, task.every);
    case 'bracket':
      return kernels.bracket(rows, count, task.bounds);
    case 'place':
      return placeOf(kernels, rows, count, task.limit, task.nth);
    case 'balance':
      return kernels.balance(rows, count, task.cuts);
    case 'elect':
      return kernels.elect(rows, count, task.election, task.dtype, room);
    case 'decide':
      return decided(kernels, kernels.decide(rows, count, task.deciding, task.dtype, room), task.deciding.bounds);
  }
}

function decided(kernels: Kernels, run: Decided | undefined, bounds: readonly Bounds[]): DecidedRun | undefined {
  if (!run) return undefined;
  const { places, rows } = run.undecided;
  const all = rows.map(({ dtype, bytes }) => rowOf(dtype, bytes));
  // Without those that are no numbers, which the run tells.
  const found = kernels.bracket(all, places.length, bounds) ?? [];
  return { ...run, others: found.map(({ others }) => others) };
}

/** The kind of a task decides the kind of its result. */
const crewFrom = (crew: Omit<Crew, 'run'>, ask: (task: Task, home: number) => Promise<Result>): Crew => ({
  ...crew,
  run: <K extends Kind>(task: Extract<Task, { readonly kind: K }>, home: number) =>
    ask(task, home) as Promise<Results[K]>,
});

interface OpenFile {
  readonly number: number;
  readonly path: string;
  /** What another thread reads it by. */
  readonly handle: unknown;
}

/** Numbers files as they are met. @param tell of a new one */
function numbering(tell: (file: OpenFile) => void): Crew['open'] {
  const numbers = new WeakMap<ByteSource, Promise<number | undefined>>();
  let next = 0;
  const open = async ({ path, shared }: ByteSource) => {
    if (!shared) return undefined;
    const file = { number: next++, path, handle: await shared() };
    tell(file);
    return file.number;
  };
  return (source) => {
    const known = numbers.get(source) ?? open(source);
    numbers.set(source, known);
    return known;
  };
}

/** This thread alone. */
export const alone = (kernels: Kernels, reader: Reader): Crew =>
  crewFrom(
    { size: 1, open: numbering(({ number, path, handle }) => reader.open(number, path, handle)) },
    async (task) => perform(kernels, reader, task),
  );

/** One end of a channel to another thread: a Worker of the page, or one of Node. */
export interface Line {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Whoever listened before does no more. @param ended once, when the other end is gone */
  listen(heard: (message: unknown) => void, ended?: () => void): void;
}

type Message = { readonly open: OpenFile } | { readonly task: Task };
type Answer = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly failure: Failure };

function resultBuffers(result: Result): ArrayBuffer[] {
  if (typeof result === 'number' || result === undefined) return [];
  if ('others' in result) {
    const { places, rows } = result.undecided;
    return [result.bytes, places, ...rows.map(({ bytes }) => bytes), ...result.others].map(({ buffer }) => buffer);
  }
  if ('bytes' in result) return [result.bytes.buffer];
  return 'buffer' in result ? [result.buffer] : [];
}

/** The worker's side: answers every task, one after the other. */
export function serve(line: Line, opening: Promise<Kernels>, reader: Reader): void {
  line.listen(async (heard) => {
    const message = heard as Message;
    if ('open' in message) {
      const { number, path, handle } = message.open;
      reader.open(number, path, handle);
      return;
    }
    try {
      const result = perform(await opening, reader, message.task);
      line.post({ ok: true, result } satisfies Answer, resultBuffers(result));
    } catch (fault) {
      line.post({ ok: false, failure: asFailure(fault) } satisfies Answer, []);
    }
  });
}

/** Workers that serve, each one task after the other. */
export function crewOf(lines: readonly Line[]): Crew {
  const workers = lines.map(workerOn);
  return crewFrom(
    {
      size: lines.length,
      open: numbering((open) => {
        for (const line of lines) line.post({ open } satisfies Message, []);
      }),
    },
    (task, home) => {
      const living = workers.filter((worker) => !worker.isGone());
      // In range: there is a worker for each remainder, the last one when all are gone.
      const worker = living[home % living.length] ?? (workers[0] as Worker);
      return worker.run(task);
    },
  );
}

interface Waiting {
  done(result: Result): void;
  failed(fault: Error): void;
}

interface Worker {
  /** Its thread has ended, whatever the reason: the others do its work from then on. */
  isGone(): boolean;
  run(task: Task): Promise<Result>;
}

/** Answers come in the order of the tasks. */
function workerOn(line: Line): Worker {
  const waiting: Waiting[] = [];
  let gone: Error | undefined;
  line.listen(
    (heard) => {
      const answer = heard as Answer;
      const first = waiting.shift();
      if (answer.ok) first?.done(answer.result);
      else first?.failed(new StudioError(answer.failure.code, answer.failure.message, answer.failure.todo));
    },
    () => {
      gone = new StudioError(
        'crashed',
        'A thread that merges ended before its work was done.',
        'Start the merge again: it goes on where it was.',
      );
      for (const one of waiting.splice(0)) one.failed(gone);
    },
  );
  return {
    isGone: () => gone !== undefined,
    run: (task) =>
      new Promise((done, failed) => {
        if (gone) {
          failed(gone);
          return;
        }
        waiting.push({ done, failed });
        const given = task.rows.flatMap((row) => (task.given && 'bytes' in row ? [row.bytes.buffer] : []));
        line.post({ task } satisfies Message, task.room ? [task.room, ...given] : given);
      }),
  };
}
