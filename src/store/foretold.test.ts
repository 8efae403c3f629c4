import { expect, it } from 'vitest';
import { taskObjective } from '../pareto/surrogate/objective.ts';
import { predictedPlace, predictionError } from './foretold.ts';
import type { Goal } from './objectives.ts';
import type { ParetoPoint } from './state.ts';

const point = (mergeId: string, a: number, b: number): ParetoPoint => ({
  mergeId,
  recipe: { family: 'f', experts: ['a', 'b'], chain: [], seed: 1 },
  study: 's',
  coefficients: [0, 0],
  calibration: { a: { correct: a, n: 100 }, b: { correct: b, n: 100 } },
  test: {},
  source: 'design',
});
const goals = (...ids: readonly string[]): Goal[] =>
  ids.map((id) => ({ id, objective: taskObjective(id, id), unit: 'share' }));
const predictions = { one: { a: 0.5, b: 0.5 }, two: { a: 0.9, b: 0.8 }, waiting: { a: 0.1, b: 0.1 } };

it('the error is the mean over what was both predicted and measured', () => {
  const points = [point('one', 60, 50), point('two', 90, 50), point('never predicted', 1, 1)];
  const error = predictionError(points, predictions, goals('a', 'b'));
  expect(error?.merges).toBe(2);
  expect(error?.mean).toBeCloseTo((0.1 + 0 + 0 + 0.3) / 4);
  expect(predictionError(points, predictions, goals('b'))?.mean).toBeCloseTo(0.15);
  expect(predictionError(points, {}, goals('a', 'b'))).toBeUndefined();
});

it('a place needs a prediction for both tasks', () => {
  expect(predictedPlace(predictions, 'two', goals('b', 'a'))).toEqual([0.8, 0.9]);
  expect(predictedPlace(predictions, 'two', goals('b', 'c'))).toBeUndefined();
  expect(predictedPlace(predictions, 'three', goals('a', 'b'))).toBeUndefined();
});
