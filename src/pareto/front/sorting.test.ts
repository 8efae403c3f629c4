import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import peers from '../fixtures/peers.json' with { type: 'json' };
import { expectClose } from '../quadratic.testing.ts';
import { flattened } from './dominance.ts';
import { nonDominatedRows } from './filter.ts';
import { crowding, sortIntoFronts } from './sorting.ts';

const negated = (costs: readonly (readonly number[])[]) =>
  flattened(costs, costs[0]?.length ?? 0).map((value) => -value);

const dominates = (a: readonly number[], b: readonly number[]) =>
  a.every((x, m) => x >= (b[m] ?? 0)) && a.some((x, m) => x > (b[m] ?? 0));

const cloud = (levels: number, most = 60) =>
  fc.integer({ min: 1, max: 10 }).chain((m) =>
    fc.array(fc.array(fc.integer({ min: 0, max: levels }), { minLength: m, maxLength: m }), {
      minLength: 1,
      maxLength: most,
    }),
  );

describe('fronts of a population', () => {
  it('are the specification’s', () => {
    const costs = [
      [1, 5],
      [2, 3],
      [4, 1],
      [3, 3],
      [5, 5],
      [2, 6],
      [4, 4],
    ];
    expect(sortIntoFronts(negated(costs), 2)).toEqual([[0, 1, 2], [3, 5], [6], [4]]);
  });

  it.each(peers.sorting)('are pymoo’s, case %#', ({ costs, ranks }) => {
    const fronts = sortIntoFronts(negated(costs), costs[0]?.length ?? 0);
    expect(ranks.map((_, i) => fronts.findIndex((front) => front.includes(i)))).toEqual(ranks);
  });

  it('hold every point once, each dominated by one of the front before and by none of its own', () => {
    fc.assert(
      fc.property(cloud(4), (points) => {
        const fronts = sortIntoFronts(flattened(points, points[0]?.length ?? 0), points[0]?.length ?? 0);
        expect(fronts.flat().toSorted((a, b) => a - b)).toEqual(points.map((_, i) => i));
        const at = (i: number) => points[i] ?? [];
        for (const [rank, front] of fronts.entries()) {
          const above = fronts[rank - 1] ?? [];
          for (const i of front) {
            expect(front.some((j) => dominates(at(j), at(i)))).toBe(false);
            expect(rank === 0 || above.some((j) => dominates(at(j), at(i)))).toBe(true);
          }
        }
      }),
    );
  });
});

describe('crowding', () => {
  it('is the specification’s', () => {
    const costs = [
      [1, 5],
      [2, 3],
      [3, 2.5],
      [4, 1],
    ];
    const [first, second, third, fourth] = crowding(negated(costs), 2, [0, 1, 2, 3]);
    expect([first, fourth]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expectClose([second ?? 0, third ?? 0], [31 / 48, 7 / 12], 1e-12);
  });

  it.each(peers.crowding)('is pymoo’s, case %#', ({ costs, distances }) => {
    const members = costs.map((_, i) => i);
    const got = crowding(negated(costs), costs[0]?.length ?? 0, members);
    for (const [i, wanted] of distances.entries()) {
      if (wanted === null) expect(got[i]).toBe(Number.POSITIVE_INFINITY);
      else expectClose([got[i] ?? 0], [wanted], 1e-9);
    }
  });

  it('and fronts do not change with the units of the objectives', () => {
    // Powers of two, so that scaling rounds nothing.
    const unit = fc.tuple(fc.constantFrom(0.25, 0.5, 2, 8), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(cloud(9), fc.array(unit, { minLength: 10, maxLength: 10 }), (points, units) => {
        const m = points[0]?.length ?? 0;
        const plain = flattened(points, m);
        const other = plain.map((value, k) => value * (units[k % m]?.[0] ?? 1) + (units[k % m]?.[1] ?? 0));
        const fronts = sortIntoFronts(plain, m);
        expect(sortIntoFronts(other, m)).toEqual(fronts);
        for (const front of fronts) {
          const [got, wanted] = [crowding(other, m, front), crowding(plain, m, front)];
          for (const [k, distance] of wanted.entries()) {
            if (distance === Number.POSITIVE_INFINITY) expect(got[k]).toBe(distance);
            else expectClose([got[k] ?? 0], [distance], 1e-12);
          }
        }
      }),
    );
  });

  it('skips an objective in which all are equal', () => {
    const values = Float64Array.of(1, 7, 2, 7, 4, 7);
    expect([...crowding(values, 2, [0, 1, 2])]).toEqual([Number.POSITIVE_INFINITY, 0.5, Number.POSITIVE_INFINITY]);
  });
});

describe('the filter of many rows', () => {
  it.each([2, 12, 1000])('keeps exactly what a comparison of all pairs keeps, with %i levels', (levels) => {
    fc.assert(
      fc.property(cloud(levels, 200), (points) => {
        const wanted = points.filter((a) => !points.some((b) => dominates(b, a))).map(String);
        const got = nonDominatedRows(flattened(points, points[0]?.length ?? 0), points[0]?.length ?? 0);
        expect(got.map((i) => String(points[i])).toSorted()).toEqual([...new Set(wanted)].toSorted());
      }),
    );
  });

  it('orders rows whose sums tie by rounding', () => {
    // 1e16 + 1 is 1e16: the second dominates the first at the same sum.
    expect(nonDominatedRows(Float64Array.of(1e16, 0, 0, 1e16, 1, 0), 3)).toEqual([1]);
  });

  it('takes infinite values', () => {
    const none = Number.NEGATIVE_INFINITY;
    expect(nonDominatedRows(Float64Array.of(none, none, none, 0, none, 1, none, 0, 0), 3)).toEqual([1, 2]);
  });
});
