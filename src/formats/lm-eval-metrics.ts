/**
 * What a results file of lm-evaluation-harness says of its tasks. `results.<task>` holds `<metric>,<filter>` beside
 * `<metric>_stderr,<filter>` (older versions: without a filter); `n-samples.<task>.effective` counts samples; `group_subtasks`
 * says which tasks a group sums up; `higher_is_better.<task>.<metric>` the direction. The program of a plan that gathers results chooses metrics by the same rules.
 */
import * as v from 'valibot';
import { dictionary, issueInWords, parseJson } from './json-checks.ts';

const PREFERRED_METRICS = ['acc_norm', 'acc', 'exact_match'];
const PREFERRED_FILTERS = ['none', 'strict-match'];
/** Numbers beside the metrics. */
const NO_METRICS = ['alias', 'name', 'version', 'sample_len', 'sample_count'];

const fileSchema = v.looseObject({
  results: dictionary,
  'n-samples': v.optional(dictionary),
  group_subtasks: v.optional(dictionary),
  higher_is_better: v.optional(dictionary),
  config: v.optional(dictionary),
  model_name: v.optional(v.nullable(v.string())),
  merge_studio: v.optional(v.looseObject({ coefficients: dictionary })),
});
export type ResultsJson = v.InferOutput<typeof fileSchema>;

type Entry = Readonly<Record<string, unknown>>;

export interface TaskEntry {
  readonly task: string;
  readonly entry: Entry;
  readonly n: number | undefined;
}

/** @returns the checked content, or why it is no results file */
export function parseResults(text: string): ResultsJson | { readonly refusal: string } {
  const parsed = parseJson(text);
  if ('refusal' in parsed) return { refusal: `it is ${parsed.refusal}` };
  const checked = v.safeParse(fileSchema, parsed.json, { abortEarly: true });
  return checked.success ? checked.output : { refusal: issueInWords(checked.issues) };
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const asEntry = (value: unknown): Entry => (v.is(dictionary, value) ? value : {});

function partsOf(key: string): { readonly name: string; readonly filter: string } {
  const comma = key.indexOf(',');
  return comma < 0 ? { name: key, filter: 'none' } : { name: key.slice(0, comma), filter: key.slice(comma + 1) };
}

/** Keys of an entry that hold a metric's value. */
function metricKeys(entry: Entry): string[] {
  return Object.keys(entry).filter(
    (key) => isNumber(entry[key]) && !NO_METRICS.includes(key) && !partsOf(key).name.endsWith('_stderr'),
  );
}

/** Tasks with a metric, without those that a group with a value of its own sums up. */
export function taskEntries(json: ResultsJson): { entries: TaskEntry[]; summedUp: string[] } {
  const groups = Object.entries(json.group_subtasks ?? {}).filter(
    ([group]) => metricKeys(asEntry(json.results[group])).length > 0,
  );
  const parts = new Set(groups.flatMap(([, subtasks]) => (Array.isArray(subtasks) ? subtasks.map(String) : [])));
  const all = Object.entries(json.results).map(([task, entry]) => ({ task, entry: asEntry(entry) }));
  const entries = all
    .filter(({ task, entry }) => !parts.has(task) && metricKeys(entry).length > 0)
    .map(({ task, entry }) => ({ task, entry, n: samplesOf(asEntry(json['n-samples']?.[task]).effective, entry) }));
  return { entries, summedUp: all.map(({ task }) => task).filter((task) => parts.has(task)) };
}

function samplesOf(effective: unknown, entry: Entry): number | undefined {
  return [effective, entry.sample_len].find((n): n is number => isNumber(n) && Number.isInteger(n) && n >= 1);
}

/**
 * The metric that all entries of a task have: acc_norm, else acc, else exact_match, else the only one; of several filters none,
 * else strict-match, else the first by name. Undefined when that is not clear.
 */
export function chooseMetric(entries: readonly Entry[]): string | undefined {
  const [first, ...others] = entries.map(metricKeys);
  const common = (first ?? []).filter((key) => others.every((keys) => keys.includes(key)));
  const place = (list: readonly string[], value: string) => (list.includes(value) ? list.indexOf(value) : list.length);
  const known = common.filter((key) => PREFERRED_METRICS.includes(partsOf(key).name));
  const [best] = known.toSorted((a, b) => {
    const [x, y] = [partsOf(a), partsOf(b)];
    const byMetric = place(PREFERRED_METRICS, x.name) - place(PREFERRED_METRICS, y.name);
    const byFilter = place(PREFERRED_FILTERS, x.filter) - place(PREFERRED_FILTERS, y.filter);
    return byMetric || byFilter || (a < b ? -1 : 1);
  });
  return best ?? (common.length === 1 ? common[0] : undefined);
}

/** Whether a file says that less of a task's metric is better; undefined where it says nothing. */
export function smallerIsBetter({ higher_is_better }: ResultsJson, task: string, key: string): boolean | undefined {
  const higher = asEntry(higher_is_better?.[task])[partsOf(key).name];
  return typeof higher === 'boolean' ? !higher : undefined;
}

/** Standard error of a metric; some metrics have "N/A". */
export function stderrOf(entry: Entry, key: string): number | undefined {
  const { name } = partsOf(key);
  const value = entry[`${name}_stderr${key.slice(name.length)}`];
  return isNumber(value) && value >= 0 ? value : undefined;
}

export function metricValue(entry: Entry, key: string): number | undefined {
  const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
  return isNumber(value) ? value : undefined;
}

/** Names that the model was run under: `model_name`, and the path in `config.model_args`, a text or an object. */
export function modelNames({ config, model_name }: ResultsJson): string[] {
  const args = config?.model_args;
  const fromText = typeof args === 'string' ? (/(?:^|,)(?:pretrained|model|path)=([^,]*)/.exec(args)?.[1] ?? '') : '';
  const { pretrained, model, path } = asEntry(args);
  const names = [model_name, fromText, pretrained, model, path];
  return names.filter((name): name is string => typeof name === 'string' && name !== '');
}
