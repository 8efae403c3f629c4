/** Merges and what was measured of them, as files from elsewhere bring them: names and numbers, without any model. */

/** Predicted-then-measured: a surrogate's prediction that was measured afterwards. */
export const POINT_KINDS = ['measured', 'estimated', 'predicted-then-measured'] as const;
export type PointKind = (typeof POINT_KINDS)[number];

export interface TaskScore {
  /** An accuracy of 0…1, or any other metric: `isShare` says which. */
  readonly value: number;
  /** Samples that it was measured on. */
  readonly n?: number;
  /** Standard error of the value. */
  readonly stderr?: number;
}

export interface PointRow {
  /** Where it was read: see `PointsTable.counts`. */
  readonly line: number;
  /** In the order of the table's coefficients. */
  readonly coefficients: readonly number[];
  /** Measured values by task; a task that was not measured here is missing. Read it with `scoreOf`. */
  readonly scores: Readonly<Record<string, TaskScore>>;
  /** Predicted values by task. */
  readonly estimated: Readonly<Record<string, number>>;
  readonly kind: PointKind;
  /** Name of the merge, file or run that it comes from. */
  readonly source?: string;
}

export interface PointProblem {
  readonly line: number;
  /** Whole sentences: where, got, wanted, what to do. */
  readonly message: string;
  /** 'left-out': the row is not in the table; 'note': nothing was left out. */
  readonly effect: 'left-out' | 'note';
}

export interface PointsTable {
  /** Names of the coefficients. */
  readonly coefficients: readonly string[];
  /** Names of the tasks, or of other metrics. */
  readonly tasks: readonly string[];
  readonly rows: readonly PointRow[];
  /** In the order of their lines. */
  readonly problems: readonly PointProblem[];
  /** What `line` counts: lines of a text from 1, entries of `points` from 0, files from 1. */
  readonly counts: 'line' | 'index' | 'file';
}

/** In place of a line where the whole file is meant. */
export const WHOLE_FILE = -1;

/** The score of a task in a row, undefined where it was not measured; safe for tasks named like `toString`. */
export function scoreOf(row: PointRow, task: string): TaskScore | undefined {
  return Object.hasOwn(row.scores, task) ? row.scores[task] : undefined;
}

/** The predicted value of a task in a row. */
export function estimateOf(row: PointRow, task: string): number | undefined {
  return Object.hasOwn(row.estimated, task) ? row.estimated[task] : undefined;
}

/** Whether all measured values of a task lie in 0…1, so that they can be accuracies. */
export function isShare({ rows }: Pick<PointsTable, 'rows'>, task: string): boolean {
  return rows.every((row) => isInUnit(scoreOf(row, task)?.value ?? 0));
}

export function isInUnit(value: number): boolean {
  return 0 <= value && value <= 1;
}

/** A problem as a person reads it: `line 7: …`, `points[6]: …`. */
export function problemInWords({ counts }: Pick<PointsTable, 'counts'>, { line, message }: PointProblem): string {
  if (line === WHOLE_FILE) return message;
  return counts === 'index' ? `points[${line}]: ${message}` : `${counts} ${line}: ${message}`;
}
