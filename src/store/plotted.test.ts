import { describe, expect, it } from 'vitest';
import { averageObjective, CHANGE, taskObjective } from '../pareto/surrogate/objective.ts';
import type { Goal } from './objectives.ts';
import { coverage, plotPoints } from './plotted.ts';
import type { ParetoPoint } from './state.ts';

const score = (correct: number, n = 100) => ({ correct, n });

function point(mergeId: string, x: number, y: number, change: Partial<ParetoPoint> = {}): ParetoPoint {
  return {
    mergeId,
    recipe: { family: 'f', experts: ['a', 'b'], chain: [], seed: 1 },
    study: 's',
    coefficients: [0, 0],
    calibration: { a: score(x), b: score(y) },
    test: { a: score(y), b: score(x) },
    source: 'slider',
    ...change,
  };
}

const goals = (...ids: readonly string[]): Goal[] =>
  ids.map((id) => ({ id, objective: taskObjective(id, id), unit: 'share' }));

describe('plotted points', () => {
  const points = [point('1', 90, 50), point('2', 50, 90), point('3', 50, 50), point('4', 99, 99, { study: 'other' })];

  it('marks the front of the own study only, and draws other studies underneath', () => {
    const plotted = plotPoints(points, goals('a', 'b'), 'calibration', 's');
    expect(plotted.map(({ point: { mergeId }, own, best }) => [mergeId, own, best])).toEqual([
      ['4', false, false],
      ['3', true, false],
      ['1', true, true],
      ['2', true, true],
    ]);
  });

  it('takes the scores of the asked split', () => {
    expect(plotPoints(points.slice(0, 1), goals('a', 'b'), 'test', 's')[0]).toMatchObject({ x: 0.5, y: 0.9, n: 100 });
  });

  it('leaves out what was not measured on both tasks', () => {
    expect(plotPoints(points, goals('a', 'kana'), 'test', 's')).toEqual([]);
    expect(
      plotPoints([point('5', 1, 1, { test: { a: score(0, 0), b: score(1) } })], goals('a', 'b'), 'test', 's'),
    ).toEqual([]);
  });

  it('are placed by objectives of several metrics, and what is to be small is better small', () => {
    const measured = points.map((each, i) => ({
      ...each,
      calibration: { ...each.calibration, change: { value: 1 + (i % 2) } },
    }));
    const own: Goal[] = [
      { id: 'average', objective: averageObjective(['a', 'b']), unit: 'share' },
      { id: 'change', objective: CHANGE, unit: 'norm' },
    ];
    const plotted = plotPoints(measured.slice(0, 3), own, 'calibration', 's');
    expect(plotted.map(({ point: { mergeId }, x, y, n, best }) => [mergeId, x, y, n, best])).toEqual([
      ['2', 0.7, 2, 100, false],
      ['3', 0.5, 1, 100, false],
      ['1', 0.7, 1, 100, true],
    ]);
    expect(coverage(plotted, own)).toEqual({ volume: 0.7, reference: [0, 2] });
  });

  it('cover the area under the own front', () => {
    const pair = goals('a', 'b');
    const { volume, reference } = coverage(plotPoints(points, pair, 'calibration', 's'), pair);
    expect(volume).toBeCloseTo(0.9 * 0.5 + 0.5 * 0.4, 12);
    expect(reference).toEqual([0, 0]);
    expect(coverage([], pair).volume).toBe(0);
  });
});
