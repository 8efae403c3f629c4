/** What every format asks of a point, and what is told about a whole table. The formats only differ in how they are read. */
import { quote, readNumber } from './link-text.ts';
import {
  isInUnit,
  POINT_KINDS,
  type PointKind,
  type PointProblem,
  type PointRow,
  type PointsTable,
  scoreOf,
  type TaskScore,
} from './points.ts';

/** Far more than a front needs, far less than would stall a tab: 5,000 points are the plot's own goal. */
export const MAX_POINTS = 100_000;
/** Characters of a file of points: 100,000 rows of 20 numbers with 10 digits. */
export const MAX_TEXT = 20_000_000;
/** Sobol' designs and surrogates are made for a few dozen. */
export const MAX_COLUMNS = 1_000;
/** Problems of one row that are told one by one. */
const MAX_PER_ROW = 4;

/** A row whose cells were readable; what is missing is undefined. */
export interface Draft {
  readonly line: number;
  readonly coefficients: readonly number[];
  readonly scores: ReadonlyMap<string, TaskScore>;
  readonly estimated: ReadonlyMap<string, number>;
  readonly kind: PointKind;
  readonly source?: string;
}

/** A number, or why the text is none: got, wanted and what to do. */
export function readDecimal(text: string, wanted = 'a number'): number | { readonly refusal: string } {
  const value = readNumber(text);
  // −0 and 0 are one position of a slider.
  if (value !== undefined) return value === 0 ? 0 : value;
  const refusal = (todo: string) => ({ refusal: `got ${quote(text)}, wanted ${wanted}: ${todo}` });
  const percent = /^([+-]?[\d.]+)\s*%$/.exec(text);
  if (percent) {
    const share = readNumber(percent[1] ?? '');
    const example = share === undefined ? '' : `, here ${Number((share / 100).toPrecision(12))}`;
    return refusal(`percents are not guessed; divide by 100 and leave the sign out${example}`);
  }
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) {
    return refusal(`the comma may be read in two ways; write ${text.replace(',', '.')} or ${text.replace(',', '')}`);
  }
  if (/^[+-]?\d*,\d+$/.test(text)) return refusal(`it has a decimal comma; write ${text.replace(',', '.')}`);
  if (/^[+-]?\d{1,3}([, '_]\d{3})+(\.\d+)?$/.test(text)) return refusal('leave out what separates the thousands');
  if (/^[+-]?(nan|inf|infinity|none|null|na|n\/a|-)$/i.test(text)) {
    return refusal('it was not measured; leave the cell empty, or remove the row');
  }
  return refusal('correct it or remove the row');
}

/** Why n is no number of samples. */
export function refuseCount(n: number): string | undefined {
  if (Number.isInteger(n) && n >= 1 && n <= Number.MAX_SAFE_INTEGER) return undefined;
  return `got ${n}, wanted a number of samples, a whole number from 1: correct it or leave it empty`;
}

export function refuseStderr(value: number): string | undefined {
  return value >= 0 ? undefined : `got ${value}, wanted a standard error of 0 or more: correct it or leave it empty`;
}

export function readKind(text: string): PointKind | { readonly refusal: string } {
  const kind = POINT_KINDS.find((known) => known === text);
  return kind ?? { refusal: `got ${quote(text)}, wanted ${POINT_KINDS.join(', ')} or nothing, which means measured` };
}

/** What contradicts itself in a row of readable cells. */
function refuseDraft({ kind, scores, estimated }: Draft): string | undefined {
  const [measured] = scores.keys();
  if (kind === 'estimated') {
    if (measured !== undefined) {
      return `kind is estimated, but ${quote(measured)} has a measured value: move it to the estimated values, or write predicted-then-measured`;
    }
    return estimated.size > 0
      ? undefined
      : 'kind is estimated, but there is no estimated value: add one or remove the row';
  }
  if (measured !== undefined) return undefined;
  return estimated.size > 0
    ? `kind is ${kind}, but only estimated values are there: write estimated as its kind`
    : 'no task has a value, so nothing was measured: add one or remove the row';
}

/** A row that is not taken over, and why. */
export interface BadRow {
  readonly line: number;
  readonly reasons: readonly string[];
}

export interface TableBuilder {
  /** Tells what is peculiar where nothing is left out. */
  note(line: number, message: string): void;
  /** Takes a row over unless it is bad or contradicts itself. */
  add(row: Draft | BadRow): void;
  /** What was taken over, with all that was told, by line. */
  table(): PointsTable;
}

/** Collects the good rows and all problems of a table while a format reads it. */
export function buildTable(
  coefficients: readonly string[],
  tasks: readonly string[],
  counts: PointsTable['counts'],
): TableBuilder {
  const rows: PointRow[] = [];
  const problems: PointProblem[] = [];
  const firstLine = new Map<string, number>();
  const note = (line: number, message: string) => problems.push({ line, message, effect: 'note' });

  /** @returns the line on which these coefficients came first, when that is another one */
  function repeated({ line, coefficients: values }: Draft): number | undefined {
    const key = values.join();
    const before = firstLine.get(key);
    if (before === undefined) firstLine.set(key, line);
    return before;
  }

  function take(draft: Draft): void {
    const { line, coefficients: values, kind, source } = draft;
    if (kind !== 'estimated') {
      const missing = tasks.filter((task) => !draft.scores.has(task));
      if (missing.length > 0) note(line, missingInWords(missing));
      const before = repeated(draft);
      if (before !== undefined) {
        note(line, `same coefficients as ${counts} ${before}: kept, as a repeated measurement.`);
      }
    }
    const scores = Object.fromEntries(draft.scores);
    const estimated = Object.fromEntries(draft.estimated);
    const rest = source === undefined ? {} : { source };
    rows.push({ line, coefficients: values, scores, estimated, kind, ...rest });
  }

  return {
    note,
    add: (row) => {
      const reason = 'reasons' in row ? undefined : refuseDraft(row);
      const reasons = 'reasons' in row ? row.reasons : reason === undefined ? [] : [reason];
      if (reasons.length > 0) {
        problems.push({ line: row.line, message: reasonsInWords(reasons), effect: 'left-out' });
      } else if (!('reasons' in row)) take(row);
    },
    table: () => {
      const ranges = tasks.flatMap((task) => rangeProblem(task, rows) ?? []);
      const sorted = [...problems, ...ranges].toSorted((a, b) => a.line - b.line);
      return { coefficients, tasks, rows, problems: sorted, counts };
    },
  };
}

function reasonsInWords(reasons: readonly string[]): string {
  const more = reasons.length > MAX_PER_ROW ? `; and ${reasons.length - MAX_PER_ROW} more` : '';
  return `${reasons.slice(0, MAX_PER_ROW).join('; ')}${more}.`;
}

function missingInWords(missing: readonly string[]): string {
  const names = missing.slice(0, MAX_PER_ROW).map(quote).join(', ');
  const more = missing.length > MAX_PER_ROW ? ` and ${missing.length - MAX_PER_ROW} more` : '';
  return `${names}${more}: no value, so not measured for this merge; the rest of the row is used.`;
}

/** A task whose values do not all lie in 0…1 is a metric without bounds, or percents, or a slip. */
function rangeProblem(task: string, rows: readonly PointRow[]): PointProblem | undefined {
  const measured = rows.flatMap((row) => {
    const value = scoreOf(row, task)?.value;
    return value === undefined ? [] : [{ value, line: row.line }];
  });
  const outside = measured.filter(({ value }) => !isInUnit(value));
  const [example] = outside;
  if (example === undefined) return undefined;
  const share = `${outside.length} of ${measured.length} values lie outside 0…1, for example ${example.value}`;
  const todo = 'If they are percents, divide them by 100; if one is a slip, correct it.';
  const message = `task ${quote(task)}: ${share}, so it is read as a metric without bounds, not as an accuracy. ${todo}`;
  return { line: example.line, message, effect: 'note' };
}
