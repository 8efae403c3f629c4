/** Results of lm-evaluation-harness, one file per merge, as one table of points. */

import { quote } from './link-text.ts';
import {
  chooseMetric,
  metricValue,
  modelNames,
  parseResults,
  type ResultsJson,
  smallerIsBetter,
  stderrOf,
  type TaskEntry,
  taskEntries,
} from './lm-eval-metrics.ts';
import { type PlanVectors, readPlanVectors } from './plan-vectors.ts';
import { type PointsTable, type TaskScore, WHOLE_FILE } from './points.ts';
import { type BadRow, buildTable, MAX_POINTS, MAX_TEXT, readDecimal, type TableBuilder } from './points-rules.ts';

export interface ResultsFile {
  /** With its folders where they are known: they may name the merge. */
  readonly path: string;
  readonly text: string;
}

export interface LmEvalOptions {
  /** Text of the plan's `coefficients.csv`. */
  readonly coefficients?: string;
  /** Metric by task where another one than `chooseMetric`'s is wanted, for example `exact_match,flexible-extract`. */
  readonly metrics?: Readonly<Record<string, string>>;
}

export interface LmEvalTable extends PointsTable {
  /** The metric that was taken, by task. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Tasks of whose metric the files say that less is better, or that more is. */
  readonly directions: Readonly<Record<string, 'smaller' | 'larger'>>;
}

interface Merge {
  readonly line: number;
  readonly path: string;
  readonly json: ResultsJson;
  readonly vector: ReadonlyMap<string, number>;
  readonly entries: readonly TaskEntry[];
  readonly summedUp: readonly string[];
}

/**
 * Reads results files into one table; `line` counts files from 1. The coefficients of a file come from its own object
 * `merge_studio: { coefficients: { name: number } }`, or from the plan's `coefficients.csv` by the merge's id in the file's path
 * or in the name of its model. Never throws: a file that cannot be used is named and left out.
 */
export function readLmEval(files: readonly ResultsFile[], options: LmEvalOptions = {}): LmEvalTable {
  const plan = options.coefficients === undefined ? undefined : readPlanVectors(options.coefficients);
  const read = files.slice(0, MAX_POINTS).map((file, i) => readFile(file, i + 1, plan));
  const merges = read.filter((one) => 'vector' in one);
  const [first] = merges;
  const names = plan && plan.coefficients.length > 0 ? plan.coefficients : [...(first?.vector.keys() ?? [])];
  const metrics = metricsOf(merges, options.metrics);
  const tasks = [...metrics].flatMap(([task, metric]) => (metric === undefined ? [] : [task]));
  const builder = buildTable(names, tasks, 'file');
  for (const problem of plan?.problems ?? []) builder.note(WHOLE_FILE, `coefficients.csv: ${problem}.`);
  noteMetrics(metrics, merges, builder);
  for (const one of read) {
    if ('vector' in one) addMerge(one, names, metrics, builder);
    else builder.add(one);
  }
  if (files.length > MAX_POINTS) {
    builder.add({ line: MAX_POINTS + 1, reasons: [`only the first ${MAX_POINTS} of ${files.length} files are read`] });
  }
  const chosen = [...metrics].filter((one): one is [string, string] => one[1] !== undefined);
  return { ...builder.table(), metrics: Object.fromEntries(chosen), directions: directionsOf(chosen, merges) };
}

/** The first file that tells a task's direction is believed. */
function directionsOf(
  chosen: readonly (readonly [string, string])[],
  merges: readonly Merge[],
): LmEvalTable['directions'] {
  return Object.fromEntries(
    chosen.flatMap(([task, metric]) => {
      const told = merges.flatMap(({ json }) => smallerIsBetter(json, task, metric) ?? []);
      return told[0] === undefined ? [] : [[task, told[0] ? 'smaller' : 'larger'] as const];
    }),
  );
}

function readFile({ path, text }: ResultsFile, line: number, plan: PlanVectors | undefined): Merge | BadRow {
  const bad = (reason: string) => ({ line, reasons: [`${quote(path)}: ${reason}`] });
  if (text.length > MAX_TEXT) return bad(`it has ${text.length} characters; at most ${MAX_TEXT} are read`);
  const json = parseResults(text);
  if ('refusal' in json) return bad(`${json.refusal}: choose a results file of lm-evaluation-harness`);
  const vector = ownVector(json) ?? plannedVector(path, json, plan);
  if (typeof vector === 'string') return bad(vector);
  const { entries, summedUp } = taskEntries(json);
  if (entries.length === 0) return bad('no task in it has a metric');
  return { line, path, json, vector, entries, summedUp };
}

function ownVector({ merge_studio }: ResultsJson): ReadonlyMap<string, number> | string | undefined {
  if (merge_studio === undefined) return undefined;
  const vector = new Map<string, number>();
  for (const [name, value] of Object.entries(merge_studio.coefficients)) {
    const number = typeof value === 'number' ? readDecimal(String(value)) : undefined;
    if (typeof number !== 'number')
      return `merge_studio.coefficients.${name}: got ${quote(String(value))}, wanted a number`;
    vector.set(name, number);
  }
  return vector.size > 0 ? vector : 'merge_studio.coefficients is empty, wanted { name: number }';
}

function plannedVector(
  path: string,
  json: ResultsJson,
  plan: PlanVectors | undefined,
): ReadonlyMap<string, number> | string {
  const todo =
    'add the plan’s coefficients.csv, or an object "merge_studio": { "coefficients": { name: number } } to the file';
  if (!plan) return `its coefficients are not known: ${todo}`;
  for (const place of [path, ...modelNames(json)]) {
    const ids = idsIn(place, plan);
    if (ids.length > 1)
      return `${quote(place)} names several merges, ${ids.map(quote).join(', ')}: move it into the folder of one`;
    const values = plan.vectors.get(ids[0] ?? '');
    if (values) return new Map(plan.coefficients.map((name, i) => [name, values[i] ?? 0]));
  }
  return `neither its path nor its model’s name holds an id of coefficients.csv: ${todo}`;
}

/** Ids that are a part of a path, or begin one before a date or an ending: `merge-003`, `merge-003_2026-01-01.json`. */
function idsIn(path: string, { vectors }: PlanVectors): string[] {
  // A model's folder is sanitised to one part: models__merge-003.
  const parts = path.split(/[\\/]|__/).flatMap((part) => [part, part.split(/_|\.json$/)[0] ?? '']);
  return [...new Set(parts)].filter((part) => vectors.has(part));
}

/** By task; undefined where it is not clear which metric is meant. */
function metricsOf(merges: readonly Merge[], wanted: LmEvalOptions['metrics'] = {}): Map<string, string | undefined> {
  const byTask = new Map<string, TaskEntry['entry'][]>();
  for (const { task, entry } of merges.flatMap(({ entries }) => entries)) {
    const list = byTask.get(task);
    if (list) list.push(entry);
    else byTask.set(task, [entry]);
  }
  const given = (task: string) => (Object.hasOwn(wanted, task) ? wanted[task] : undefined);
  return new Map([...byTask].map(([task, entries]) => [task, given(task) ?? chooseMetric(entries)]));
}

function noteMetrics(
  metrics: ReadonlyMap<string, string | undefined>,
  merges: readonly Merge[],
  builder: TableBuilder,
): void {
  for (const [task, metric] of metrics) {
    if (metric !== undefined) builder.note(WHOLE_FILE, `task ${quote(task)}: the metric is ${quote(metric)}.`);
    else
      builder.note(
        WHOLE_FILE,
        `task ${quote(task)} is left out: no metric is known and common to all files; say which one is meant.`,
      );
  }
  const summedUp = new Set(merges.flatMap((merge) => merge.summedUp));
  if (summedUp.size > 0) {
    const [example = ''] = summedUp;
    builder.note(
      WHOLE_FILE,
      `${summedUp.size} tasks such as ${quote(example)} are parts of groups, which stand for them.`,
    );
  }
}

function addMerge(
  { line, path, vector, entries }: Merge,
  names: readonly string[],
  metrics: ReadonlyMap<string, string | undefined>,
  builder: TableBuilder,
): void {
  const missing = names.find((name) => !vector.has(name));
  const extra = [...vector.keys()].find((name) => !names.includes(name));
  if (missing !== undefined || extra !== undefined) {
    const got = [...vector.keys()].join(', ');
    return void builder.add({
      line,
      reasons: [`${quote(path)}: its coefficients are ${got}, wanted ${names.join(', ')}`],
    });
  }
  const scores = new Map<string, TaskScore>();
  for (const { task, entry, n } of entries) {
    const key = metrics.get(task);
    const value = key === undefined ? undefined : metricValue(entry, key);
    if (key === undefined || value === undefined) continue;
    const stderr = stderrOf(entry, key);
    scores.set(task, { value, ...(n === undefined ? {} : { n }), ...(stderr === undefined ? {} : { stderr }) });
  }
  const coefficients = names.map((name) => vector.get(name) ?? 0);
  builder.add({ line, coefficients, scores, estimated: new Map(), kind: 'measured', source: path });
}
