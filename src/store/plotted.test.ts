import { describe, expect, it } from 'vitest';
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

describe('plotted points', () => {
  const points = [point('1', 90, 50), point('2', 50, 90), point('3', 50, 50), point('4', 99, 99, { study: 'other' })];

  it('marks the front of the own study only, and draws other studies underneath', () => {
    const plotted = plotPoints(points, ['a', 'b'], 'calibration', 's');
    expect(plotted.map(({ point: { mergeId }, own, best }) => [mergeId, own, best])).toEqual([
      ['4', false, false],
      ['3', true, false],
      ['1', true, true],
      ['2', true, true],
    ]);
  });

  it('takes the scores of the asked split', () => {
    expect(plotPoints(points.slice(0, 1), ['a', 'b'], 'test', 's')[0]).toMatchObject({ x: 0.5, y: 0.9, n: 100 });
  });

  it('leaves out what was not measured on both tasks', () => {
    expect(plotPoints(points, ['a', 'kana'], 'test', 's')).toEqual([]);
    expect(plotPoints([point('5', 1, 1, { test: { a: score(0, 0), b: score(1) } })], ['a', 'b'], 'test', 's')).toEqual(
      [],
    );
  });

  it('cover the area under the own front', () => {
    expect(coverage(plotPoints(points, ['a', 'b'], 'calibration', 's'))).toBeCloseTo(0.9 * 0.5 + 0.5 * 0.4, 12);
    expect(coverage([])).toBe(0);
  });
});
