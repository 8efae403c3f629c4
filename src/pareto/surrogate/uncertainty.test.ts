import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { design } from '../design/design.ts';
import type { Outcome, Range } from '../point.ts';
import { accuracyAt, BETAS, expectClose } from '../quadratic.testing.ts';
import { drawBeta, drawSurrogate } from './draw.ts';
import { features } from './features.ts';
import { LOSS, type Metric } from './link.ts';
import { deviation, leverageAt, linkDeviation, predict, type Surrogate } from './predict.ts';
import { dot } from './regression.ts';
import { emptyFit, leveragesOf, observe, surrogateOf } from './surrogate.ts';

const AXES = [0, 1].map(() => ({ min: 0, max: 1, perExpert: true }));
const counts = (accuracy: number): Outcome => ({ correct: Math.round(accuracy * 200), n: 200 });

interface Options {
  readonly count?: number;
  readonly metric?: Metric;
  readonly box?: readonly Range[];
  readonly outcome?: (accuracy: number) => Outcome;
}

function fitOf({ count = 20, outcome = counts, ...options }: Options = {}) {
  const fit = emptyFit(2, options);
  for (const c of design(AXES, count, 5)) observe(fit, c, outcome(accuracyAt(BETAS[0], c)));
  return fit;
}

function fitted(options: Options = {}): Surrogate {
  const surrogate = surrogateOf(fitOf(options));
  if (!surrogate) throw new Error('too few points');
  return surrogate;
}

describe('draws of the quadratic', () => {
  const DRAWS = 20_000;

  it.each([
    ['of the unit cube', undefined],
    [
      'of another box',
      [
        { min: -1, max: 3 },
        { min: 0, max: 0.5 },
      ],
    ],
  ])('%s scatter around the fit as its covariance says', (_name, box) => {
    const surrogate = fitted(box && { box });
    const random = randomStream(3, 'draws');
    for (const c of [
      [0.5, 0.5],
      [1, 0.2],
      [-0.4, 1.3],
    ]) {
      const phi = features(c);
      const values = Array.from({ length: DRAWS }, () => dot(phi, drawBeta(surrogate, random)));
      const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS);
      const wanted = linkDeviation(surrogate, c);
      // Four standard errors of a mean and of a standard deviation.
      expect(Math.abs(mean - dot(phi, surrogate.beta))).toBeLessThan((4 * wanted) / Math.sqrt(DRAWS));
      expect(Math.abs(sd / wanted - 1)).toBeLessThan(4 / Math.sqrt(2 * DRAWS));
    }
  });

  it('repeat for one seed, differ for another, and leave the fit alone', () => {
    const surrogate = fitted();
    const before = surrogate.beta.slice();
    const draw = (seed: number) => drawSurrogate(surrogate, randomStream(seed, 'draws')).beta;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(surrogate.beta).toEqual(before);
  });

  it('are refused in words with as many points as unknowns', () => {
    expect(() => drawBeta(fitted({ count: 6 }), randomStream(1, 'draws'))).toThrow(
      '6 points do not tell how far the surrogate may be off; wanted more than 6',
    );
  });
});

describe('how sure an estimate is', () => {
  it('is a leverage: that of the points on average p/K, and several times as much far outside', () => {
    const fit = fitOf();
    const surrogate = fitted();
    const shares = [...leveragesOf(fit).values()];
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeCloseTo(6 / 20, 2);
    expect(leverageAt(surrogate, [3, 3])).toBeGreaterThan(10 * Math.max(...shares));
  });

  it('is, at a point of equal weights, its own leverage', () => {
    const fit = fitOf({ metric: LOSS, outcome: (value) => ({ value, n: 64 }) });
    const surrogate = surrogateOf(fit);
    if (!surrogate) throw new Error('too few points');
    for (const [key, share] of leveragesOf(fit)) {
      expect(leverageAt(surrogate, key.split(',').map(Number))).toBeCloseTo(share, 10);
    }
  });

  it('is no leverage while there are too few points', () => {
    expect(leveragesOf(fitOf({ count: 5 })).size).toBe(0);
  });

  it('is a band that is symmetric on the scale of the link, and a deviation that fits it where it is narrow', () => {
    for (const metric of [LOSS, { link: 'softplus' as const }, { link: 'sigmoid' as const }]) {
      const surrogate = fitted({ metric, outcome: (value) => ({ value: Math.round(value * 50) / 50, n: 64 }) });
      const { mean, low, high } = predict(surrogate, [0.4, 0.4]);
      expect(low).toBeLessThan(mean);
      expect(high).toBeGreaterThan(mean);
      expect((high - low) / (2 * 1.96)).toBeCloseTo(deviation(surrogate, [0.4, 0.4]), 3);
    }
  });
});

describe('losses', () => {
  const truth = (c: readonly number[]) => -Math.log(accuracyAt(BETAS[0], c));

  it.each([LOSS, { link: 'softplus' as const }])('are fitted through %o and judged in nats', (metric) => {
    const fit = emptyFit(2, { metric });
    for (const c of design(AXES, 24, 5)) observe(fit, c, { value: truth(c), n: 64 });
    const surrogate = surrogateOf(fit);
    if (!surrogate) throw new Error('too few points');
    expect(surrogate.looR2).toBeGreaterThan(0.97);
    expect(predict(surrogate, [0.3, 0.6]).mean).toBeCloseTo(truth([0.3, 0.6]), 1);
  });

  it('are plain least squares where all were measured alike: a value without samples is one like any other', () => {
    const told = fitted({ metric: LOSS, outcome: (value) => ({ value, n: 512 }) });
    const untold = fitted({ metric: LOSS, outcome: (value) => ({ value }) });
    expectClose(untold.beta, told.beta, 1e-9);
  });
});
