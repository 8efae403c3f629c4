import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import peers from '../fixtures/peers.json' with { type: 'json' };
import { expectClose } from '../quadratic.testing.ts';
import {
  additiveEpsilon,
  drawn,
  gd,
  gdPlus,
  igd,
  igdPlus,
  predictionGap,
  relativeHypervolume,
  winRate,
} from './indicators.ts';

/** The literature minimises. */
const negated = (points: readonly (readonly number[])[]) => points.map((point) => point.map((value) => -value));

const front = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }), {
  minLength: 1,
  maxLength: 12,
});

describe('distances of fronts', () => {
  const reference = negated([
    [0, 10],
    [1, 6],
    [2, 2],
    [6, 1],
    [10, 0],
  ]);
  const measured = negated([
    [2, 4],
    [3, 3],
    [4, 2],
  ]);

  it.each([
    ['GD', gd, 1.804737854],
    ['GD⁺', gdPlus, 1.138071187],
    ['IGD', igd, 3.707092032],
    ['IGD⁺', igdPlus, 1.482842712],
    ['ε', additiveEpsilon, 2],
  ])('%s is the specification’s', (_, indicator, wanted) => {
    expect(indicator(measured, reference)).toBeCloseTo(wanted, 8);
  });

  it.each(peers.indicators)('are pymoo’s and moocore’s, case %#', (peer) => {
    const [f, r] = [negated(peer.front), negated(peer.reference)];
    const got = [gd(f, r), gdPlus(f, r), igd(f, r), igdPlus(f, r), additiveEpsilon(f, r)];
    expectClose(got, [peer.gd, peer.gdPlus, peer.igd, peer.igdPlus, peer.epsilon], 1e-9);
  });

  it('are 0 from a front to itself', () => {
    fc.assert(
      fc.property(front, (points) => {
        for (const indicator of [gd, gdPlus, igd, igdPlus]) expect(indicator(points, points)).toBe(0);
        expect(additiveEpsilon(points, points)).toBe(0);
      }),
    );
  });

  it('IGD⁺ and ε never get worse when a point is added, nor when one gets better', () => {
    fc.assert(
      fc.property(front, front, fc.nat(), fc.nat(2), (points, wanted, which, objective) => {
        const at = which % points.length;
        const better = points.map((point, i) =>
          point.map((value, m) => (i === at && m === objective ? value + 1 : value)),
        );
        for (const indicator of [igdPlus, additiveEpsilon]) {
          expect(indicator(better, wanted)).toBeLessThanOrEqual(indicator(points, wanted));
          expect(indicator([...points, ...wanted.slice(0, 1)], wanted)).toBeLessThanOrEqual(indicator(points, wanted));
        }
      }),
    );
  });

  it('of an empty front are refused', () => {
    expect(() => igd([], [[1]])).toThrow('a front of 1 points cannot be compared with one of 0');
  });
});

describe('the win rate', () => {
  it('counts ties half: the specification’s toy, and ½ for equal fronts', () => {
    const a = [
      [0.6, 0.4],
      [0.5, 0.5],
    ];
    const b = [
      [0.5, 0.45],
      [0.4, 0.6],
      [0.6, 0.4],
    ];
    expect(winRate(a, b)).toBeCloseTo(0.5416667, 7);
    expect(winRate(a, a)).toBe(0.5);
  });

  it('is shared between both sides, and the mean of all comparisons', () => {
    fc.assert(
      fc.property(front, front, (a, b) => {
        expect(winRate(a, b) + winRate(b, a)).toBeCloseTo(1, 12);
        const won = a.flatMap((x) => b.flatMap((y) => x.map((value, m) => (Math.sign(value - (y[m] ?? 0)) + 1) / 2)));
        expect(winRate(a, b)).toBeCloseTo(won.reduce((sum, value) => sum + value, 0) / won.length, 12);
      }),
    );
  });

  it('may be taken of some points of a front: different ones, the same for a seed', () => {
    const points = Array.from({ length: 30 }, (_, i) => [i]);
    const some = drawn(points, 10, 1);
    expect(new Set(some).size).toBe(10);
    expect(drawn(points, 10, 1)).toEqual(some);
    expect(drawn(points, 10, 2)).not.toEqual(some);
    expect(drawn(points, 100, 1)).toHaveLength(30);
  });
});

describe('the relative hypervolume', () => {
  const base = [0.5, 0.2];
  const experts = [0.9, 0.6];

  it('is 0 at the base, 1 where every task is as good as its expert, and more beyond', () => {
    expect(relativeHypervolume([base], base, experts)).toBe(0);
    expect(relativeHypervolume([experts], base, experts)).toBeCloseTo(1, 12);
    expect(relativeHypervolume([[0.92, 0.6]], base, experts)).toBeCloseTo(1.05, 12);
    expect(relativeHypervolume([[0.7, 0.4]], base, experts)).toBeCloseTo(0.25, 12);
  });

  it('is undefined where an expert gains next to nothing', () => {
    expect(relativeHypervolume([experts], base, [0.505, 0.6])).toBeUndefined();
  });
});

describe('the gap of predicted and measured', () => {
  it('tells mean and largest difference, and which way they lean', () => {
    const gap = predictionGap(
      [
        [0.9, 0.5],
        [0.8, 0.6],
      ],
      [
        [0.8, 0.5],
        [0.9, 0.3],
      ],
    );
    expectClose([gap.mean, gap.max, gap.bias], [0.125, 0.3, 0.075], 1e-12);
  });

  it('needs as many of both', () => {
    expect(() => predictionGap([[1]], [])).toThrow('1 predicted points and 0 measured ones');
  });
});
