import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sobol } from '../../core/random/sobol.ts';
import { scale } from '../design/design.ts';
import { accuracyAt, BETAS, expectClose } from '../quadratic.testing.ts';
import { fitAsPublished } from './as-published.ts';
import peer from './fixtures/as-published/result.json' with { type: 'json' };
import type { Link } from './link.ts';
import { predict } from './predict.ts';
import { emptyFit, observe, surrogateOf } from './surrogate.ts';

const LINKS: readonly Link[] = ['identity', 'sigmoid', 'softplus'];
const linkNamed = (name: string): Link => LINKS.find((link) => link === name) ?? 'identity';

describe('the published fit', () => {
  it.each(peer.cases.map((each, i) => [i, each.link, each.points.length, each.state, each] as const))(
    'case %i, %s on %i points, is SciPy’s: %s',
    (_i, link, _points, state, { points, beta, r2 }) => {
      const got = fitAsPublished(points, linkNamed(link));
      if (got.state === 'too few points') throw new Error(`${got.points} points are too few`);
      expect(got.state).toBe(state);
      if (r2 !== null) expect(got.r2).toBeCloseTo(r2, 4);
      // Where the link saturates, very different β give the same values.
      const size = Math.max(1, ...beta.map(Math.abs));
      if (beta.length > 0 && size < 100) expectClose(got.beta, beta, 1e-4 * size);
    },
  );

  it('ends in minima that are worse than the mean, from the points of which ours is better than it', () => {
    const bad = peer.cases.filter(({ r2 }) => r2 !== null && r2 < 0);
    expect(bad.length).toBeGreaterThan(0);
    for (const { points } of bad) {
      const fit = emptyFit(3);
      for (const { coefficients, value } of points) observe(fit, coefficients, { value, n: 256 });
      const ours = surrogateOf(fit);
      if (!ours) throw new Error('too few points');
      const mean = points.reduce((sum, { value }) => sum + value, 0) / points.length;
      const error = (at: (c: readonly number[]) => number) =>
        points.reduce((sum, { coefficients, value }) => sum + (value - at(coefficients)) ** 2, 0);
      expect(error((c) => predict(ours, c).mean)).toBeLessThan(0.3 * error(() => mean));
    }
  });

  it('finds the specification’s quadratic from its exact values', () => {
    const box = [
      { min: 0, max: 1 },
      { min: 0, max: 1 },
    ];
    const points = scale(sobol(2, 12, 3), box).map((coefficients) => ({
      coefficients,
      value: accuracyAt(BETAS[0], coefficients),
    }));
    const got = fitAsPublished(points, 'sigmoid');
    if (got.state !== 'converged') throw new Error(`the fit is ${got.state}`);
    expectClose(got.beta, BETAS[0], 1e-6);
  });

  it('says when there are fewer points than unknowns', () => {
    const points = Array.from({ length: 9 }, (_, i) => ({
      coefficients: [i / 9, (i % 3) / 3, (i % 2) / 2],
      value: 0.5,
    }));
    expect(fitAsPublished(points, 'sigmoid')).toEqual({ state: 'too few points', points: 9, needed: 10 });
  });

  it('never throws and always says a state, whatever was measured, points on top of each other included', () => {
    const point = fc.record({
      coefficients: fc.tuple(fc.constantFrom(0, 0.5, 1), fc.constantFrom(0, 0.5, 1)).map((c) => [...c]),
      value: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 14 }), fc.constantFrom(...LINKS), (points, link) => {
        const got = fitAsPublished(points, link);
        if (got.state === 'too few points') expect(points.length).toBeLessThan(got.needed);
        else if (got.state === 'converged') expect(got.beta.every(Number.isFinite)).toBe(true);
        else expect(got.evaluations).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
  });
});
