import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import peers from '../fixtures/peers.json' with { type: 'json' };
import { hypervolume2 } from '../front/dominance.ts';
import { expectClose } from '../quadratic.testing.ts';
import {
  contributions,
  estimateHypervolume,
  hypervolume,
  hypervolumeGain,
  hypervolumeOrEstimate,
} from './hypervolume.ts';

type Points = readonly (readonly number[])[];

/** The literature minimises. */
const negated = (points: Points) => points.map((point) => point.map((value) => -value));
const ofCosts = (points: Points, reference: readonly number[]) =>
  hypervolume(
    negated(points),
    reference.map((value) => -value),
  );
const cyclic = (n: number) =>
  Array.from({ length: n }, (_, shift) => Array.from({ length: n }, (_, i) => ((i + shift) % n) + 1));
const same = (value: number, n: number) => Array.from({ length: n }, () => value);

const FIVE = [
  [0.1, 0.9, 0.5],
  [0.5, 0.5, 0.5],
  [0.9, 0.1, 0.5],
  [0.3, 0.3, 0.9],
  [0.7, 0.7, 0.1],
];

/** Σ over all groups of points of ± the box that they share: slow, and written without looking at the code under test. */
function byInclusionExclusion(points: Points): number {
  let total = 0;
  for (let group = 1; group < 2 ** points.length; group++) {
    const members = points.filter((_, i) => (group >> i) & 1);
    const shared = (members[0] ?? []).map((_, m) => Math.min(...members.map((point) => point[m] ?? 0)));
    total += (members.length % 2 === 1 ? 1 : -1) * shared.reduce((product, side) => product * Math.max(side, 0), 1);
  }
  return total;
}

const coordinate = fc.integer({ min: -1, max: 6 });
const pointsOf = (most: number, lowest = 1, highest = 6) =>
  fc.integer({ min: lowest, max: highest }).chain((m) =>
    fc.record({
      m: fc.constant(m),
      points: fc.array(fc.array(coordinate, { minLength: m, maxLength: m }), { maxLength: most }),
      one: fc.array(coordinate, { minLength: m, maxLength: m }),
    }),
  );

describe('the hypervolume', () => {
  it('of two objectives is the golden one, whatever adds nothing', () => {
    const front = [
      [1, 5],
      [2, 3],
      [4, 1],
    ];
    expect(ofCosts(front, [6, 6])).toBe(17);
    expect(ofCosts([...front, [2, 3], [5, 5], [7, 0]], [6, 6])).toBe(17);
  });

  it('of cyclic shifts and of five points in three objectives is moocore’s', () => {
    expect(ofCosts(cyclic(3), same(4, 3))).toBe(13);
    expect(ofCosts(cyclic(4), same(5, 4))).toBe(71);
    expect(ofCosts(cyclic(8), same(9, 8))).toBe(273343);
    expect(ofCosts(FIVE, same(1, 3))).toBeCloseTo(0.221, 12);
  });

  it('is the sum over groups of shared boxes, in one to six objectives', () => {
    fc.assert(
      fc.property(pointsOf(8), ({ points, m }) => {
        expect(hypervolume(points, same(0, m))).toBeCloseTo(byInclusionExclusion(points), 8);
      }),
      { numRuns: 300 },
    );
  });

  it('of two objectives is the covered area', () => {
    fc.assert(
      fc.property(pointsOf(30, 2, 2), ({ points }) => {
        expect(hypervolume(points, [0, 0])).toBeCloseTo(hypervolume2(points, [0, 0]), 9);
      }),
    );
  });

  it('never shrinks when a point is added, and grows by its gain', () => {
    fc.assert(
      fc.property(pointsOf(12), ({ points, one, m }) => {
        const reference = same(0, m);
        const [before, after] = [hypervolume(points, reference), hypervolume([...points, one], reference)];
        expect(after).toBeGreaterThanOrEqual(before);
        expect(hypervolumeGain(points, one, reference)).toBeCloseTo(after - before, 8);
      }),
    );
  });

  it('does not change with the order of objectives or of points', () => {
    fc.assert(
      fc.property(pointsOf(12, 3, 6), ({ points, m }) => {
        const turned = points.map((point) => [...point.slice(1), ...point.slice(0, 1)]).toReversed();
        expect(hypervolume(turned, same(0, m))).toBeCloseTo(hypervolume(points, same(0, m)), 8);
      }),
    );
  });

  it('refuses points of other objectives than the reference', () => {
    expect(() => hypervolume([[1, 2, 3]], [0, 0])).toThrow('a point has 3 objectives, but the reference has 2');
  });

  it.each(peers.hypervolume)('is moocore’s, and so is what each point contributes, case %#', (peer) => {
    const reference = peer.reference.map((value) => -value);
    expectClose([hypervolume(negated(peer.costs), reference)], [peer.volume], 1e-9);
    expectClose(contributions(negated(peer.costs), reference), peer.contributions, 1e-9);
  });
});

describe('contributions', () => {
  it('are moocore’s of the five points, and none of a dominated or doubled one', () => {
    const alone = [0.018, 0.048, 0.018, 0.02, 0.036];
    expectClose(contributions(negated(FIVE), same(-1, 3)), alone, 1e-12);
    const [first = []] = FIVE;
    const crowded = contributions(negated([...FIVE, [0.6, 0.6, 0.6], first]), same(-1, 3));
    expectClose(crowded, [0, ...alone.slice(1), 0, 0], 1e-12);
  });
});

describe('the estimated hypervolume', () => {
  it('lies within four of its deviations of the exact one', () => {
    for (const { costs, reference, volume } of peers.hypervolume) {
      const estimate = estimateHypervolume(
        negated(costs),
        reference.map((value) => -value),
      );
      expect(Math.abs(estimate.value - volume)).toBeLessThan(4 * estimate.deviation);
      // Tight enough to be worth showing: three percent, even where six objectives leave a fiftieth of the box.
      expect(estimate.deviation).toBeLessThan(0.03 * volume);
    }
  });

  it('replaces the exact one only where that would take too long, and says so', () => {
    expect(hypervolumeOrEstimate(negated(cyclic(8)), same(-9, 8))).toEqual({ estimated: false, value: 273343 });
    const nine = hypervolumeOrEstimate(negated(cyclic(9)), same(-10, 9));
    expect(nine.estimated).toBe(true);
    const cube = Array.from({ length: 1100 }, (_, i) => [i, 1100 - i, 1, 1]);
    expect(hypervolumeOrEstimate(cube, same(0, 4)).estimated).toBe(true);
    const line = Array.from({ length: 300 }, (_, i) => [i / 300, 1 - i / 300, 0.5, 0.5]);
    expect(hypervolumeOrEstimate(line, same(0, 4)).estimated).toBe(false);
    expect(
      hypervolumeOrEstimate(
        line.map((point) => [...point, 0.5]),
        same(0, 5),
      ).estimated,
    ).toBe(true);
  });

  it('of nothing is nothing', () => {
    expect(estimateHypervolume([], [0, 0]).value).toBe(0);
    expect(estimateHypervolume([[1, -1]], [0, 0]).value).toBe(0);
  });
});
