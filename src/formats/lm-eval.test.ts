import { describe, expect, it } from 'vitest';
import { resultsJson } from './lm-eval.testing.ts';
import { readLmEval } from './lm-eval.ts';
import { problemInWords } from './points.ts';

const PLAN = 'id,coefficient.math,coefficient.code\nmerge-000,0,0\nmerge-001,0.5,0.25\nmerge-002,1,0\n';
const METRICS = [
  'task “hellaswag”: the metric is “acc_norm,none”.',
  'task “gsm8k”: the metric is “exact_match,strict-match”.',
];

function toldOf(
  files: Parameters<typeof readLmEval>[0],
  options: Parameters<typeof readLmEval>[1] = { coefficients: PLAN },
) {
  const table = readLmEval(files, options);
  return { told: table.problems.map((problem) => problemInWords(table, problem)), table };
}

describe('results of lm-evaluation-harness', () => {
  it('become one table, with stderr, n and the chosen metrics', () => {
    const files = [
      { path: 'results/merge-001/models__merge-001/results_2026-01-01.json', text: resultsJson() },
      { path: 'results/merge-002/x/results_2026-01-02.json', text: resultsJson({ model: 'elsewhere' }) },
    ];
    const { told, table } = toldOf(files);
    expect(told).toEqual(METRICS);
    expect(table.coefficients).toEqual(['math', 'code']);
    expect(table.tasks).toEqual(['hellaswag', 'gsm8k']);
    expect(table.metrics).toEqual({ hellaswag: 'acc_norm,none', gsm8k: 'exact_match,strict-match' });
    expect(table.rows[0]).toEqual({
      line: 1,
      coefficients: [0.5, 0.25],
      scores: {
        hellaswag: { value: 0.7125, n: 1_000, stderr: 0.0143 },
        gsm8k: { value: 0.41, n: 1_319, stderr: 0.0135 },
      },
      estimated: {},
      kind: 'measured',
      source: 'results/merge-001/models__merge-001/results_2026-01-01.json',
    });
    expect(table.rows[1]?.coefficients).toEqual([1, 0]);
  });

  it.each([
    ['its folder', 'results/merge-002/results.json', resultsJson({ model: 'x' })],
    ['its name with a date', 'merge-002_2026-01-01T00-00-00.json', resultsJson({ model: 'x' })],
    ['its name', 'merge-002.json', resultsJson({ model: 'x' })],
    ['a folder of the harness', 'models__merge-002/results.json', resultsJson({ model: 'x' })],
    ['the name of its model', 'results.json', resultsJson({ model: '/data/my models/merge-002' })],
    ['model_args as text', 'results.json', resultsJson({ model: 'models/merge-002', rest: { model_name: null } })],
    [
      'model_args as an object',
      'results.json',
      resultsJson({ rest: { model_name: '', config: { model_args: { pretrained: 'm/merge-002' } } } }),
    ],
    ['its own object', 'results.json', resultsJson({ rest: { merge_studio: { coefficients: { math: 1, code: 0 } } } })],
  ])('a file finds its coefficients by %s', (_, path, text) => {
    expect(toldOf([{ path, text }]).table.rows.map(({ coefficients }) => coefficients)).toEqual([[1, 0]]);
  });

  it('needs no plan where each file has its own coefficients', () => {
    const rest = { merge_studio: { coefficients: { a: 0.5 } } };
    const { table } = toldOf([{ path: 'a.json', text: resultsJson({ rest }) }], {});
    expect(table.coefficients).toEqual(['a']);
    expect(table.rows.map(({ coefficients }) => coefficients)).toEqual([[0.5]]);
  });

  it.each([
    [{ 'acc,none': 0.5, 'acc_norm,none': 0.6 }, 'acc_norm,none', 0.6],
    [{ 'f1,none': 0.1, 'acc,none': 0.5 }, 'acc,none', 0.5],
    [{ 'exact_match,b': 0.3, 'exact_match,a': 0.2 }, 'exact_match,a', 0.2],
    [
      { alias: 'x', 'word_perplexity,none': 12.5, 'word_perplexity_stderr,none': 'N/A', sample_len: 62 },
      'word_perplexity,none',
      12.5,
    ],
    [{ acc: 0.5, acc_stderr: 0.01 }, 'acc', 0.5],
  ])('chooses the metric of %j', (entry, metric, value) => {
    const { table } = toldOf([{ path: 'merge-001.json', text: resultsJson({ results: { x: entry } }) }]);
    expect(table.metrics).toEqual({ x: metric });
    expect(table.rows[0]?.scores.x?.value).toBe(value);
  });

  it('takes another metric where one is wanted', () => {
    const metrics = { gsm8k: 'exact_match,flexible-extract' };
    const { table } = toldOf([{ path: 'merge-001.json', text: resultsJson() }], { coefficients: PLAN, metrics });
    expect(table.rows[0]?.scores.gsm8k).toEqual({ value: 0.52, n: 1_319 });
  });

  it('never mixes metrics of a task: the one that all files have', () => {
    const only = (entry: object) => resultsJson({ results: { x: entry } });
    const files = [
      { path: 'merge-000.json', text: only({ 'acc,none': 0.5, 'acc_norm,none': 0.6 }) },
      { path: 'merge-001.json', text: only({ 'acc,none': 0.7 }) },
    ];
    expect(toldOf(files).table.rows.map(({ scores }) => scores.x?.value)).toEqual([0.5, 0.7]);
  });

  it('a group stands for its parts, and says so', () => {
    const results = { mmlu: { 'acc,none': 0.6 }, mmlu_law: { 'acc,none': 0.5 }, mmlu_art: { 'acc,none': 0.7 } };
    const rest = { group_subtasks: { mmlu: ['mmlu_law', 'mmlu_art'] } };
    const { told, table } = toldOf([{ path: 'merge-001.json', text: resultsJson({ results, rest }) }]);
    expect(table.tasks).toEqual(['mmlu']);
    expect(told).toContain('2 tasks such as “mmlu_law” are parts of groups, which stand for them.');
  });

  it('a group without a value leaves its parts', () => {
    const results = { set: { alias: 'set', ' ': ' ' }, a: { 'acc,none': 0.5 } };
    const rest = { group_subtasks: { set: ['a'] } };
    expect(toldOf([{ path: 'merge-001.json', text: resultsJson({ results, rest }) }]).table.tasks).toEqual(['a']);
  });

  it('a task whose metric is not clear is left out and named', () => {
    const results = { x: { 'f1,none': 0.5, 'bleu,none': 20 }, y: { 'acc,none': 0.5 } };
    const { told, table } = toldOf([{ path: 'merge-001.json', text: resultsJson({ results }) }]);
    expect(table.tasks).toEqual(['y']);
    expect(told[0]).toBe('task “x” is left out: no metric is known and common to all files; say which one is meant.');
  });

  it.each([
    ['x.json', 'oh', /^file 2: “x.json”: it is no JSON: .*: choose a results file of lm-evaluation-harness\.$/],
    ['x.json', '{"a":1}', /^file 2: “x.json”: results: got undefined, wanted .*: choose a results file/],
    [
      'x.json',
      resultsJson({ model: 'models/merge-9' }),
      /^file 2: “x.json”: neither its path nor its model’s name holds an id of coefficients.csv: add /,
    ],
    [
      'merge-001/merge-002/x.json',
      resultsJson(),
      /names several merges, “merge-001”, “merge-002”: move it into the folder of one\.$/,
    ],
    [
      'merge-001.json',
      resultsJson({ results: { x: { alias: 'x' } } }),
      /^file 2: “merge-001.json”: no task in it has a metric\.$/,
    ],
    [
      'x.json',
      resultsJson({ rest: { merge_studio: { coefficients: { math: 1 } } } }),
      /^file 2: “x.json”: its coefficients are math, wanted math, code\.$/,
    ],
    [
      'x.json',
      resultsJson({ rest: { merge_studio: { coefficients: { math: '1' } } } }),
      /^file 2: “x.json”: merge_studio.coefficients.math: got “1”, wanted a number\.$/,
    ],
  ])('a file that cannot be used is named and left out: %s', (path, text, words) => {
    const { told, table } = toldOf([
      { path: 'merge-000.json', text: resultsJson() },
      { path, text },
    ]);
    expect(told.at(-1)).toMatch(words);
    expect(table.rows.map(({ line }) => line)).toEqual([1]);
  });

  it('without a plan it says what is needed', () => {
    expect(toldOf([{ path: 'merge-000.json', text: resultsJson() }], {}).told).toEqual([
      'file 1: “merge-000.json”: its coefficients are not known: add the plan’s coefficients.csv, or an object "merge_studio": { "coefficients": { name: number } } to the file.',
    ]);
  });

  it('tells bad lines of the plan and uses the others', () => {
    const coefficients = 'id,coefficient.a\nmerge-000,"0,5"\nmerge-001,1\nmerge-001,0\n,3\n';
    const { told, table } = toldOf([{ path: 'merge-001.json', text: resultsJson() }], { coefficients });
    expect(told).toEqual([
      'coefficients.csv: line 2: got “0,5”, wanted a number: it has a decimal comma; write 0.5.',
      'coefficients.csv: line 4: “merge-001” comes twice; the first one counts.',
      'coefficients.csv: line 5: the id is empty: name the merge.',
      ...METRICS,
    ]);
    expect(table.rows.map((row) => row.coefficients)).toEqual([[1]]);
  });
});
