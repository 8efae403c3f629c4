import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { expectClose } from '../quadratic.testing.ts';
import { ANGLE_OPTIONS, binProbabilities, binScores, drawFromBins, nextByAngles } from './angle-sampling.ts';
import { type Bins, binOf, binsOf, boundsOf, fromDirection, toDirection } from './angles.ts';

const RIGHT = Math.PI / 2;
const coordinate = fc.double({ min: 0, max: 2, noNaN: true });
const vector = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.array(coordinate, { minLength: n, maxLength: n }))
  .filter((c) => Math.hypot(...c) > 1e-3);
const indices = (bins: Bins) => Array.from({ length: bins.count }, (_, i) => i);
const middleOf = (bins: Bins, bin: number) =>
  fromDirection({ radius: 0.5, angles: boundsOf(bins, bin).map(({ min, max }) => (min + max) / 2) });

describe('directions', () => {
  it('go there and back', () => {
    fc.assert(
      fc.property(vector, (c) => {
        const direction = toDirection(c);
        expect(direction.radius).toBeCloseTo(Math.hypot(...c), 12);
        expect(direction.angles.every((angle) => angle >= 0 && angle <= RIGHT)).toBe(true);
        expectClose(fromDirection(direction), c, 1e-12);
      }),
    );
  });

  it('are the formula: φ₁ = atan2(√(c₂² + c₃²), c₁), φ₂ = atan2(c₃, c₂)', () => {
    const { angles } = toDirection([1, 2, 3]);
    expectClose(angles, [Math.atan2(Math.sqrt(13), 1), Math.atan2(3, 2)], 1e-12);
  });
});

describe('bins of angles', () => {
  it('are four of 22.5° for two experts', () => {
    const bins = binsOf(2);
    const degrees = indices(bins).flatMap((bin) => boundsOf(bins, bin).map(({ max }) => (max * 180) / Math.PI));
    expectClose(degrees, [22.5, 45, 67.5, 90], 1e-9);
    expect([binsOf(3).count, binsOf(4).count, binsOf(8).count, binsOf(1).count]).toEqual([16, 8, 128, 1]);
  });

  it('part the orthant: every vector lies in exactly the bin whose bounds hold its angles', () => {
    fc.assert(
      fc.property(vector, (c) => {
        const bins = binsOf(c.length);
        const { angles } = toDirection(c);
        const holds = (bin: number) =>
          boundsOf(bins, bin).every(({ min, max }, i) => {
            const angle = angles[i] ?? 0;
            return min - 1e-12 <= angle && angle <= max + 1e-12;
          });
        const bin = binOf(bins, c) ?? -1;
        expect(holds(bin)).toBe(true);
        const places = angles.map((angle) => (angle / RIGHT) * bins.perAngle);
        const strictly = places.every((place) => Math.abs(place - Math.round(place)) > 1e-9);
        if (strictly) expect(indices(bins).filter(holds)).toEqual([bin]);
      }),
    );
  });

  it('hold every lone expert, the last too, but not the base and nothing with a negative coefficient', () => {
    for (const n of [2, 3, 5]) {
      const bins = binsOf(n);
      for (let i = 0; i < n; i++) {
        const lone = Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
        expect(binOf(bins, lone)).toBeGreaterThanOrEqual(0);
      }
      expect(binOf(bins, Array(n).fill(0))).toBeUndefined();
      expect(binOf(bins, [-0.1, ...Array(n - 1).fill(1)])).toBeUndefined();
    }
  });
});

describe('sampling by bins', () => {
  const bins = binsOf(2);
  const at = (bin: number, error: number) => ({ coefficients: middleOf(bins, bin), error });

  it('scores a bin by its mean squared error and how unsure that is; an empty one like the worst', () => {
    const points = [at(0, 0.2), at(0, 0.2), at(1, 0.1), at(2, 0)];
    expectClose(binScores(bins, points, randomStream(1, 'bins')), [0.04, 0.01, 0, 0.04], 1e-12);
    const uneven = [0, 0, 0, 0, 0.5].map((error) => at(1, error));
    const [, score = 0] = binScores(bins, uneven, randomStream(1, 'bins'));
    // The mean .05, and half of the deviation of a mean of four of the five: ½·√(.2·.8)·.25/4 more or less.
    expect(score).toBeGreaterThan(0.05);
    expect(score).toBeLessThan(0.05 + 0.5 * 0.0625);
  });

  it('leaves points out afresh each time: repetitions do not use a bin up', () => {
    const points = Array.from({ length: 10 }, (_, i) => at(3, i / 10));
    const many = { ...ANGLE_OPTIONS, repetitions: 4000 };
    const [, , , score = 0] = binScores(bins, points, randomStream(2, 'bins'), many);
    const losses = points.map(({ error }) => error ** 2);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 10;
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 9;
    // A mean of 8 of 10 without replacement has the variance σ²/8 · (1 − 8/10).
    expect(score).toBeCloseTo(mean + 0.5 * Math.sqrt((variance / 8) * 0.2), 2);
  });

  it('is uniform with zero residuals', () => {
    const scores = binScores(bins, [at(0, 0), at(2, 0)], randomStream(1, 'bins'));
    expect([...binProbabilities(scores, ANGLE_OPTIONS.temperature)]).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('does not depend on the size of the errors, and prefers the worst bin the more the colder it is', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (scores) => {
        const probabilities = binProbabilities(scores, 0.07);
        expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        if (Math.max(...scores) - Math.min(...scores) < 1e-3) return;
        const small = scores.map((score) => score * 1e-3);
        expectClose(binProbabilities(small, 0.07), probabilities, 1e-9);
        const worst = scores.indexOf(Math.max(...scores));
        expect(binProbabilities(scores, 0.01)[worst] ?? 0).toBeGreaterThanOrEqual((probabilities[worst] ?? 1) - 1e-12);
      }),
    );
  });

  it('draws inside the chosen bins, with radii in their range', () => {
    for (const n of [2, 3, 5]) {
      const many = binsOf(n);
      for (const bin of indices(many)) {
        const chosen = indices(many).map((i) => (i === bin ? 1 : 0));
        for (const c of drawFromBins(many, chosen, 5, randomStream(bin, 'draw'))) {
          expect(binOf(many, c)).toBe(bin);
          expect(Math.hypot(...c)).toBeGreaterThanOrEqual(0.2 - 1e-9);
          expect(Math.hypot(...c)).toBeLessThanOrEqual(0.8 + 1e-9);
        }
      }
    }
  });

  it('goes where the quadratic fits badly, repeats for a seed, and moves on with new points', () => {
    const points = [at(0, 0.01), at(1, 0.02), at(2, 0.3), at(3, 0.02)];
    const drawn = nextByAngles(bins, points, 40, 1);
    const hits = drawn.filter((c) => binOf(bins, c) === 2).length;
    expect(hits).toBeGreaterThan(35);
    expect(nextByAngles(bins, points, 40, 1)).toEqual(drawn);
    expect(nextByAngles(bins, [...points, at(2, 0.3)], 40, 1)).not.toEqual(drawn);
  });
});
