/** Files that somebody opens or drops, read as one table of measured merges, whichever of the known formats they have. */
import { quote } from './link-text.ts';
import { type LmEvalTable, type ResultsFile, readLmEval } from './lm-eval.ts';
import type { PointsTable } from './points.ts';
import { readPointsCsv } from './points-csv.ts';
import { readPointsJson } from './points-json.ts';

/** What `studio plan` calls its list of vectors. */
const VECTORS = /(^|\/)coefficients\.csv$/i;
const JSON_FILE = /\.json$/i;
const CSV_FILE = /\.csv$/i;
/** Metrics that are to be small, as lm-evaluation-harness and the literature call them. */
const SMALL =
  /(^|[^a-z])(loss|nll|ppl|perplexity|bits_per_byte|byte_perplexity|word_perplexity|error|err|wer|cer|ter|brier|ece|mse|mae|rmse)([^a-z]|$)/i;

export interface Measurements {
  /** Of the file, or of the folder that the files lie in. */
  readonly name: string;
  readonly table: PointsTable;
  /** Tasks whose values are to be small, as far as a file or the name of its metric says so. */
  readonly smaller: readonly string[];
  /** Tasks whose metric has no upper bound, though all values of a file may lie below 1. */
  readonly unbounded: readonly string[];
  /** Files that were not read, a sentence each. */
  readonly notes: readonly string[];
}

export type MeasurementsResult = Measurements | { readonly refusal: string };

/** Whether files of such a name can hold measurements; others of a folder are not even opened. */
export function mayHoldMeasurements(path: string): boolean {
  return JSON_FILE.test(path) || CSV_FILE.test(path);
}

/**
 * One CSV or JSON file of points, or results files of lm-evaluation-harness, one per merge, beside the plan's coefficients.csv.
 * Never throws.
 */
export function readMeasurements(files: readonly ResultsFile[]): MeasurementsResult {
  const vectors = files.filter(({ path, text }) => VECTORS.test(path) && !hasTasks(text));
  const tables = files.filter((file) => CSV_FILE.test(file.path) && !vectors.includes(file));
  const jsons = files.filter(({ path }) => JSON_FILE.test(path));
  const results = jsons.filter(({ text }) => looksLikeResults(text));
  const points = [...tables, ...jsons.filter((file) => !results.includes(file))];
  const [first] = points;
  if (results.length > 0) return readResults(results, vectors, points);
  if (!first) return { refusal: emptyHanded(files, vectors) };
  if (points.length > 1) {
    const list = points.map(({ path }) => quote(path)).join(', ');
    return { refusal: `Got ${points.length} files of points, ${list}; wanted one: open them one after the other.` };
  }
  const table = JSON_FILE.test(first.path) ? readPointsJson(first.text) : readPointsCsv(first.text);
  const { tasks } = table;
  const names = { smaller: tasks.filter(soundsSmall), unbounded: tasks.filter(soundsUnbounded) };
  return { name: first.path, table, ...names, notes: unread(vectors) };
}

function readResults(
  results: readonly ResultsFile[],
  vectors: readonly ResultsFile[],
  points: readonly ResultsFile[],
): Measurements {
  const [plan, ...more] = vectors;
  const table = readLmEval(results, plan ? { coefficients: plan.text } : {});
  const unbounded = table.tasks.filter((task) => soundsUnbounded(ownOf(table.metrics, task) ?? ''));
  return { name: nameOf(results), table, smaller: smallerOf(table), unbounded, notes: unread([...more, ...points]) };
}

const unread = (files: readonly ResultsFile[]) =>
  files.map(({ path }) => `${path}: not read, because the other files say what was measured.`);

function smallerOf({ tasks, metrics, directions }: LmEvalTable): string[] {
  return tasks.filter((task) => {
    const told = ownOf(directions, task);
    return told === undefined ? soundsSmall(ownOf(metrics, task) ?? '') : told === 'smaller';
  });
}

/** Tasks may be called like what every object has. */
function ownOf<T>(record: Readonly<Record<string, T>>, task: string): T | undefined {
  return Object.hasOwn(record, task) ? record[task] : undefined;
}

function soundsSmall(name: string): boolean {
  return SMALL.test(name);
}

function soundsUnbounded(name: string): boolean {
  return /(^|[^a-z])(loss|nll|ppl|perplexity|bits_per_byte|mse|mae|rmse)([^a-z]|$)/i.test(name);
}

function emptyHanded(files: readonly ResultsFile[], vectors: readonly ResultsFile[]): string {
  if (vectors.length > 0)
    return 'coefficients.csv says which merges were planned, but nothing that was measured: open it together with the results files, or open results.csv.';
  const got = files.length === 0 ? 'nothing' : files.map(({ path }) => quote(path)).join(', ');
  return `Got ${got}; wanted a .csv or .json of merges, or results files of lm-evaluation-harness.`;
}

/** A list of vectors has no column of results; a file of points may bear the same name. */
const hasTasks = (text: string) => /(^|,)\s*"?task\./.test(text.slice(0, text.indexOf('\n') >>> 0));

const looksLikeResults = (text: string) => /"results"\s*:\s*\{/.test(text) && !/"points"\s*:\s*\[/.test(text);

/** Their common folder, or their number. */
function nameOf(files: readonly ResultsFile[]): string {
  const [first] = files;
  if (files.length === 1 && first) return first.path;
  const folders = new Set(files.map(({ path }) => (path.includes('/') ? path.split('/')[0] : undefined)));
  const [folder] = folders;
  return folders.size === 1 && folder ? `${folder}/` : `${files.length} results files`;
}
