/** The quick decompositions against the exact ones, to the float32 precision that they promise. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomStream } from '../random/counter.ts';
import { matmul } from './matrix.ts';
import { polar, polarFactor } from './polar.ts';
import { quickSvd, type Svd, thinSvd } from './svd.ts';

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 14 }),
  cols: fc.integer({ min: 1, max: 14 }),
  seed: fc.integer(),
});

function gaussian(rows: number, cols: number, seed: number): Float64Array {
  const random = randomStream(seed, 'quick');
  return Float64Array.from({ length: rows * cols }, () => random.normal());
}

function product({ left, values, right }: Svd, count: number, rows: number, cols: number): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let q = 0; q < count; q++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) {
        const at = i * cols + j;
        const term = (values[q] ?? 0) * (left[q * rows + i] ?? 0) * (right[q * cols + j] ?? 0);
        out[at] = (out[at] ?? 0) + term;
      }
    }
  }
  return out;
}

const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.hypot(...Array.from(a, (value, i) => value - (b[i] ?? 0)));

it('quickSvd puts a matrix together again, whatever its rank', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 14 }), ({ rows, cols, seed }, inner) => {
      const rank = Math.min(inner, rows, cols);
      const x = matmul(gaussian(rows, rank, seed), gaussian(rank, cols, seed + 1), rows, rank, cols);
      const scale = Math.hypot(...x);
      const quick = quickSvd(x, rows, cols);
      expect(far(product(quick, quick.count, rows, cols), x)).toBeLessThan(1e-6 * scale);
      expect(far(quick.values, thinSvd(x, rows, cols).values)).toBeLessThan(1e-6 * scale);
    }),
  );
});

it('quickSvd finds the strongest directions alone', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 14 }), ({ rows, cols, seed }, wanted) => {
      const count = Math.min(wanted, rows, cols);
      const x = gaussian(rows, cols, seed);
      const best = product(thinSvd(x, rows, cols), count, rows, cols);
      expect(far(product(quickSvd(x, rows, cols, count), count, rows, cols), best)).toBeLessThan(
        1e-5 * Math.hypot(...x),
      );
    }),
  );
});

it('polarFactor is the factor of polar, also where singular values are far apart or missing', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 0, max: 5 }), ({ rows, cols, seed }, decades) => {
      const x = gaussian(rows, cols, seed).map((value, i) => value * 10 ** (-decades * (i % cols)));
      expect(far(polarFactor(x, rows, cols), polar(x, rows, cols).q)).toBeLessThan(1e-5 * Math.sqrt(rows + cols));
    }),
  );
});

it('polarFactor of nothing is nothing', () => {
  expect([...polarFactor(new Float64Array(6), 2, 3)]).toEqual([0, 0, 0, 0, 0, 0]);
});
