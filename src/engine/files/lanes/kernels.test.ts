import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type WeightDtype, WIDTH } from '../../../formats/safetensors/dtype.ts';
import { bfloat16Patterns, float16Patterns, fromFloat16 } from '../../../formats/safetensors/float16.ts';
import { fromFloat32, toFloat32 } from '../../../formats/safetensors/values.ts';
import { rowOf as inMemory, type Row, type WeightKernels } from './kernels.ts';
import { plainKernels } from './plain.ts';
import { openSimdKernels } from './simd.ts';

const DTYPES = ['F32', 'F16', 'BF16'] as const;
const PATTERNS = 2 ** 16;

const bytesOf = (values: ArrayLike<number>, dtype: WeightDtype) =>
  new Uint8Array(fromFloat32(Float32Array.from(values), dtype));
const rowOf = (values: ArrayLike<number>, dtype: WeightDtype): Row => inMemory(dtype, bytesOf(values, dtype));
const valuesOf = (bytes: Uint8Array, dtype: WeightDtype) => toFloat32({ dtype, shape: [], bytes });
const patternsOf = (bytes: Uint8Array) => new Uint16Array(bytes.slice().buffer);

let simd: WeightKernels;
const plain = plainKernels();

beforeAll(async () => {
  const opened = await openSimdKernels();
  if (!opened) throw new Error('no SIMD here');
  simd = opened;
});

describe.each(['simd', 'plain'] as const)('%s', (name) => {
  const kernels = () => (name === 'simd' ? simd : plain);
  const convert = (bytes: Uint8Array<ArrayBuffer>, from: WeightDtype, to: WeightDtype) =>
    kernels().weightedSum([{ ...inMemory(from, bytes), weight: 1 }], bytes.length / WIDTH[from], to);

  test('decodes every float16, exactly', () => {
    const all = Uint16Array.from({ length: PATTERNS }, (_, i) => i);
    const decoded = new Float32Array(convert(new Uint8Array(all.buffer), 'F16', 'F32').bytes.buffer);
    const wanted = Float32Array.from(all, (pattern) => fromFloat16(pattern));
    expect(decoded.findIndex((value, i) => !Object.is(value, wanted[i]))).toBe(-1);
  });

  test('decodes every bfloat16, bit for bit', () => {
    const all = Uint16Array.from({ length: PATTERNS }, (_, i) => i);
    const decoded = new Uint32Array(convert(new Uint8Array(all.buffer), 'BF16', 'F32').bytes.buffer);
    const isNan = (pattern: number) => (pattern & 0x7fff) > 0x7f80;
    // A product with 1 makes every NaN quiet.
    expect(all.findIndex((pattern) => !isNan(pattern) && decoded[pattern] !== pattern * 2 ** 16)).toBe(-1);
    expect(all.findIndex((pattern) => isNan(pattern) !== Number.isNaN(asFloat(decoded[pattern] ?? 0)))).toBe(-1);
  });

  /** Every upper half of a float32 with the lower halves where rounding turns. */
  const turning = (lower: number) => Uint32Array.from({ length: PATTERNS }, (_, i) => i * 2 ** 16 + lower);

  test.each([0, 1, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000, 0x3001, 0x7fff, 0x8000, 0x8001, 0xf000, 0xffff])(
    'rounds to nearest, ties to even: lower half %i',
    (lower) => {
      const bits = turning(lower);
      const values = new Float32Array(bits.buffer);
      for (const [dtype, patterns] of [
        ['F16', float16Patterns],
        ['BF16', bfloat16Patterns],
      ] as const) {
        const { bytes } = convert(new Uint8Array(bits.buffer), 'F32', dtype);
        const wanted = patterns(values);
        const got = patternsOf(bytes);
        const wrong = got.findIndex((one, i) => one !== wanted[i] && !Number.isNaN(values[i]));
        expect(wrong, `${dtype} of ${values[wrong]}`).toBe(-1);
        const isNan = (one: number) => (dtype === 'F16' ? (one & 0x7fff) > 0x7c00 : (one & 0x7fff) > 0x7f80);
        expect(got.findIndex((one, i) => Number.isNaN(values[i]) !== isNan(one))).toBe(-1);
      }
    },
  );

  test('counts what is not finite apart from what the type cannot hold', () => {
    const values = [1, 65519, 65520, -1e6, Number.NaN, Number.NEGATIVE_INFINITY, 3.4e38, 2, 5e-324, 0, 70000];
    const counted = (dtype: WeightDtype) => {
      const { nonFinite, beyond } = convert(bytesOf(values, 'F32'), 'F32', dtype);
      return { nonFinite, beyond };
    };
    expect(counted('F16')).toEqual({ nonFinite: 2, beyond: 4 });
    expect(counted('BF16')).toEqual({ nonFinite: 2, beyond: 1 });
    expect(counted('F32')).toEqual({ nonFinite: 2, beyond: 0 });
  });

  test('inner products of changes are those of the differences', () => {
    const rows = [rowOf([1, 1, 1], 'F16'), rowOf([3, 1, 0], 'BF16'), rowOf([1, 5, 2], 'F32')];
    expect([...kernels().gram(rows, 3, true)]).toEqual([5, -1, 17]);
    expect([...kernels().gram(rows, 3, false)]).toEqual([3, 4, 8, 10, 8, 30]);
  });

  test('refuses a row of another length', () => {
    expect(() => kernels().gram([rowOf([1, 2], 'F16')], 3, false)).toThrow(
      'a row has 4 bytes of F16, and 6 are wanted',
    );
  });
});

const asFloat = (bits: number) => new Float32Array(Uint32Array.of(bits).buffer)[0] as number;

const weights = fc.double({ min: -2, max: 2, noNaN: true });
const numbers = (length: number) =>
  fc.array(fc.oneof(weights, fc.constantFrom(0, -0, 1e-6, 6e-8, 65504, 1e-40)), {
    minLength: length,
    maxLength: length,
  });
const rowsOf = fc.integer({ min: 1, max: 2100 }).chain((length) =>
  fc.array(fc.record({ values: numbers(length), dtype: fc.constantFrom(...DTYPES), weight: weights }), {
    minLength: 1,
    maxLength: 5,
  }),
);

test('SIMD and plain give the same bits', () => {
  fc.assert(
    fc.property(rowsOf, fc.constantFrom(...DTYPES), (drawn, dtype) => {
      const rows = drawn.map(({ values, weight, dtype: own }) => ({ ...rowOf(values, own), weight }));
      const count = drawn[0]?.values.length ?? 0;
      const [a, b] = [simd.weightedSum(rows, count, dtype), plain.weightedSum(rows, count, dtype)];
      // Both signs of zero are zero: a sum that starts with −0 is the only difference there may be.
      expect(Buffer.compare(a.bytes, b.bytes)).toBe(0);
      expect([a.nonFinite, a.beyond]).toEqual([b.nonFinite, b.beyond]);
      for (const changes of [false, true])
        expect(simd.gram(rows, count, changes)).toEqual(plain.gram(rows, count, changes));
    }),
    { numRuns: 100, seed: 20261122 },
  );
});

test('what was written into is written into again', () => {
  const rows = [{ ...rowOf([1, 2, 3], 'F16'), weight: 2 }];
  const room = new ArrayBuffer(64);
  for (const kernels of [simd, plain]) {
    const { bytes } = kernels.weightedSum(rows, 3, 'F32', room);
    expect(bytes.buffer).toBe(room);
    expect([...valuesOf(bytes, 'F32')]).toEqual([2, 4, 6]);
  }
});

test('a weighted sum is that of the decoded rows', () => {
  fc.assert(
    fc.property(rowsOf, (drawn) => {
      const rows = drawn.map(({ values, weight, dtype }) => ({ ...rowOf(values, dtype), weight }));
      const count = drawn[0]?.values.length ?? 0;
      const got = valuesOf(simd.weightedSum(rows, count, 'F32').bytes, 'F32');
      const decoded = drawn.map(({ values, dtype }) => valuesOf(bytesOf(values, dtype), dtype));
      for (let i = 0; i < count; i++) {
        const terms = rows.map(({ weight }, r) => Math.fround(weight) * (decoded[r]?.[i] ?? 0));
        const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        expect(Math.abs((got[i] ?? 0) - terms.reduce((sum, term) => sum + term, 0))).toBeLessThanOrEqual(
          size * 2 ** -21 + 1e-37,
        );
      }
    }),
    { numRuns: 50, seed: 20261122 },
  );
});
