import { describe, expect, it } from 'vitest';
import { design } from './design/design.ts';
import {
  coverageOf,
  fitSurrogates,
  fittedR2,
  frontOf,
  goalValues,
  measuredObjective,
  type Observed,
  referenceOf,
  volumeHistory,
  worstOf,
} from './map.ts';
import { accuracyAt, BETAS } from './quadratic.testing.ts';
import { LOSS } from './surrogate/link.ts';
import { averageObjective, taskObjectives, worstObjective } from './surrogate/objective.ts';
import { predict } from './surrogate/predict.ts';
import { thinned } from './thinned.ts';

const axes = [0, 1].map(() => ({ min: 0, max: 1, perExpert: true }));
const N = 512;
const TASKS = ['a', 'b'];
/** Accuracies that are exact quadratics behind a sigmoid, up to the rounding of counts. */
const observed: Observed[] = design(axes, 14, 5).map((coefficients) => ({
  coefficients,
  outcomes: Object.fromEntries(
    TASKS.map((task, t) => [task, { correct: Math.round(N * accuracyAt(BETAS[t as 0 | 1], coefficients)), n: N }]),
  ),
}));

describe('MAP from measured merges', () => {
  const surrogates = fitSurrogates({ observed, tasks: TASKS });

  it('fits every task and says how well', () => {
    expect([...surrogates.keys()]).toEqual(TASKS);
    for (const task of TASKS) {
      const surrogate = surrogates.get(task);
      expect(surrogate && fittedR2(surrogate, observed, task)).toBeGreaterThan(0.99);
    }
  });

  it('fits coefficients of different units as if each were measured in widths of its own range', () => {
    // A density beside a rank: without the box the ridge penalty would mean something else for each.
    const box = [
      { min: 0.05, max: 1 },
      { min: 1, max: 64 },
    ];
    const stretch = (u: readonly number[]) => box.map(({ min, max }, i) => min + (u[i] ?? 0) * (max - min));
    const mixed = observed.map(({ coefficients, outcomes }) => ({ coefficients: stretch(coefficients), outcomes }));
    const own = fitSurrogates({ observed: mixed, tasks: TASKS, box });
    for (const task of TASKS) {
      const [plain, stretched] = [surrogates.get(task), own.get(task)];
      if (!plain || !stretched) throw new Error(`${task} has no surrogate`);
      for (const u of [
        [0.2, 0.7],
        [0.5, 0.5],
        [0.9, 0.1],
      ]) {
        const [a, b] = [predict(plain, u), predict(stretched, stretch(u))];
        expect(b.mean).toBeCloseTo(a.mean, 9);
        expect(b.high).toBeCloseTo(a.high, 9);
      }
    }
  });

  it('predicts a front that covers more than the measured merges do, and no more than there is', () => {
    const front = frontOf({ surrogates, objectives: taskObjectives(TASKS), observed, seed: 1 });
    const predicted = coverageOf(
      front.map(({ values }) => values),
      [0, 0],
    );
    const measured = coverageOf(goalValues(observed, taskObjectives(TASKS)), [0, 0]);
    const ticks = Array.from({ length: 41 }, (_, i) => i / 40);
    const grid = ticks.flatMap((x) => ticks.map((y) => BETAS.map((beta) => accuracyAt(beta, [x, y]))));
    expect(predicted.volume.value).toBeGreaterThan(measured.volume.value);
    expect(predicted.volume.value).toBeCloseTo(coverageOf(grid, [0, 0]).volume.value, 2);
    expect(measured.members).toBeLessThanOrEqual(observed.length);
  });

  it('has no front while a goal has no surrogate, or with one goal', () => {
    expect(frontOf({ surrogates, objectives: taskObjectives(['a', 'c']), observed, seed: 1 })).toEqual([]);
    expect(frontOf({ surrogates, objectives: taskObjectives(['a']), observed, seed: 1 })).toEqual([]);
    expect(fitSurrogates({ observed: observed.slice(0, 5), tasks: TASKS }).size).toBe(0);
  });

  it('turns what is to be small around', () => {
    const losses = observed.map(({ coefficients, outcomes }) => ({
      coefficients,
      outcomes: {
        a: outcomes.a ?? { value: 0 },
        loss: { value: (coefficients[0] ?? 0) + (coefficients[1] ?? 0) ** 2 },
      },
    }));
    const both = fitSurrogates({ observed: losses, tasks: ['a', 'loss'], metrics: { loss: LOSS } });
    const objectives = taskObjectives(['a', 'loss'], ['loss']);
    const front = frontOf({ surrogates: both, objectives, observed: losses, seed: 1 });
    expect(Math.min(...front.map(({ values: [, loss = 1] }) => loss))).toBeCloseTo(0, 2);
    const values = goalValues(losses, objectives);
    expect(worstOf(values, 2)[1]).toBe(Math.min(...values.map(([, loss]) => loss ?? 0)));
    expect(values.every(([, loss]) => (loss ?? 1) <= 0)).toBe(true);
    expect(referenceOf(values, objectives)).toEqual([0, worstOf(values, 2)[1]]);
  });

  it('leaves merges without all goals out of the volume, not out of the fit', () => {
    const partial = [...observed, { coefficients: [0.3, 0.3], outcomes: { a: { correct: 400, n: N } } }];
    expect(goalValues(partial, taskObjectives(TASKS))).toHaveLength(observed.length);
    expect(fitSurrogates({ observed: partial, tasks: TASKS }).get('a')?.points).toBe(observed.length + 1);
  });
});

it('an objective of a measured merge is computed from what was measured, or missing', () => {
  const outcomes = { a: { correct: 3, n: 4 }, b: { correct: 1, n: 4 }, 'loss:a': { value: 0.5, n: 4 } };
  const values = [averageObjective(TASKS), worstObjective(TASKS), ...taskObjectives(['loss:a', 'c'])];
  expect(values.map((objective) => measuredObjective(objective, outcomes))).toEqual([0.5, 0.25, 0.5, undefined]);
  expect(measuredObjective(averageObjective(TASKS), { a: { correct: 3, n: 4 } })).toBeUndefined();
});

describe('the history of the volume', () => {
  it('never falls and ends with the volume of all', () => {
    const values = goalValues(observed, taskObjectives(TASKS));
    const history = volumeHistory(values, [0, 0], 6);
    expect(history).toHaveLength(6);
    expect(history.at(-1)).toEqual([values.length, coverageOf(values, [0, 0]).volume.value]);
    expect(history.every(([, volume], i) => i === 0 || volume >= (history[i - 1]?.[1] ?? 0))).toBe(true);
  });
});

describe('thinning', () => {
  it('keeps both ends and the order', () => {
    const many = Array.from({ length: 1000 }, (_, i) => i);
    const few = thinned(many, 50);
    expect(few).toHaveLength(50);
    expect([few[0], few.at(-1)]).toEqual([0, 999]);
    expect([...few].sort((a, b) => a - b)).toEqual(few);
    expect(thinned([1, 2], 50)).toEqual([1, 2]);
  });
});
