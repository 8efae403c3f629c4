import { expect, it } from 'vitest';
import { type Axis, design } from '../../pareto/design/design.ts';
import { coverageOf, goalValues, type Observed } from '../../pareto/map.ts';
import { accuracyAt, BETAS } from '../../pareto/quadratic.testing.ts';
import { taskObjectives } from '../../pareto/surrogate/objective.ts';
import { inBatches, mostCovering, predictedFront, type Start } from './choosing.ts';
import { BATCH, CHOSEN } from './sizes.ts';

const N = 4096;
const GOALS = ['a', 'b'];
const axes: readonly Axis[] = GOALS.map(() => ({ min: -0.5, max: 1.5, perExpert: true }));
const one = (coefficients: readonly number[]): Observed => ({
  coefficients,
  outcomes: Object.fromEntries(
    GOALS.map((task, t) => [task, { correct: Math.round(N * accuracyAt(BETAS[t as 0 | 1], coefficients)), n: N }]),
  ),
});
const start: Start = { goals: GOALS, axes, designed: design(axes, 12, 1).map(one), seed: 1 };
const covered = (observed: readonly Observed[]) =>
  coverageOf(goalValues(observed, taskObjectives(GOALS)), [0, 0]).volume.value;

it('spends the rest in batches, the last one smaller', async () => {
  const batches: number[] = [];
  const all = await inBatches(start, async (vectors) => {
    batches.push(vectors.length);
    return vectors.map(one);
  });
  expect(batches).toEqual([BATCH, BATCH, CHOSEN - 2 * BATCH]);
  expect(all.slice(0, 12)).toEqual(start.designed);
  expect(covered(all)).toBeGreaterThan(covered(start.designed));
});

it('measures the predicted front once, none of it measured before', async () => {
  const all = await predictedFront(start, async (vectors) => vectors.map(one));
  expect(new Set(all.map(({ coefficients }) => coefficients.join())).size).toBe(12 + CHOSEN);
  expect(covered(all)).toBeGreaterThan(covered(start.designed));
});

it('takes what adds most to the volume first, and all where there are no more', () => {
  const values = [
    [0.5, 0.5],
    [0.9, 0.6],
    [0.1, 0.95],
    [0.55, 0.9],
  ];
  expect(mostCovering(values, 2)).toEqual([1, 3]);
  expect(mostCovering(values, 9)).toHaveLength(4);
});
