import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../random/counter.ts';
import { type Bounds, BracketSelect, type Found } from './bracket.ts';

const pattern = fc.oneof(
  fc.integer({ min: 0, max: 0x7f7fffff }),
  fc.integer({ min: 0x3c000000, max: 0x3c000fff }),
  fc.constantFrom(0, 0, 1, 0x3c000000, 0x3f800000, 0x7f7fffff),
);

function lookAt(part: Uint32Array, { low, high, heavy }: Bounds): Omit<Found, 'ends'> {
  const count = (one: number) => part.filter((other) => other === one).length;
  return {
    above: part.filter((other) => other > high).length,
    heavy: [count(heavy[0]), count(heavy[1])],
    others: part.filter((other) => other >= low && other <= high && !heavy.includes(other)),
  };
}

function select(parts: readonly Uint32Array[], sample: Uint32Array, rank: number) {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  const bracket = new BracketSelect(sample, total, rank);
  for (let looks = 1; ; looks++) {
    for (const part of parts) bracket.add(lookAt(part, bracket.bounds));
    const ranked = bracket.conclude();
    if (ranked) return { ranked, looks };
    expect(looks).toBeLessThan(20);
  }
}

test('any rank of any numbers, whatever the sample is', () => {
  const drawn = fc.record({
    parts: fc.array(fc.array(pattern), { minLength: 1 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    sample: fc.array(pattern),
    ownSample: fc.boolean(),
  });
  fc.assert(
    fc.property(drawn, ({ parts: lists, at, sample, ownSample }) => {
      const parts = lists.map((list) => Uint32Array.from(list));
      const all = Uint32Array.from(lists.flat()).sort().reverse();
      fc.pre(all.length > 0);
      const rank = 1 + Math.floor(at * (all.length - 1));
      const wanted = all[rank - 1] as number;
      expect(select(parts, ownSample ? all : Uint32Array.from(sample), rank).ranked).toEqual({
        pattern: wanted,
        equal: all.filter((other) => other === wanted).length,
        greater: all.filter((other) => other > wanted).length,
      });
    }),
    { numRuns: 1000 },
  );
});

function mixed(length: number, most: number): Uint32Array {
  const random = randomStream(1, 'patterns');
  return Uint32Array.from({ length }, () => 0x3a000000 + random.integer(most));
}

test('a fair sample needs one look, and few numbers are collected', () => {
  const all = mixed(1_000_000, 2 ** 23);
  const sample = all.filter((_, i) => i % 61 === 0);
  const bracket = new BracketSelect(sample, all.length, 500_000);
  const found = lookAt(all, bracket.bounds);
  expect(found.others.length).toBeLessThan(40_000);
  bracket.add(found);
  expect(bracket.conclude()?.pattern).toBe(all.slice().sort().reverse()[499_999]);
});

test('where neighbours are alike, bounds are farther apart', () => {
  const size = 2 ** 16;
  const even = mixed(size, 2 ** 22);
  // Rows of 512, each with magnitudes of its own.
  const rows = even.map((one, i) => one - ((Math.imul((i >> 9) + 1, 2654435761) >>> 30) << 22));
  const [a, b] = [even, rows].map((sample) => new BracketSelect(sample, 2 ** 20, 2 ** 19));
  expect(b?.share).toBeGreaterThan(3 * (a?.share ?? 1));
});

test('many equal numbers are counted, not collected', () => {
  const all = mixed(300_000, 7);
  const sample = all.filter((_, i) => i % 31 === 0);
  const bracket = new BracketSelect(sample, all.length, 150_000);
  expect(lookAt(all, bracket.bounds).others.length).toBe(0);
  expect(select([all], sample, 150_000).looks).toBe(1);
});

test('too many to be kept are counted, and looked at once more where counters are too coarse', () => {
  const all = mixed(3_000_000, 2 ** 22);
  const { ranked, looks } = select([all.subarray(0, 1_500_000), all.subarray(1_500_000)], new Uint32Array(), 1_234_567);
  const sorted = all.slice().sort().reverse();
  expect(ranked.pattern).toBe(sorted[1_234_566]);
  expect(looks).toBeGreaterThan(1);
});
