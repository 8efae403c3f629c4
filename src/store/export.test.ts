import catalogue from 'virtual:catalogue';
import { expect, it } from 'vitest';
import { scoreOf } from '../formats/points.ts';
import { readPointsCsv } from '../formats/points-csv.ts';
import { readPointsJson } from '../formats/points-json.ts';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { pointsFile } from './export.ts';
import type { ParetoPoint, StudioState } from './state.ts';
import { useStudio } from './studio.ts';
import { coefficientValues, studyOf } from './study.ts';

const recipe = openingRecipe(card, catalogue);
const space = { vary: [], blocks: card.model.blocks };
const study = studyOf(recipe, card, space);
const [task = ''] = recipe.experts;
const scores = (correct: number) => Object.fromEntries(recipe.experts.map((each) => [each, { correct, n: 8 }]));
const point: ParetoPoint = {
  mergeId: 'abc',
  recipe,
  study,
  coefficients: coefficientValues(recipe, space),
  calibration: scores(6),
  test: scores(5),
  source: 'design',
};
const front = [{ coefficients: recipe.experts.map(() => 0.25), values: { [task]: 0.91 } }];
const exploration = { study, points: 1, calibration: {}, test: {}, goalFront: front, goalFrontSize: 1 };
const state: StudioState = {
  ...useStudio.getState(),
  card,
  recipe,
  points: [point, { ...point, mergeId: 'other', study: 'elsewhere' }],
  exploration: {
    ...exploration,
    search: 'candidates',
    published: null,
    reference: [0],
    best: 1,
    volume: { estimated: false, value: 0.5 },
    history: [],
  },
};

it.each([
  ['csv', readPointsCsv],
  ['json', readPointsJson],
] as const)('what is taken away as %s is read back, measured and estimated kept apart', (format, read) => {
  const file = pointsFile(state, 'test', format);
  expect(file?.name).toBe(`points-test.${format}`);
  const table = read(file?.text ?? '');
  expect(table.problems.filter(({ effect }) => effect === 'left-out')).toEqual([]);
  expect(table.coefficients).toEqual(recipe.experts);
  expect(table.tasks).toEqual(recipe.experts);
  const [measured, predicted, ...rest] = table.rows;
  expect(rest).toEqual([]);
  expect(measured).toMatchObject({ coefficients: point.coefficients, kind: 'measured', source: 'abc' });
  expect(measured && scoreOf(measured, task)).toMatchObject({ value: 5 / 8, n: 8 });
  expect(predicted).toMatchObject({ kind: 'estimated', estimated: { [task]: 0.91 }, scores: {} });
});

it('is nothing while there are no points of the study', () => {
  expect(pointsFile({ ...state, points: [], exploration: null }, 'test', 'csv')).toBeUndefined();
});
