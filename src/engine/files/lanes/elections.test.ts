import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Bounds } from '../../../core/stats/bracket.ts';
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { fromFloat32 } from '../../../formats/safetensors/values.ts';
import { type ElectionKernels, rowOf as inMemory, type Row, type RunElection } from './kernels.ts';
import { placeOf, sampled, sampleSize, stepFor } from './looks.ts';
import { plainElections } from './plain-elections.ts';
import { openSimdElections } from './simd-elections.ts';

let simd: ElectionKernels;
const plain = plainElections();

beforeAll(async () => {
  const opened = await openSimdElections();
  if (!opened) throw new Error('no SIMD here');
  simd = opened;
});

const DTYPES = ['F32', 'F16', 'BF16'] as const;
const rowOf = (values: readonly number[], dtype: WeightDtype): Row =>
  inMemory(dtype, new Uint8Array(fromFloat32(Float32Array.from(values), dtype)));
const patternOf = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) & 0x7fffffff;

/** Many of them equal, and many of their differences. */
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 0.5, -0.5, 1, -1, 1.5, 1e-6),
  fc.double({ min: -2, max: 2, noNaN: true }),
);
const drawn = fc.integer({ min: 1, max: 2100 }).chain((length) =>
  fc.record({
    rows: fc.array(
      fc.record({
        values: fc.array(numbers, { minLength: length, maxLength: length }),
        dtype: fc.constantFrom(...DTYPES),
        limit: fc.constantFrom(0, 0.5, 1, 0.3),
        until: fc.oneof(fc.integer({ min: -1, max: length }), fc.constant(Number.POSITIVE_INFINITY)),
        weight: fc.constantFrom(0, 0.3, 0.7, 1, -0.5),
      }),
      { minLength: 2, maxLength: 5 },
    ),
    joining: fc.constantFrom<RunElection['joining']>('mean', 'sum', 'max'),
    zeroSign: fc.constantFrom<RunElection['zeroSign']>(-1, 0, 1),
    lambda: fc.constantFrom(0, 0.3, 1, 2.5),
    dtype: fc.constantFrom(...DTYPES),
  }),
);

test('SIMD and plain give the same bits', () => {
  fc.assert(
    fc.property(drawn, ({ rows: all, joining, zeroSign, lambda, dtype }) => {
      const rows = all.map((row) => rowOf(row.values, row.dtype));
      const count = all[0]?.values.length ?? 0;
      const experts = all.slice(1);
      const cuts = experts.map(({ limit, until }) => ({ limit: patternOf(limit), until }));
      const weights = experts.map(({ weight }) => weight);
      const election = { cuts, weights, joining, zeroSign, lambda };
      const [a, b] = [simd.elect(rows, count, election, dtype), plain.elect(rows, count, election, dtype)];
      expect(Buffer.compare(a.bytes, b.bytes)).toBe(0);
      expect([a.nonFinite, a.beyond]).toEqual([b.nonFinite, b.beyond]);
      expect(simd.balance(rows, count, cuts)).toBe(plain.balance(rows, count, cuts));
      expect(simd.magnitudes(rows, count)).toEqual(plain.magnitudes(rows, count));
      const bounds = experts.map(
        ({ limit, until }): Bounds => ({
          low: patternOf(limit),
          high: patternOf(limit + 0.7),
          heavy: [until > 0 ? patternOf(0.5) : -1, until > 9 ? 0 : -1],
        }),
      );
      expect(simd.bracket(rows, count, bounds)).toEqual(plain.bracket(rows, count, bounds));
      if (joining === 'max') return;
      const deciding = {
        weights,
        joining,
        zeroSign,
        lambda,
        bounds: bounds.map((one) => ({ ...one, low: one.low + 1 })),
      };
      expect(simd.decide(rows, count, deciding, dtype)).toEqual(plain.decide(rows, count, deciding, dtype));
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

/** A base of zeros and an expert, longer than a piece. */
const long = (count: number) => [
  rowOf(new Array<number>(count).fill(0), 'F16'),
  rowOf(
    Array.from({ length: count }, (_, i) => Math.round(8 * Math.sin(i)) / 8),
    'F32',
  ),
];

test('every change is counted once, also over several pieces', () => {
  const count = 70_003;
  const [found] =
    simd.bracket(long(count), count, [{ low: 0, high: patternOf(0.5), heavy: [patternOf(0.25), 0] }]) ?? [];
  if (!found) throw new Error('nothing was found');
  const { above, heavy, others } = found;
  expect(above + heavy[0] + heavy[1] + others.length).toBe(count);
  expect(new Set(others)).toEqual(new Set([0.125, 0.375, 0.5].map(patternOf)));
});

test('a sample has every so many-th eight changes of some pieces', () => {
  const count = 140_003;
  const rows = long(count);
  const all = plain.magnitudes(rows, count);
  expect(sampled(simd, rows, count, 1)).toEqual(all);
  for (const every of [3, 31, 1001]) {
    const wanted: number[] = [];
    for (let from = 0; from < count; from += 2 ** 15)
      for (let at = from; at + 8 * every <= Math.min(count, from + 2 ** 12); at += 8 * every)
        wanted.push(...all.subarray(at, at + 8));
    expect(sampled(simd, rows, count, every)).toEqual(Uint32Array.from(wanted));
    expect(sampleSize(count, every)).toBe(wanted.length);
  }
  expect(sampleSize(2 ** 20, stepFor(2 ** 15, 2 ** 20))).toBeGreaterThan(2 ** 14);
  expect(sampleSize(2 ** 20, stepFor(2 ** 15, 2 ** 20))).toBeLessThan(2 ** 17);
});

test('the place behind the nth of equal changes', () => {
  const count = 140_003;
  const rows = long(count);
  const places = [...plain.magnitudes(rows, count).entries()].filter(([, pattern]) => pattern === patternOf(0.5));
  for (const nth of [1, 2, 1000, places.length]) {
    expect(placeOf(simd, rows, count, patternOf(0.5), nth)).toBe((places[nth - 1]?.[0] ?? 0) + 1);
  }
  expect(() => placeOf(simd, rows, count, patternOf(0.5), places.length + 1)).toThrow('1 of');
});

test.each(['simd', 'plain'] as const)('%s: a change that is not finite is told, also where it is not used', (name) => {
  const kernels = name === 'simd' ? simd : plain;
  const rows = [rowOf([1, 2, 3], 'F32'), rowOf([1, Number.NaN, 3], 'F32')];
  const election = { cuts: [{ limit: 0, until: 9 }], weights: [0], joining: 'sum', zeroSign: 1, lambda: 0 } as const;
  expect(kernels.elect(rows, 3, election, 'F16').nonFinite).toBeGreaterThan(0);
});

test('refuses a row of another length', () => {
  expect(() => simd.magnitudes([rowOf([1, 2], 'F16')], 3)).toThrow('a row has 4 bytes of F16, and 6 are wanted');
});
