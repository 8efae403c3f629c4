import catalogue from 'virtual:catalogue';
import { expect, it } from 'vitest';
import { readMeasurements } from '../formats/measurements.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { defaultView } from '../formats/view.ts';
import { pointsFile } from './export.ts';
import { fitsMix, importTable, withImported } from './import.ts';
import type { Split } from './plotted.ts';
import type { ParetoPoint, StudioState } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf } from './study.ts';

const recipe = openingRecipe(card, catalogue);
const space = { vary: [], blocks: card.model.blocks };
const study = studyOf(recipe, card, space);
const tasks = recipe.experts;
const scores = (correct: number) => Object.fromEntries(tasks.map((task) => [task, { correct, n: 8 }]));
const point: ParetoPoint = {
  mergeId: 'abc',
  recipe,
  study,
  coefficients: coefficientValues(recipe, space),
  calibration: scores(6),
  test: scores(5),
  source: 'design',
};
const state: StudioState = { ...useStudio.getState(), card, recipe, points: [point], exploration: null };

function read(name: string, text: string) {
  const measurements = readMeasurements([{ path: name, text }]);
  if ('refusal' in measurements) throw new Error(measurements.refusal);
  return measurements;
}
const importPoints = (from: StudioState, split: Split, { name, text }: { name: string; text: string }) =>
  importTable(from, split, read(name, text));
const header = [...tasks.map((task) => `coefficient.${task}`), ...tasks.map((task) => `task.${task}`)].join();
const row = (lambda: number, accuracy: number | string) =>
  [...tasks.map(() => lambda), ...tasks.map(() => accuracy)].join();

it.each(['csv', 'json'] as const)('what was taken away as %s comes back as points of the same merges', (format) => {
  const file = pointsFile(state, 'test', format);
  const { points, notes } = importPoints(state, 'test', { name: file?.name ?? '', text: file?.text ?? '' });
  expect(notes).toEqual([]);
  expect(points).toHaveLength(1);
  expect(points[0]).toMatchObject({ recipe, study, coefficients: point.coefficients, test: scores(5), source: 'file' });
  expect(points[0]?.calibration).toEqual({});
});

it('names bad rows by their line, assumed samples and accuracies beyond 1, and keeps the rest', () => {
  const text = [header, row(0.2, 0.5), row(0.3, 'bad'), row(0.4, 83), row(0.5, 0.75)].join('\n');
  const { points, notes } = importPoints(state, 'calibration', { name: 'mine.csv', text });
  expect(points.map(({ coefficients }) => coefficients[0])).toEqual([0.2, 0.5]);
  const told = notes.join('\n');
  expect(told).toMatch(/mine\.csv, line 3: .*bad/);
  expect(told).toMatch(/mine\.csv, line 4: .*between 0 and 1/);
  expect(told).toMatch(/mine\.csv: some accuracies do not tell their samples; 100 are assumed/);
});

it('keeps what was measured to compare with apart, by the name of its set, and what was predicted', () => {
  const compared = { id: 'random', scope: study, points: [{ ...point, mergeId: 'xyz' }] } as const;
  const predictions = { abc: Object.fromEntries(tasks.map((task) => [task, 0.8])) };
  const full = { ...state, comparisons: [compared], predictions };
  const file = pointsFile(full, 'calibration', 'csv');
  expect(file?.text).toContain('random search');
  const imported = importPoints(state, 'calibration', { name: 'a.csv', text: file?.text ?? '' });
  expect(imported.notes.filter((note) => !/same coefficients/.test(note))).toEqual([]);
  expect(imported.points).toHaveLength(1);
  expect(imported.comparisons).toMatchObject([{ id: 'random', scope: study, points: [{ source: 'file' }] }]);
  expect(Object.values(imported.predictions)).toEqual(Object.values(predictions));
  expect(withImported(state, imported).comparisons).toHaveLength(1);
  expect(withImported(full, imported).comparisons, 'what was measured here stays').toEqual([compared]);
});

it('brings losses and norms back that were looked at', () => {
  const [first = ''] = tasks;
  const values = { ...scores(6), [`loss:${first}`]: { value: 0.75, n: 8 }, change: { value: 2.5 } };
  const view = { ...defaultView(recipe, card), pair: [first, 'change'] as const };
  const loss = { ...view, map: { ...view.map, metric: 'loss' as const } };
  const file = pointsFile({ ...state, view: loss, points: [{ ...point, test: values }] }, 'test', 'csv');
  const { points, notes } = importPoints({ ...state, view: loss }, 'test', { name: 'a.csv', text: file?.text ?? '' });
  expect(notes.filter((note) => !/read as a metric without bounds/.test(note))).toEqual([]);
  expect(points[0]?.test).toMatchObject({ [`loss:${first}`]: { value: 0.75, n: 8 }, change: { value: 2.5 } });
});

it('tells a file about the mix from one about other models', () => {
  expect(fitsMix(state, read('mine.csv', [header, row(0.2, 0.5)].join('\n')).table)).toBe(true);
  expect(fitsMix(state, read('other.csv', 'coefficient.llama,task.arc\n0.3,0.5').table)).toBe(false);
});

it('never takes the place of what was measured here', () => {
  useStudio.setState({ ...state, points: [point] });
  const add = (source: ParetoPoint['source'], mergeId: string) =>
    useStudio.getState().addPoints([{ ...point, source, mergeId, test: scores(1) }]);
  add('file', 'abc');
  add('file', 'new');
  add('file', 'new');
  expect(useStudio.getState().points.map(({ mergeId, source }) => [mergeId, source])).toEqual([
    ['abc', 'design'],
    ['new', 'file'],
  ]);
});
