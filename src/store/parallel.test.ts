import catalogue from 'virtual:catalogue';
import { describe, expect, it } from 'vitest';
import { testCard as card } from '../formats/recipe.testing.ts';
import { openingRecipe } from '../formats/recipe.ts';
import { CHANGE, taskObjective } from '../pareto/surrogate/objective.ts';
import type { Goal } from './objectives.ts';
import { dimensionsOf, measuredTraces, predictedTraces, taskAxis } from './parallel.ts';
import type { ParetoPoint } from './state.ts';

const recipe = openingRecipe(card, catalogue);
const tasks = recipe.experts;
const goals: Goal[] = tasks.map((id) => ({ id, objective: taskObjective(id, id), unit: 'share' }));
const scores = (correct: number) => Object.fromEntries(tasks.map((task) => [task, { correct, n: 10 }]));
const point = (id: string, study: string): ParetoPoint => ({
  mergeId: id,
  recipe,
  study,
  coefficients: tasks.map(() => 0.5),
  calibration: scores(7),
  test: { ...scores(6), [tasks[0] as string]: { correct: 0, n: 0 } },
  source: 'design',
});

describe('traces', () => {
  it('are those of the study, on the chosen split, with gaps where nothing was counted', () => {
    const points = [point('a', 'here'), point('b', 'elsewhere')];
    expect(measuredTraces(points, 'here', 'calibration', goals)).toEqual([
      { id: 'a', values: [...tasks.map(() => 0.5), ...tasks.map(() => 0.7)] },
    ]);
    expect(measuredTraces(points, 'here', 'test', goals)[0]?.values.slice(tasks.length)).toEqual([
      undefined,
      ...tasks.slice(1).map(() => 0.6),
    ]);
  });

  it('of the predicted front have the accuracies of its goals', () => {
    const [first = '', second = ''] = tasks;
    const front = [{ coefficients: tasks.map(() => 0.2), values: { [first]: 0.9, [second]: 0.4 } }];
    expect(predictedTraces(front, goals)[0]?.values.slice(tasks.length)).toEqual([
      0.9,
      0.4,
      ...tasks.slice(2).map(() => undefined),
    ]);
  });
});

describe('dimensions', () => {
  it('are coefficients, then tasks, with room for every value', () => {
    const traces = measuredTraces([point('a', 'here')], 'here', 'calibration', goals);
    const pushed = { id: 'now', values: [1.4, ...tasks.slice(1).map(() => 0.3), ...tasks.map(() => 0.55)] };
    const dimensions = dimensionsOf(recipe, goals, [...traces, pushed], { vary: [], blocks: 3 });
    expect(dimensions.map(({ kind }) => kind)).toEqual([...tasks.map(() => 'coefficient'), ...tasks.map(() => 'task')]);
    expect(dimensions[0]).toMatchObject({ id: `λ ${tasks[0]}`, symbol: 'λ', expert: tasks[0], domain: [0, 1.4] });
    expect(dimensions[1]?.domain).toEqual([0, 1]);
    expect(dimensions.at(-1)).toMatchObject({ id: taskAxis(tasks.at(-1) as string), domain: [0.5, 0.7] });
    expect(new Set(dimensions.map(({ id }) => id)).size).toBe(dimensions.length);
  });

  it('of other objectives than accuracies reach from the least to the largest value', () => {
    const own: Goal[] = [{ id: 'change', objective: CHANGE, unit: 'norm' }];
    const traces = [2.5, 4].map((value, i) => ({ id: String(i), values: [...tasks.map(() => 0.5), value] }));
    expect(dimensionsOf(recipe, own, traces, { vary: [], blocks: 3 }).at(-1)).toMatchObject({
      kind: 'measure',
      unit: 'norm',
      domain: [2.5, 4],
    });
  });
});
