/** Who does the arithmetic of a merge of files: this thread, or workers beside it. The result is the same. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { Kernels, Pattern, Row, RunCut, RunElection, Sums, WeightedRow } from './kernels.ts';

/** One run of weights of one tensor. Its rows may move to another thread: they are gone when it is given. */
export type Task = { readonly rows: readonly Row[]; readonly count: number } & (
  | { readonly kind: 'sum'; readonly rows: readonly WeightedRow[]; readonly dtype: WeightDtype }
  | { readonly kind: 'gram'; readonly changes: boolean }
  | { readonly kind: 'tally'; readonly highs: readonly (number | undefined)[] }
  | { readonly kind: 'equal'; readonly limits: readonly Pattern[] }
  | { readonly kind: 'balance'; readonly cuts: readonly RunCut[] }
  | { readonly kind: 'elect'; readonly election: RunElection; readonly dtype: WeightDtype }
);

/** By kind of task; see Kernels. */
interface Results {
  readonly sum: Sums;
  readonly gram: Float64Array<ArrayBuffer>;
  readonly tally: Uint32Array<ArrayBuffer>;
  readonly equal: Uint32Array<ArrayBuffer>;
  readonly balance: number;
  readonly elect: Sums;
}
type Kind = keyof Results;
type Result = Results[Kind];

/** What came out, and the rows again. */
interface Done<R extends Result> {
  readonly result: R;
  readonly rows: readonly Row[];
}

export interface Crew {
  /** Tasks that are worked on at once. */
  readonly size: number;
  run<K extends Kind>(task: Extract<Task, { readonly kind: K }>): Promise<Done<Results[K]>>;
}

function perform(kernels: Kernels, task: Task): Result {
  const { rows, count } = task;
  switch (task.kind) {
    case 'sum':
      return kernels.weightedSum(task.rows, count, task.dtype);
    case 'gram':
      return kernels.gram(rows, count, task.changes);
    case 'tally':
      return kernels.tally(rows, count, task.highs);
    case 'equal':
      return kernels.countEqual(rows, count, task.limits);
    case 'balance':
      return kernels.balance(rows, count, task.cuts);
    case 'elect':
      return kernels.elect(rows, count, task.election, task.dtype);
  }
}

/** The kind of a task decides the kind of its result. */
const crewFrom = (size: number, ask: (task: Task) => Promise<Done<Result>>): Crew => ({
  size,
  run: <K extends Kind>(task: Extract<Task, { readonly kind: K }>) => ask(task) as Promise<Done<Results[K]>>,
});

/** This thread alone. */
export const alone = (kernels: Kernels): Crew =>
  crewFrom(1, async (task) => ({ result: perform(kernels, task), rows: task.rows }));

/** One end of a channel to another thread: a Worker of the page, or one of Node. */
export interface Line {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Whoever listened before does no more. */
  listen(heard: (message: unknown) => void): void;
}

type Answer =
  | { readonly ok: true; readonly result: Result; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly reason: string };

const buffersOf = (rows: readonly Row[]): ArrayBuffer[] => [...new Set(rows.map(({ bytes }) => bytes.buffer))];

function resultBuffers(result: Result): ArrayBuffer[] {
  if (typeof result === 'number') return [];
  return [('bytes' in result ? result.bytes : result).buffer];
}

/** The worker's side: answers every task, one after the other. */
export function serve(line: Line, opening: Promise<Kernels>): void {
  line.listen(async (message) => {
    try {
      const task = message as Task;
      const result = perform(await opening, task);
      const { rows } = task;
      line.post({ ok: true, result, rows } satisfies Answer, [...resultBuffers(result), ...buffersOf(rows)]);
    } catch (fault) {
      line.post({ ok: false, reason: fault instanceof Error ? fault.message : String(fault) } satisfies Answer, []);
    }
  });
}

interface Waiting {
  readonly task: Task;
  done(answer: Answer): void;
}

/** Workers that serve: each task goes to the first that is free. */
export function crewOf(lines: readonly Line[]): Crew {
  const free = [...lines];
  const waiting: Waiting[] = [];
  const next = () => {
    const line = free[0];
    const first = line && waiting.shift();
    if (!line || !first) return;
    free.shift();
    line.listen((answer) => {
      free.push(line);
      first.done(answer as Answer);
      next();
    });
    line.post(first.task, buffersOf(first.task.rows));
  };
  return crewFrom(
    lines.length,
    (task) =>
      new Promise((resolve, reject) => {
        const done = (answer: Answer) => {
          if (answer.ok) resolve({ result: answer.result, rows: answer.rows });
          else reject(new Error(answer.reason));
        };
        waiting.push({ task, done });
        next();
      }),
  );
}
