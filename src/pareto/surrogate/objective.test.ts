import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../front/dominance.ts';
import { accuracyAt, BETAS, exactSurrogate } from '../quadratic.testing.ts';
import { NORM } from './link.ts';
import { averageObjective, CHANGE, lossObjective, metricsOf, taskObjective, worstObjective } from './objective.ts';
import { estimateObjective, objectiveValues, type Sources } from './objective-values.ts';
import type { Surrogate } from './predict.ts';
import { emptyFit, observe, surrogateOf } from './surrogate.ts';

const unsure = (beta: readonly number[], dispersion: number): Surrogate => ({ ...exactSurrogate(beta), dispersion });
const loss: Surrogate = { ...exactSurrogate([1, 1, 0, -1, -1, 2]), link: 'identity' };
const sources: Sources = {
  surrogates: new Map([
    ['kana', unsure(BETAS[0], 0.01)],
    ['greek', unsure(BETAS[1], 0.04)],
    ['loss:kana', loss],
    // ‖c‖² of the Gram matrix [[4, 1], [1, 9]]
    ['change', { ...exactSurrogate([4, 9, 2, 0, 0, 0]), link: 'root' }],
  ]),
};
const pair = ['kana', 'greek'];
const point = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }));
const accuracies = (c: readonly number[]) => BETAS.map((beta) => accuracyAt(beta, c));

describe('an objective', () => {
  it('over tasks is computed from what the surrogates of the tasks say', () => {
    const objectives = [averageObjective(pair), worstObjective(pair), taskObjective('greek', 'Greek')];
    fc.assert(
      fc.property(point, (c) => {
        const [first = 0, second = 0] = accuracies(c);
        const wanted = [(first + second) / 2, Math.min(first, second), second];
        const means = objectives.map((objective) => estimateObjective(objective, sources, c).mean);
        const values = objectiveValues(objectives, sources)(c);
        for (const [i, value] of wanted.entries()) {
          expect(means[i]).toBeCloseTo(value, 12);
          expect(values[i]).toBeCloseTo(value, 12);
        }
      }),
    );
  });

  it('to be small is searched with its sign turned, and its worst is the largest', () => {
    const objectives = [lossObjective('kana', 'Kana'), CHANGE, worstObjective(['loss:kana', 'kana'], 'minimise')];
    fc.assert(
      fc.property(point, ([x, y]) => {
        const wanted = x * x + y * y - x - y + 2;
        const norm = Math.hypot(2 * x + y / 2, y * Math.sqrt(8.75));
        const got = objectiveValues(objectives, sources)([x, y]);
        for (const [i, value] of [wanted, norm, wanted].entries()) expect(got[i]).toBeCloseTo(-value, 12);
      }),
    );
  });

  it('has a band that says where it comes from', () => {
    const c = [0.4, 0.5];
    const fitted = pair.map((task) => estimateObjective(taskObjective(task, task), sources, c));
    const average = estimateObjective(averageObjective(pair), sources, c);
    const worst = estimateObjective(worstObjective(pair), sources, c);
    expect([fitted[0]?.band, average.band, worst.band]).toEqual(['fitted', 'delta method', 'approximate']);
    const widths = fitted.map(({ low, high }) => high - low);
    // Independent errors: (½)·√(w₁² + w₂²), but for the bend of the sigmoid.
    expect(average.high - average.low).toBeCloseTo(Math.hypot(...widths) / 2, 1);
    expect(average.high - average.mean).toBeCloseTo(average.mean - average.low, 12);
    expect(worst.low).toBe(Math.min(...fitted.map(({ low }) => low)));
    expect(worst.high).toBe(Math.min(...fitted.map(({ high }) => high)));
  });

  it('on the scale of the quadratic has the same Pareto set, and no ties where a sigmoid is 1', () => {
    const objectives = pair.map((task) => taskObjective(task, task));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ max: 9, min: 0 }), fc.integer({ max: 9, min: 0 })), { maxLength: 30 }),
        (ticks) => {
          const points = ticks.map(([x, y]) => [x / 10, y / 9]);
          const shown = nonDominated(points.map(objectiveValues(objectives, sources)));
          const raw = nonDominated(points.map(objectiveValues(objectives, sources, 'quadratic')));
          expect(raw).toEqual(shown);
        },
      ),
    );
    const saturated = { surrogates: new Map([['kana', exactSurrogate([0, 0, 0, 9, 0, 40])]]) };
    const task = [taskObjective('kana', 'Kana')];
    expect(objectiveValues(task, saturated)([0, 0])).toEqual(objectiveValues(task, saturated)([1, 0]));
    expect(objectiveValues(task, saturated, 'quadratic')([1, 0])).toEqual([49]);
  });
});

it('what an objective needs is told by it, and missed in words', () => {
  const objectives = [taskObjective('runes', 'Runes'), worstObjective(pair), CHANGE];
  expect(objectives.map(metricsOf)).toEqual([['runes'], pair, ['change']]);
  expect(() => objectiveValues([taskObjective('runes', 'Runes')], sources)).toThrow(
    'no surrogate of "runes"; there are those of kana, greek, loss:kana',
  );
  expect(() => averageObjective([])).toThrow('at least one task');
});

it('the norm of the change of a linear merge is a quadratic under a root', () => {
  const vector = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 });
  const spread = Array.from({ length: 24 }, (_, i) => [((i * 7) % 24) / 24, ((i * 11) % 24) / 24]);
  fc.assert(
    fc.property(vector, vector, point, (first, second, c) => {
      const norm = ([x = 0, y = 0]: readonly number[]) =>
        Math.hypot(...first.map((value, i) => x * value + y * (second[i] ?? 0)));
      fc.pre(norm([1, 1]) > 0.1);
      const fit = emptyFit(2, { metric: NORM });
      for (const each of spread) observe(fit, each, { value: norm(each) });
      const surrogate = surrogateOf(fit);
      const got = surrogate && estimateObjective(CHANGE, { surrogates: new Map([['change', surrogate]]) }, c).mean;
      // Squares: near 0 the root makes much of the ridge's little.
      const scale = (Math.hypot(...first) + Math.hypot(...second)) ** 2;
      expect(Math.abs((got ?? 0) ** 2 - norm(c) ** 2)).toBeLessThan(0.02 * scale);
    }),
  );
});
