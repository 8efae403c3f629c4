import { expect, it } from 'vitest';
import { design } from '../../pareto/design/design.ts';
import { fitSurrogates, type Observed } from '../../pareto/map.ts';
import { accuracyAt, BETAS } from '../../pareto/quadratic.testing.ts';
import { randomSearch } from '../../pareto/search/baselines.ts';
import { predict, type Surrogate } from '../../pareto/surrogate/predict.ts';
import { holdOut } from './hold-out.ts';

const N = 256;
const UNIT = { min: 0, max: 1 };
const score = (coefficients: readonly number[], accuracy: number): Observed => ({
  coefficients,
  outcomes: { one: { correct: Math.round(N * accuracy), n: N } },
});

function surrogate(): Surrogate {
  const axes = [UNIT, UNIT].map((range) => ({ ...range, perExpert: true }));
  const observed = design(axes, 12, 1).map((c) => score(c, accuracyAt(BETAS[0], c)));
  const fitted = fitSurrogates({ observed, tasks: ['one'] }).get('one');
  if (!fitted) throw new Error('no surrogate after 12 merges');
  return fitted;
}

const vectors = randomSearch([UNIT, UNIT], 200, 7);

it('is near 1 for merges of the very quadratic that was fitted, and the error is that of rounding', () => {
  const { r2, rmse } = holdOut(
    surrogate(),
    vectors.map((c) => score(c, accuracyAt(BETAS[0], c))),
    'one',
  );
  expect(r2).toBeGreaterThan(0.99);
  expect(rmse).toBeLessThan(0.01);
});

it('is 1 less the missed squares over the squares around the mean', () => {
  const fitted = surrogate();
  const [a = [], b = []] = vectors;
  const unseen = [score(a, 0.25), score(b, 0.75)];
  const missed = (0.25 - predict(fitted, a).mean) ** 2 + (0.75 - predict(fitted, b).mean) ** 2;
  const { r2, rmse, deviation } = holdOut(fitted, unseen, 'one');
  expect(r2).toBeCloseTo(1 - missed / 0.125, 12);
  expect(rmse).toBeCloseTo(Math.sqrt(missed / 2), 12);
  expect(deviation).toBeCloseTo(0.25, 12);
});

it('has no R² where all values are equal', () => {
  const flat = vectors.map((c) => score(c, 0.5));
  expect(holdOut(surrogate(), flat, 'one')).toMatchObject({ r2: undefined, deviation: 0 });
});

it('refuses a merge that was not measured on the task', () => {
  expect(() => holdOut(surrogate(), [{ coefficients: [0, 0], outcomes: {} }], 'one')).toThrow(
    'a merge held out was not measured on one',
  );
});
