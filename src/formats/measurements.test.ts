import { expect, it } from 'vitest';
import { readMeasurements } from './measurements.ts';

const vectors = 'id,coefficient.code,coefficient.maths\nmerge-000,0,1\nmerge-001,1,0\n';
const csv = 'coefficient.code,coefficient.maths,task.arc,task.val_loss\n0,1,0.5,2.1\n1,0,0.6,2.3\n';

const results = (value: number, more: object = {}) =>
  JSON.stringify({ results: { wikitext: { 'word_perplexity,none': value }, arc: { 'acc,none': 0.5 } }, ...more });

function read(...files: readonly (readonly [string, string])[]) {
  const measurements = readMeasurements(files.map(([path, text]) => ({ path, text })));
  if ('refusal' in measurements) throw new Error(measurements.refusal);
  return measurements;
}
const refusal = (...files: readonly (readonly [string, string])[]) => {
  const measurements = readMeasurements(files.map(([path, text]) => ({ path, text })));
  return 'refusal' in measurements ? measurements.refusal : undefined;
};

it('reads one file of points, and takes the direction of a metric from its name', () => {
  const { name, table, smaller, unbounded } = read(['mine.csv', csv]);
  expect({ name, tasks: table.tasks, rows: table.rows.length }).toEqual({
    name: 'mine.csv',
    tasks: ['arc', 'val_loss'],
    rows: 2,
  });
  expect({ smaller, unbounded }).toEqual({ smaller: ['val_loss'], unbounded: ['val_loss'] });
});

it('reads results files with the vectors of their plan, from a folder', () => {
  const { name, table, smaller, unbounded } = read(
    ['plan/coefficients.csv', vectors],
    ['plan/results/merge-000/results.json', results(12)],
    ['plan/results/merge-001/results.json', results(14)],
  );
  expect(name).toBe('plan/');
  expect(table.rows.map(({ coefficients }) => coefficients)).toEqual([
    [0, 1],
    [1, 0],
  ]);
  expect({ smaller, unbounded }).toEqual({ smaller: ['wikitext'], unbounded: ['wikitext'] });
});

it('believes a results file about its direction before the name of the metric', () => {
  const more = { higher_is_better: { wikitext: { word_perplexity: true }, arc: { acc: false } } };
  const files = [
    ['coefficients.csv', vectors],
    ['merge-000.json', results(12, more)],
    ['merge-001.json', results(14, more)],
  ] as const;
  expect(read(...files).smaller).toEqual(['arc']);
});

it('names what it does not read', () => {
  const { notes } = read(['coefficients.csv', vectors], ['merge-000.json', results(12)], ['old.csv', csv]);
  expect(notes).toEqual(['old.csv: not read, because the other files say what was measured.']);
});

it('says what is wanted where nothing was measured, or too much was opened', () => {
  expect(refusal(['coefficients.csv', vectors])).toMatch(/open it together with the results files/);
  expect(refusal(['photo.png', ''])).toMatch(/Got “photo\.png”; wanted a \.csv or \.json/);
  expect(refusal(['a.csv', csv], ['b.csv', csv])).toMatch(/Got 2 files of points, “a\.csv”, “b\.csv”; wanted one/);
});
