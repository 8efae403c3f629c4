import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nonDominated } from '../front/dominance.ts';
import { fromLink, LOSS, type Metric, slopeAt, toLink } from './link.ts';

const METRICS: readonly Metric[] = [
  { link: 'identity' },
  { link: 'sigmoid' },
  { link: 'sigmoid', range: { min: -2, max: 5 } },
  { link: 'softplus' },
];
const q = fc.double({ min: -8, max: 8, noNaN: true });

describe.each(METRICS)('the link %o', (metric) => {
  it('has the slope of its differences, above 0', () => {
    fc.assert(
      fc.property(q, (x) => {
        const step = 1e-5;
        const difference = (fromLink(metric, x + step) - fromLink(metric, x - step)) / (2 * step);
        expect(slopeAt(metric, x)).toBeGreaterThan(0);
        expect(slopeAt(metric, x)).toBeCloseTo(difference, 7);
      }),
    );
  });

  it('takes a value measured on very many samples back to its quadratic, with the weight n·g′² ÷ its variance', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (x) => {
        const n = 1e9;
        const { z, weight } = toLink(metric, { value: fromLink(metric, x), n });
        expect(z).toBeCloseTo(x, 6);
        const width = metric.range ? metric.range.max - metric.range.min : 1;
        const share = metric.link === 'sigmoid' ? slopeAt({ link: 'sigmoid' }, x) : 1;
        // A share of n has the variance share/n in units of its range; identity and softplus take it as constant.
        const variance = metric.link === 'sigmoid' ? share * width ** 2 : 1;
        expect(weight / n).toBeCloseTo(slopeAt(metric, x) ** 2 / variance, 6);
      }),
    );
  });

  it('leaves the Pareto set of quadratics as it is', () => {
    // Sixteenths: values that differ stay different after the link, and equal ones equal.
    const value = fc.integer({ min: -100, max: 100 }).map((x) => x / 16);
    const cloud = fc
      .integer({ min: 2, max: 4 })
      .chain((m) => fc.array(fc.array(value, { minLength: m, maxLength: m }), { minLength: 1, maxLength: 40 }));
    fc.assert(
      fc.property(cloud, (raw) => {
        const linked = raw.map((values) => values.map((x) => fromLink(metric, x)));
        expect(nonDominated(linked).toSorted()).toEqual(nonDominated(raw).toSorted());
      }),
    );
  });
});

describe('a measurement', () => {
  it('as counts is the empirical logit of the specification', () => {
    const { z, weight, value } = toLink({ link: 'sigmoid' }, { correct: 30, n: 64 });
    const share = 30.5 / 65;
    expect([z, weight, value]).toEqual([Math.log(share / (1 - share)), 64 * share * (1 - share), 30 / 64]);
  });

  it('as a share weighs what its counts weigh, in any range', () => {
    const counts = toLink({ link: 'sigmoid' }, { correct: 16, n: 64 });
    expect(toLink({ link: 'sigmoid' }, { value: 0.25, n: 64 })).toEqual(counts);
    const wide = toLink({ link: 'sigmoid', range: { min: 10, max: 50 } }, { value: 20, n: 64 });
    expect(wide).toEqual({ ...counts, value: 20 });
  });

  it('of a loss is taken as it is, or through ln(eᴸ − 1) with weight σ(z)²', () => {
    expect(toLink(LOSS, { value: 0.7, n: 9 })).toEqual({ z: 0.7, weight: 9, value: 0.7, n: 9 });
    const { z, weight } = toLink({ link: 'softplus' }, { value: 0.7, n: 9 });
    expect(z).toBeCloseTo(Math.log(Math.exp(0.7) - 1), 12);
    expect(weight).toBeCloseTo(9 * (1 - Math.exp(-0.7)) ** 2, 12);
  });

  it('is finite at both ends, and a loss of 0 has next to no weight', () => {
    const ends = [0, 1].map((value) => toLink({ link: 'sigmoid' }, { value }).z);
    expect(ends.every(Number.isFinite)).toBe(true);
    const { z, weight } = toLink({ link: 'softplus' }, { value: 0, n: 1 });
    expect(Number.isFinite(z)).toBe(true);
    expect(weight).toBeLessThan(1e-11);
    expect(toLink({ link: 'softplus' }, { value: 900 }).z).toBe(900);
  });

  it('that cannot be is refused with its numbers', () => {
    expect(() => toLink(LOSS, { value: Number.NaN })).toThrow('value NaN');
    expect(() => toLink(LOSS, { value: 1, n: 0 })).toThrow('on 0 samples');
    expect(() => toLink({ link: 'softplus' }, { value: -0.1 })).toThrow('-0.1; wanted at least 0');
    expect(() => toLink({ link: 'sigmoid' }, { value: 1.2 })).toThrow('1.2; wanted 0 to 1');
  });
});
