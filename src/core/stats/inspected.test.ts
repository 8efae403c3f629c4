/** What inspecting shows, against numpy (fixtures/inspect) and against itself: joined parts, rotations, orders. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnvelope } from './envelope.ts';
import golden from './fixtures/inspect/result.json' with { type: 'json' };
import { countInto, emptyHistogram, sharedRange } from './histogram.ts';
import { centred, linearAlignment } from './kernel-alignment.ts';
import { deviationOf, joinMoments, momentsOf, NO_MOMENTS } from './moments.ts';
import { planeOf, shadowOf, sharesAt } from './plane.ts';
import { spectrumOf } from './spectrum.ts';

const floats = fc.float32Array({ noDefaultInfinity: true, noNaN: true, min: -1e3, max: 1e3, maxLength: 60 });
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);

describe('against numpy', () => {
  it('moments', () => {
    const own = momentsOf(Float32Array.from(golden.values));
    expect(own.mean).toBeCloseTo(golden.mean, 12);
    expect(deviationOf(own)).toBeCloseTo(golden.deviation, 12);
    expect(Math.sqrt(own.squares)).toBeCloseTo(golden.norm, 10);
  });

  it('histogram', () => {
    const own = countInto(emptyHistogram([1, 5], 8), Float32Array.from(golden.values));
    expect([...own.counts]).toEqual(golden.counts);
    expect([own.below, own.above]).toEqual([golden.below, golden.above]);
  });

  it('spectrum and ranks', () => {
    const own = spectrumOf(golden.matrix, 6, 4);
    for (const [i, sigma] of golden.sigma.entries()) expect(own.values[i]).toBeCloseTo(sigma, 12);
    expect(own.stableRank).toBeCloseTo(golden.stableRank, 12);
    expect(own.effectiveRank).toBeCloseTo(golden.effectiveRank, 12);
  });

  it('linear kernel alignment', () => {
    expect(linearAlignment(centred(golden.x, 12), centred(golden.y, 12))).toBeCloseTo(golden.cka, 12);
  });

  it('the plane through three points, and a fourth seen from it', () => {
    const [first = [], ...rest] = golden.points;
    const [second = [], third = [], other = []] = rest.map((point) => point.map((value, i) => value - (first[i] ?? 0)));
    const plane = planeOf({ second: dot(second, second), cross: dot(second, third), third: dot(third, third) });
    if (!plane) throw new Error('the points are not on a line');
    for (const [i, value] of plane.corners.flat().entries())
      expect(value).toBeCloseTo(golden.corners.flat()[i] ?? 0, 10);
    const shadow = shadowOf(plane, { own: dot(other, other), second: dot(other, second), third: dot(other, third) });
    expect(shadow.x).toBeCloseTo(golden.shadow[0] ?? 0, 10);
    expect(shadow.y).toBeCloseTo(golden.shadow[1] ?? 0, 10);
    expect(shadow.distance).toBeCloseTo(golden.distance, 10);
  });
});

describe('moments', () => {
  it('of parts joined are those of the whole, and what is no number is only counted', () => {
    fc.assert(
      fc.property(floats, floats, (a, b) => {
        const whole = momentsOf(Float32Array.from([...a, Number.NaN, ...b, Number.POSITIVE_INFINITY]));
        const joined = joinMoments(
          momentsOf(Float32Array.from([...a, Number.NaN])),
          joinMoments(momentsOf(b), NO_MOMENTS),
        );
        expect(whole.notNumbers).toBe(2);
        expect(joined.count).toBe(whole.count);
        expect([joined.zeros, joined.least, joined.most]).toEqual([whole.zeros, whole.least, whole.most]);
        expect(joined.mean).toBeCloseTo(whole.mean, 8);
        expect(Math.abs(joined.scatter - whole.scatter)).toBeLessThan(1e-9 * (1 + whole.squares));
      }),
    );
  });
});

describe('histograms', () => {
  it('hold every number once, and what is none not at all', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const range = sharedRange([momentsOf(values)]);
        const own = countInto(emptyHistogram(range, 7), Float32Array.from([...values, Number.NaN]));
        expect(own.counts.reduce((sum, count) => sum + count, own.below + own.above)).toBe(values.length);
      }),
    );
  });

  it('leave an outlier beside the range, and make one around a constant', () => {
    const [low, high] = sharedRange([
      momentsOf(Float32Array.from([...Array(400).keys()].map((i) => (i === 7 ? 1e6 : i % 2)))),
    ]);
    expect(high).toBeLessThan(1e6);
    expect(low).toBe(0);
    expect(sharedRange([momentsOf(new Float32Array([2, 2]))])).toEqual([1, 3]);
    expect(sharedRange([])).toEqual([0, 1]);
  });
});

describe('envelopes', () => {
  it('do not depend on the parts in which the row comes', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, maxLength: 50, noNaN: true }),
        fc.nat(50),
        fc.integer({ min: 1, max: 9 }),
        (row, at, count) => {
          const whole = createEnvelope(row.length, count);
          whole.add(row);
          const parted = createEnvelope(row.length, count);
          parted.add(row.subarray(0, at));
          parted.add(row.subarray(at));
          expect(parted.result()).toEqual(whole.result());
          const finite = row.filter(Number.isFinite);
          const { least, most } = whole.result();
          if (finite.length > 0) {
            expect(Math.min(...least.filter(Number.isFinite))).toBe(Math.min(...finite));
            expect(Math.max(...most.filter(Number.isFinite))).toBe(Math.max(...finite));
          }
        },
      ),
    );
  });
});

describe('kernel alignment', () => {
  const features = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 24, maxLength: 24 });

  it('is 1 for the same turned, moved and scaled; the same both ways; within 0…1', () => {
    fc.assert(
      fc.property(features, features, fc.double({ min: 0, max: 6, noNaN: true }), (a, b, angle) => {
        const turned = a.map((value, i) => {
          const partner = a[i % 2 === 0 ? i + 1 : i - 1] ?? 0;
          const sign = i % 2 === 0 ? -1 : 1;
          return 3 * (Math.cos(angle) * value + sign * Math.sin(angle) * partner) + 5;
        });
        const [x, y, z] = [centred(a, 12), centred(b, 12), centred(turned, 12)];
        fc.pre(x.norm > 1e-3 && y.norm > 1e-3);
        expect(linearAlignment(x, z)).toBeCloseTo(1, 8);
        const own = linearAlignment(x, y);
        expect(own).toBeCloseTo(linearAlignment(y, x), 10);
        expect(own).toBeGreaterThanOrEqual(0);
        expect(own).toBeLessThan(1 + 1e-9);
      }),
    );
  });

  it('says nothing of constants, and refuses unlike samples', () => {
    expect(linearAlignment(centred([1, 1, 1], 3), centred([1, 2, 4], 3))).toBeNaN();
    expect(() => linearAlignment(centred([1, 2, 4], 3), centred([1, 2], 2))).toThrow('3 samples');
    expect(() => centred([1, 2, 3], 2)).toThrow('3 features');
  });
});

describe('spectra', () => {
  it('ranks count equal directions, and are 0 of nothing', () => {
    const identity = Float64Array.from({ length: 9 }, (_, i) => (i % 4 === 0 ? 2 : 0));
    const own = spectrumOf(identity, 3, 3);
    expect([own.stableRank, own.effectiveRank]).toEqual([expect.closeTo(3, 10), expect.closeTo(3, 10)]);
    expect(spectrumOf(new Float32Array(6), 2, 3)).toMatchObject({ stableRank: 0, effectiveRank: 0 });
  });
});

describe('planes', () => {
  it('shares of a place sum to 1 and lead back to it; three points on a line have none', () => {
    const size = fc.double({ min: 0.1, max: 9, noNaN: true });
    fc.assert(
      fc.property(size, size, size, fc.double({ min: -9, max: 9, noNaN: true }), (length, along, aside, x) => {
        const plane = planeOf({ second: length ** 2, cross: length * along, third: along ** 2 + aside ** 2 });
        if (!plane) throw new Error('the points are not on a line');
        const [, [x2], [x3, y3]] = plane.corners;
        const [a, b, c] = sharesAt(plane, x, 1.5);
        expect(a + b + c).toBeCloseTo(1, 8);
        expect(b * x2 + c * x3).toBeCloseTo(x, 6);
        expect(c * y3).toBeCloseTo(1.5, 8);
      }),
    );
    expect(planeOf({ second: 4, cross: 6, third: 9 })).toBeUndefined();
    expect(planeOf({ second: 0, cross: 0, third: 1 })).toBeUndefined();
  });
});
