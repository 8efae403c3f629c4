import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { TALLY_BINS } from '../../../core/stats/select.ts';
import type { WeightDtype } from '../../../formats/safetensors/dtype.ts';
import { fromFloat32 } from '../../../formats/safetensors/values.ts';
import type { ElectionKernels, Row, RunElection } from './kernels.ts';
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
const rowOf = (values: readonly number[], dtype: WeightDtype): Row => ({
  dtype,
  bytes: new Uint8Array(fromFloat32(Float32Array.from(values), dtype)),
});
const patternOf = (value: number) => (new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0) & 0x7fffffff;

const isSame = (a: Uint32Array, b: Uint32Array) => a.length === b.length && a.every((count, bin) => count === b[bin]);

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
      const limits = cuts.map(({ limit }) => limit);
      expect(simd.countEqual(rows, count, limits)).toEqual(plain.countEqual(rows, count, limits));
      for (const highs of [experts.map(() => undefined), limits.map((limit) => limit >>> 15)])
        expect(isSame(simd.tally(rows, count, highs), plain.tally(rows, count, highs))).toBe(true);
    }),
    { numRuns: 60, seed: 20261122 },
  );
});

test('every change is counted once, also over several chunks', () => {
  const count = 70_003;
  const values = Array.from({ length: count }, (_, i) => Math.sin(i));
  const rows = [
    rowOf(
      values.map(() => 0),
      'F16',
    ),
    rowOf(values, 'F32'),
  ];
  const counts = simd.tally(rows, count, [undefined]);
  expect(counts.length).toBe(TALLY_BINS);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(count);
  expect(isSame(counts, plain.tally(rows, count, [undefined]))).toBe(true);
});

test.each(['simd', 'plain'] as const)('%s: a change that is not finite is told, also where it is not used', (name) => {
  const kernels = name === 'simd' ? simd : plain;
  const rows = [rowOf([1, 2, 3], 'F32'), rowOf([1, Number.NaN, 3], 'F32')];
  const election = { cuts: [{ limit: 0, until: 9 }], weights: [0], joining: 'sum', zeroSign: 1, lambda: 0 } as const;
  expect(kernels.elect(rows, 3, election, 'F16').nonFinite).toBeGreaterThan(0);
});

test('refuses a row of another length', () => {
  expect(() => simd.tally([rowOf([1, 2], 'F16')], 3, [])).toThrow('row 0 has 4 bytes, 3 weights of F16 take 6');
});
