/**
 * Points as CSV, one merge per row. The header is `coefficient.<name>,…,task.<name>,…` and may go on with `n.<task>` (samples),
 * `stderr.<task>`, `estimated.<task>`, `kind` (measured | estimated | predicted-then-measured) and `source`, in any order.
 */
import { type CsvRecord, type Field, readCsv, writeCsv } from './csv.ts';
import { quote } from './link-text.ts';
import {
  estimateOf,
  type PointKind,
  type PointRow,
  type PointsTable,
  scoreOf,
  type TaskScore,
  WHOLE_FILE,
} from './points.ts';
import {
  type BadRow,
  buildTable,
  type Draft,
  MAX_COLUMNS,
  MAX_POINTS,
  MAX_TEXT,
  readDecimal,
  readKind,
  refuseCount,
  refuseStderr,
  type TableBuilder,
} from './points-rules.ts';

/** Columns that speak of one coefficient or task, by their prefix. */
const PREFIXES = ['coefficient', 'task', 'n', 'stderr', 'estimated'] as const;
type Prefix = (typeof PREFIXES)[number];

interface Column {
  readonly what: Prefix | 'kind' | 'source' | 'unknown';
  /** Of the coefficient or task. */
  readonly name: string;
  /** As in the file. */
  readonly title: string;
}

const WANTED = 'wanted coefficient.<name>,…,task.<name>,…[,n.<task>,…]';

// ---------------------------------------------------------------- reading

/**
 * Reads a table of points. Never throws: rows that cannot be used are told by line and left out, the others are kept.
 * @param text a whole file
 */
export function readPointsCsv(text: string): PointsTable {
  if (text.length > MAX_TEXT) {
    return refuse(
      WHOLE_FILE,
      `The file has ${text.length} characters; at most ${MAX_TEXT} are read: cut it into parts.`,
    );
  }
  const [header, ...records] = readCsv(text);
  if (!header) return refuse(WHOLE_FILE, `The file is empty: ${WANTED} on its first line.`);
  const columns = header.fields.map(({ text: title }) => columnOf(title));
  const refusal = refuseHeader(header, columns);
  if (refusal !== undefined) return refuse(header.line, refusal);
  const named = (what: Prefix) => columns.filter((column) => column.what === what).map(({ name }) => name);
  const tasks = [...new Set([...named('task'), ...named('estimated')])];
  const coefficients = named('coefficient');
  const builder = buildTable(coefficients, tasks, 'line');
  for (const column of columns) noteUnread(column, tasks, header.line, builder);
  for (const record of records.slice(0, MAX_POINTS)) {
    builder.add(readRow(record, columns, { coefficients, tasks }, builder));
  }
  if (records.length > MAX_POINTS) {
    const line = records[MAX_POINTS]?.line ?? WHOLE_FILE;
    builder.add({
      line,
      reasons: [
        `the file has ${records.length} rows; only the first ${MAX_POINTS} are read, this and the following are not`,
      ],
    });
  }
  return builder.table();
}

function refuse(line: number, message: string): PointsTable {
  return { coefficients: [], tasks: [], rows: [], problems: [{ line, message, effect: 'left-out' }], counts: 'line' };
}

function columnOf(title: string): Column {
  if (title === 'kind' || title === 'source') return { what: title, name: '', title };
  const dot = title.indexOf('.');
  const what = PREFIXES.find((prefix) => prefix === title.slice(0, Math.max(dot, 0)));
  const name = title.slice(dot + 1);
  return what === undefined || name === '' ? { what: 'unknown', name: '', title } : { what, name, title };
}

function refuseHeader({ fields, fault }: CsvRecord, columns: readonly Column[]): string | undefined {
  const got = `The header is ${quote(fields.map(({ text }) => text).join(','))}`;
  if (fault !== undefined) return `${got}, and ${fault}: close it, then read the file again.`;
  if (columns.length > MAX_COLUMNS) return `The header has ${columns.length} columns; at most ${MAX_COLUMNS} are read.`;
  const other = [';', '\t'].find((mark) => fields.length === 1 && fields[0]?.text.includes(mark));
  if (other !== undefined) {
    const name = other === ';' ? 'semicolons' : 'tabs';
    return `${got}, separated by ${name}: separate columns by commas, and write numbers with a decimal point.`;
  }
  const twice = columns.find(({ title }, i) => columns.findIndex((column) => column.title === title) < i);
  if (twice) return `The column ${quote(twice.title)} comes twice: keep one, so that it is clear which one counts.`;
  const has = (what: Prefix) => columns.some((column) => column.what === what);
  if (!has('coefficient')) return `${got}, without any column coefficient.<name>: ${WANTED}.`;
  if (!has('task') && !has('estimated')) return `${got}, without any column task.<name>: ${WANTED}.`;
  return undefined;
}

function noteUnread(
  { what, name, title }: Column,
  tasks: readonly string[],
  line: number,
  builder: TableBuilder,
): void {
  if (what === 'unknown') {
    const known = `${PREFIXES.map((prefix) => `${prefix}.<name>`).join(', ')}, kind and source`;
    builder.note(line, `column ${quote(title)} is not read: known are ${known}. Rename it if it belongs here.`);
  } else if ((what === 'n' || what === 'stderr') && !tasks.includes(name)) {
    builder.note(line, `column ${quote(title)} is not read: there is no column task.${name} that it could belong to.`);
  }
}

interface Cells {
  readonly numbers: Readonly<Record<Prefix, ReadonlyMap<string, number>>>;
  readonly kind: PointKind;
  readonly source: string | undefined;
  readonly reasons: readonly string[];
}

interface Names {
  readonly coefficients: readonly string[];
  readonly tasks: readonly string[];
}

function readRow(record: CsvRecord, columns: readonly Column[], names: Names, builder: TableBuilder): Draft | BadRow {
  const { line, fields, fault } = record;
  if (fault !== undefined) return { line, reasons: [`${fault}: correct the quotation marks`] };
  if (fields.length !== columns.length) return { line, reasons: [wrongWidth(fields, columns.length)] };
  const { numbers, kind, source, reasons } = readCells(fields, columns);
  if (reasons.length > 0) return { line, reasons };
  const scores = new Map<string, TaskScore>();
  for (const task of names.tasks) {
    const value = numbers.task.get(task);
    const n = numbers.n.get(task);
    const stderr = numbers.stderr.get(task);
    if (value !== undefined) {
      scores.set(task, { value, ...(n === undefined ? {} : { n }), ...(stderr === undefined ? {} : { stderr }) });
    } else if (n !== undefined || stderr !== undefined) {
      const title = n === undefined ? `stderr.${task}` : `n.${task}`;
      builder.note(line, `${quote(title)} has a value, but ${quote(`task.${task}`)} has none, so it is not used.`);
    }
  }
  const coefficients = names.coefficients.map((name) => numbers.coefficient.get(name) ?? 0);
  const rest = source === undefined ? {} : { source };
  return { line, coefficients, scores, estimated: numbers.estimated, kind, ...rest };
}

function wrongWidth(fields: readonly Field[], wanted: number): string {
  const text = `got ${fields.length} columns, wanted ${wanted} as in the header`;
  if (fields.length > wanted) return `${text}: write numbers with a decimal point, and quote texts that hold a comma`;
  return `${text}: leave a cell empty where nothing was measured, but keep its comma`;
}

function readCells(fields: readonly Field[], columns: readonly Column[]): Cells {
  const empty = () => new Map<string, number>();
  const numbers = { coefficient: empty(), task: empty(), n: empty(), stderr: empty(), estimated: empty() };
  const reasons: string[] = [];
  let kind: PointKind = 'measured';
  let source: string | undefined;
  columns.forEach(({ what, name, title }, i) => {
    const { text, quoted } = fields[i] ?? { text: '', quoted: false };
    if (what === 'unknown') return;
    if (what === 'source') {
      if (quoted || text !== '') source = text;
    } else if (text === '') {
      if (what === 'coefficient')
        reasons.push(`${quote(title)} is empty, wanted a number: fill it in or remove the row`);
    } else if (what === 'kind') {
      const read = readKind(text);
      if (typeof read === 'string') kind = read;
      else reasons.push(`kind: ${read.refusal}`);
    } else {
      const value = readDecimal(text);
      const refusal = typeof value === 'number' ? refuseDetail(what, value) : value.refusal;
      if (typeof value === 'number' && refusal === undefined) numbers[what].set(name, value);
      else reasons.push(`${quote(title)}: ${refusal}`);
    }
  });
  return { numbers, kind, source, reasons };
}

function refuseDetail(what: Prefix, value: number): string | undefined {
  if (what === 'n') return refuseCount(value);
  return what === 'stderr' ? refuseStderr(value) : undefined;
}

// ---------------------------------------------------------------- writing

/**
 * The table as CSV that `readPointsCsv` reads back as it was. Columns of n, stderr, estimated values, kind and source are
 * written only where some row has them.
 */
export function writePointsCsv({
  coefficients,
  tasks,
  rows,
}: Pick<PointsTable, 'coefficients' | 'tasks' | 'rows'>): string {
  const tasksWith = (has: (row: PointRow, task: string) => boolean) =>
    tasks.filter((task) => rows.some((row) => has(row, task)));
  const counted = tasksWith((row, task) => scoreOf(row, task)?.n !== undefined);
  const uncertain = tasksWith((row, task) => scoreOf(row, task)?.stderr !== undefined);
  const estimated = tasksWith((row, task) => estimateOf(row, task) !== undefined);
  const kinds = rows.some(({ kind }) => kind !== 'measured');
  const sources = rows.some(({ source }) => source !== undefined);
  const header = [
    ...coefficients.map((name) => `coefficient.${name}`),
    ...tasks.map((task) => `task.${task}`),
    ...counted.map((task) => `n.${task}`),
    ...uncertain.map((task) => `stderr.${task}`),
    ...estimated.map((task) => `estimated.${task}`),
    ...(kinds ? ['kind'] : []),
    ...(sources ? ['source'] : []),
  ];
  const lines = rows.map((row) => [
    ...row.coefficients,
    ...tasks.map((task) => scoreOf(row, task)?.value),
    ...counted.map((task) => scoreOf(row, task)?.n),
    ...uncertain.map((task) => scoreOf(row, task)?.stderr),
    ...estimated.map((task) => estimateOf(row, task)),
    ...(kinds ? [row.kind] : []),
    ...(sources ? [row.source] : []),
  ]);
  return writeCsv([header, ...lines]);
}
