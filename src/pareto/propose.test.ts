import { describe, expect, it } from 'vitest';
import { type Axis, design, insideBox, samplingRange } from './design/design.ts';
import { coverageOf, fitSurrogates, goalValues, type Observed } from './map.ts';
import { propose, type Rule } from './propose.ts';
import { accuracyAt, BETAS } from './quadratic.testing.ts';
import { taskObjectives } from './surrogate/objective.ts';
import { predict, relativeVariance, type Surrogate } from './surrogate/predict.ts';

const N = 400;
const GOALS = ['a', 'b'];
const axes: readonly Axis[] = [0, 1].map(() => ({ min: -0.5, max: 1.5, perExpert: true }));
const measure = (coefficients: readonly number[]): Observed => ({
  coefficients,
  outcomes: Object.fromEntries(
    GOALS.map((task, t) => [task, { correct: Math.round(N * accuracyAt(BETAS[t as 0 | 1], coefficients)), n: N }]),
  ),
});
const objectives = taskObjectives(GOALS);
const proposed = (observed: readonly Observed[], count: number, seed = 1, rule?: Rule) =>
  propose({
    ...(rule && { rule }),
    surrogates: fitSurrogates({ observed, tasks: GOALS }),
    objectives,
    observed,
    axes,
    count,
    seed,
  });
const covered = (observed: readonly Observed[]) => coverageOf(goalValues(observed, objectives), [0, 0]).volume.value;

const start = design(axes, 10, 3).map(measure);

describe('the next merges', () => {
  it('are new ones inside the sampled range, as many as asked for, the same for the same seed', () => {
    const batch = proposed(start, 6);
    expect(batch).toHaveLength(6);
    expect(new Set([...start.map(({ coefficients }) => coefficients), ...batch].map(String)).size).toBe(16);
    expect(batch.every((c) => insideBox(c, axes.map(samplingRange)))).toBe(true);
    expect(proposed(start, 6)).toEqual(batch);
    expect(proposed(start, 6, 2)).not.toEqual(batch);
  });

  it('add more to what is covered, on average, than going on with a design does', () => {
    const count = 8;
    const seeds = [1, 2, 3, 4, 5];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = seeds.map((seed) => {
      const more = design(axes, 10 + count, 10 + seed).slice(10);
      return covered([...start, ...more.map(measure)]);
    });
    const chosen = seeds.map((seed) => covered([...start, ...proposed(start, count, seed).map(measure)]));
    expect(mean(chosen)).toBeGreaterThan(mean(spread));
  });

  it('do not bunch up: of one batch no two are predicted to give the same', () => {
    const surrogates = fitSurrogates({ observed: start, tasks: GOALS });
    const gap = (batch: readonly (readonly number[])[]) => {
      const at = batch.map((c) => GOALS.map((task) => predict(surrogates.get(task) as Surrogate, c).mean));
      return Math.min(
        ...at.flatMap((a, i) => at.slice(0, i).map((b) => Math.hypot(...a.map((x, m) => x - (b[m] ?? 0))))),
      );
    };
    const gaps = [1, 2, 3, 4, 5].map((seed) => gap(proposed(start, 4, seed)));
    expect(
      gaps.every((distance) => distance > 0.001),
      String(gaps),
    ).toBe(true);
  });

  it('are those that teach the surrogates most, where that is asked for', () => {
    const surrogates = [...fitSurrogates({ observed: start, tasks: GOALS }).values()];
    const unknown = (batch: readonly (readonly number[])[]) =>
      Math.max(...batch.map((c) => surrogates.reduce((sum, each) => sum + relativeVariance(each, c), 0)));
    expect(unknown(proposed(start, 1, 1, 'variance'))).toBeGreaterThan(unknown(proposed(start, 6)));
    const angles = proposed(start, 6, 1, 'angles');
    expect(angles).toHaveLength(6);
    expect(new Set([...start.map(({ coefficients }) => coefficients), ...angles].map(String)).size).toBe(16);
    expect(angles.flat().every((c) => 0 <= c && c <= 1.5)).toBe(true);
    expect(proposed(start, 4, 1, 'front')).not.toEqual(proposed(start, 4, 1, 'variance'));
  });

  it('are chosen with exactly as many merges as unknowns, and refused with fewer', () => {
    expect(proposed(design(axes, 6, 3).map(measure), 3)).toHaveLength(3);
    expect(() => proposed(start.slice(0, 5), 1)).toThrow('a has no surrogate yet: measure more merges first');
  });
});
