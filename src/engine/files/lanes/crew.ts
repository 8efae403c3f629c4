/** Who does the arithmetic of a merge of files: this thread, or workers beside it. The result is the same. */
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import type { Kernels, Row, Sums, WeightedRow } from './kernels.ts';

/** One run of weights of one tensor. Its rows may move to another thread: they are gone when it is given. */
export type Task =
  | { readonly kind: 'sum'; readonly rows: readonly WeightedRow[]; readonly count: number; readonly dtype: WeightDtype }
  | { readonly kind: 'gram'; readonly rows: readonly Row[]; readonly count: number; readonly changes: boolean };

export interface Crew {
  /** Tasks that are worked on at once. */
  readonly size: number;
  /** The sums, and the rows again. */
  sum(task: Extract<Task, { kind: 'sum' }>): Promise<{ readonly sums: Sums; readonly rows: readonly Row[] }>;
  /** The inner products, and the rows again. */
  gram(
    task: Extract<Task, { kind: 'gram' }>,
  ): Promise<{ readonly products: Float64Array; readonly rows: readonly Row[] }>;
}

/** This thread alone. */
export function alone(kernels: Kernels): Crew {
  return {
    size: 1,
    sum: async ({ rows, count, dtype }) => ({ sums: kernels.weightedSum(rows, count, dtype), rows }),
    gram: async ({ rows, count, changes }) => ({ products: kernels.gram(rows, count, changes), rows }),
  };
}

/** One end of a channel to another thread: a Worker of the page, or one of Node. */
export interface Line {
  post(message: unknown, transfer: readonly ArrayBuffer[]): void;
  /** Whoever listened before does no more. */
  listen(heard: (message: unknown) => void): void;
}

/** A result, and the rows. */
type Answer =
  | { readonly ok: true; readonly result: Sums | Float64Array; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly reason: string };

const buffersOf = (rows: readonly Row[]): ArrayBuffer[] => [...new Set(rows.map(({ bytes }) => bytes.buffer))];

/** The worker's side: answers every task, one after the other. */
export function serve(line: Line, opening: Promise<Kernels>): void {
  line.listen(async (message) => {
    try {
      const task = message as Task;
      const kernels = await opening;
      if (task.kind === 'sum') {
        const result = kernels.weightedSum(task.rows, task.count, task.dtype);
        const { rows } = task;
        line.post({ ok: true, result, rows } satisfies Answer, [result.bytes.buffer, ...buffersOf(rows)]);
      } else {
        const { rows } = task;
        const result = kernels.gram(rows, task.count, task.changes);
        line.post({ ok: true, result, rows } satisfies Answer, buffersOf(rows));
      }
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
  const ask = <T extends Sums | Float64Array>(task: Task) =>
    new Promise<{ readonly result: T; readonly rows: readonly Row[] }>((resolve, reject) => {
      const done = (answer: Answer) => {
        // The kind of a task decides the kind of its result.
        if (answer.ok) resolve({ result: answer.result as T, rows: answer.rows });
        else reject(new Error(answer.reason));
      };
      waiting.push({ task, done });
      next();
    });
  return {
    size: lines.length,
    sum: async (task) => {
      const { result, rows } = await ask<Sums>(task);
      return { sums: result, rows };
    },
    gram: async (task) => {
      const { result, rows } = await ask<Float64Array>(task);
      return { products: result, rows };
    },
  };
}
