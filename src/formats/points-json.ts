/**
 * Points as JSON: `{ coefficients: [names], tasks: [names], points: [{ coefficients: [numbers], scores: { task: number or
 * { value, n, stderr } }, estimated: { task: number }, kind, source }] }`; the last three, n and stderr may be left out.
 */
import * as v from 'valibot';
import { dictionary, issueInWords, parseJson } from './json-checks.ts';
import { quote } from './link-text.ts';
import { type PointsTable, type TaskScore, WHOLE_FILE } from './points.ts';
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
} from './points-rules.ts';

const names = v.pipe(
  v.array(v.pipe(v.string(), v.nonEmpty('an empty name'))),
  v.minLength(1),
  v.maxLength(MAX_COLUMNS),
);

/** What holds for the file as a whole; points are checked one by one, so that one bad point costs only itself. */
const fileSchema = v.looseObject({ coefficients: names, tasks: names, points: v.array(v.unknown()) });

const pointSchema = v.looseObject({
  coefficients: v.array(v.unknown()),
  scores: v.optional(dictionary),
  estimated: v.optional(dictionary),
  kind: v.optional(v.string()),
  source: v.optional(v.string()),
});

const detailedSchema = v.looseObject({
  value: v.unknown(),
  n: v.optional(v.unknown()),
  stderr: v.optional(v.unknown()),
});

// ---------------------------------------------------------------- reading

/**
 * Reads a table of points. Never throws: points that cannot be used are told by their index and left out.
 * @param text a whole file
 */
export function readPointsJson(text: string): PointsTable {
  if (text.length > MAX_TEXT) {
    return refuse(`The file has ${text.length} characters; at most ${MAX_TEXT} are read: cut it into parts.`);
  }
  const parsed = parseJson(text);
  if ('refusal' in parsed) return refuse(`The file is ${parsed.refusal}.`);
  const file = v.safeParse(fileSchema, parsed.json, { abortEarly: true });
  if (!file.success) return refuse(`${issueInWords(file.issues)}: the file must be { coefficients, tasks, points }.`);
  const { coefficients, tasks, points } = file.output;
  for (const [key, list] of Object.entries({ coefficients, tasks })) {
    const twice = list.find((name, i) => list.indexOf(name) < i);
    if (twice !== undefined) return refuse(`${key}: ${quote(twice)} comes twice: keep one.`);
  }
  const builder = buildTable(coefficients, tasks, 'index');
  const strangers = new Map(strangersOf(file.output, fileSchema.entries).map((key) => [key, WHOLE_FILE]));
  points.slice(0, MAX_POINTS).forEach((point, line) => {
    builder.add(readPoint(point, line, file.output, strangers));
  });
  for (const [key, line] of strangers) builder.note(line, `${quote(key)} means nothing here and is not read.`);
  if (points.length > MAX_POINTS) {
    builder.add({
      line: MAX_POINTS,
      reasons: [
        `there are ${points.length} points; only the first ${MAX_POINTS} are read, this and the following are not`,
      ],
    });
  }
  return builder.table();
}

function refuse(message: string): PointsTable {
  const problems = [{ line: WHOLE_FILE, message, effect: 'left-out' as const }];
  return { coefficients: [], tasks: [], rows: [], problems, counts: 'index' };
}

function strangersOf(value: object, known: object): string[] {
  return Object.keys(value).filter((key) => !Object.hasOwn(known, key));
}

interface Names {
  readonly coefficients: readonly string[];
  readonly tasks: readonly string[];
}

function readPoint(json: unknown, line: number, names: Names, strangers: Map<string, number>): Draft | BadRow {
  const parsed = v.safeParse(pointSchema, json, { abortEarly: true });
  if (!parsed.success) return { line, reasons: [`${issueInWords(parsed.issues)}: correct or remove the point`] };
  const point = parsed.output;
  for (const key of strangersOf(point, pointSchema.entries)) if (!strangers.has(key)) strangers.set(key, line);
  const reasons: string[] = [];
  const coefficients = readCoefficients(point.coefficients, names.coefficients.length, reasons);
  const scores = readTasks(point.scores, 'scores', names, readScore, reasons);
  const estimated = readTasks(point.estimated, 'estimated', names, readValue, reasons);
  const kind = readKind(point.kind ?? 'measured');
  if (typeof kind !== 'string') return { line, reasons: [...reasons, `kind: ${kind.refusal}`] };
  if (reasons.length > 0) return { line, reasons };
  const rest = point.source === undefined ? {} : { source: point.source };
  return { line, coefficients, scores, estimated, kind, ...rest };
}

function readCoefficients(given: readonly unknown[], wanted: number, reasons: string[]): number[] {
  if (given.length === wanted) return given.map((value, i) => readValue(value, `coefficients[${i}]`, reasons) ?? 0);
  reasons.push(`coefficients: got ${given.length} numbers, wanted ${wanted}, one per name`);
  return [];
}

function readTasks<T>(
  given: Readonly<Record<string, unknown>> = {},
  key: string,
  { tasks }: Names,
  read: (value: unknown, at: string, reasons: string[]) => T | undefined,
  reasons: string[],
): Map<string, T> {
  const found = new Map<string, T>();
  for (const [task, value] of Object.entries(given)) {
    // A point may say with null that a task was not measured.
    if (value === null) continue;
    if (!tasks.includes(task)) {
      reasons.push(`${key}: ${quote(task)} is not among the tasks: add it to “tasks” or remove it`);
      continue;
    }
    const one = read(value, `${key}.${task}`, reasons);
    if (one !== undefined) found.set(task, one);
  }
  return found;
}

function readScore(value: unknown, at: string, reasons: string[]): TaskScore | undefined {
  const detailed = v.safeParse(detailedSchema, value);
  if (!detailed.success) {
    const plain = readValue(value, at, reasons);
    return plain === undefined ? undefined : { value: plain };
  }
  const { n, stderr } = detailed.output;
  const read = {
    value: readValue(detailed.output.value, `${at}.value`, reasons),
    n: n === undefined ? undefined : readValue(n, `${at}.n`, reasons, refuseCount),
    stderr: stderr === undefined ? undefined : readValue(stderr, `${at}.stderr`, reasons, refuseStderr),
  };
  for (const key of strangersOf(detailed.output, detailedSchema.entries)) {
    reasons.push(`${at}: ${quote(key)} means nothing here: a score is a number or { value, n, stderr }`);
  }
  if (read.value === undefined) return undefined;
  return {
    value: read.value,
    ...(read.n === undefined ? {} : { n: read.n }),
    ...(read.stderr === undefined ? {} : { stderr: read.stderr }),
  };
}

function readValue(
  value: unknown,
  at: string,
  reasons: string[],
  refuseNumber: (value: number) => string | undefined = () => undefined,
): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) {
    const refusal = refuseNumber(value);
    if (refusal === undefined) return value === 0 ? 0 : value;
    reasons.push(`${at}: ${refusal}`);
    return undefined;
  }
  const text = typeof value === 'string' ? readDecimal(value) : undefined;
  if (typeof text === 'object') reasons.push(`${at}: ${text.refusal}`);
  else if (text !== undefined)
    reasons.push(`${at}: got the text ${quote(String(value))}, wanted a number: leave its quotation marks out`);
  else
    reasons.push(
      `${at}: got ${quote(JSON.stringify(value) ?? 'nothing')}, wanted a number: correct it or remove the point`,
    );
  return undefined;
}

// ---------------------------------------------------------------- writing

/** The table as JSON that `readPointsJson` reads back as it was. */
export function writePointsJson({
  coefficients,
  tasks,
  rows,
}: Pick<PointsTable, 'coefficients' | 'tasks' | 'rows'>): string {
  const points = rows.map((row) => ({
    coefficients: row.coefficients,
    scores: Object.fromEntries(Object.entries(row.scores).map(([task, score]) => [task, writeScore(score)])),
    ...(Object.keys(row.estimated).length > 0 ? { estimated: row.estimated } : {}),
    ...(row.kind === 'measured' ? {} : { kind: row.kind }),
    ...(row.source === undefined ? {} : { source: row.source }),
  }));
  return `${JSON.stringify({ coefficients, tasks, points }, null, 2)}\n`;
}

function writeScore(score: TaskScore): number | TaskScore {
  return score.n === undefined && score.stderr === undefined ? score.value : score;
}
