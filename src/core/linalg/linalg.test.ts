import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random/counter.ts';
import { eigh } from './eigh.ts';
import { gram, matmul, transposed } from './matrix.ts';
import { polar } from './polar.ts';
import { thinSvd } from './svd.ts';

const EPSILON = Number.EPSILON;
const side = fc.integer({ min: 1, max: 12 });
const seed = fc.integer();

function gaussian(rows: number, cols: number, seedValue: number): Float64Array {
  const random = randomStream(seedValue, 'linalg');
  return Float64Array.from({ length: rows * cols }, () => random.normal());
}

/** rows × cols of the given rank: a product of two Gaussian factors. */
function ofRank(rows: number, cols: number, rank: number, seedValue: number): Float64Array {
  return matmul(gaussian(rows, rank, seedValue), gaussian(rank, cols, seedValue + 1), rows, rank, cols);
}

const frobenius = (x: ArrayLike<number>) => Math.hypot(...Array.from(x));
const difference = (a: Float64Array, b: Float64Array) => a.map((value, i) => value - (b[i] as number));
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));

/** How far the rows of x [rows, cols] are from orthonormal. */
const skew = (x: Float64Array, rows: number, cols: number) =>
  frobenius(difference(gram(x, rows, cols), identity(rows)));

describe('matmul', () => {
  it('multiplies non-square matrices', () => {
    const a = Float64Array.of(1, 2, 3, 4, 5, 6);
    const b = Float64Array.of(1, 0, 0, 1, 1, 1);
    expect([...matmul(a, b, 2, 3, 2)]).toEqual([4, 5, 10, 11]);
  });

  it('refuses sizes that do not fit', () => {
    expect(() => matmul(new Float64Array(4), new Float64Array(4), 2, 3, 2)).toThrow('not [2, 3]');
  });
});

describe('eigh', () => {
  it('reconstructs every symmetric matrix from orthonormal vectors and sorted values', () => {
    fc.assert(
      fc.property(side, seed, (n, s) => {
        const half = gaussian(n, n, s);
        const a = half.map((value, i) => value + (half[(i % n) * n + Math.floor(i / n)] as number));
        const { values, vectors } = eigh(a, n);
        const tolerance = 16 * EPSILON * n * frobenius(a);
        const weighted = vectors.map((value, i) => value * (values[Math.floor(i / n)] as number));
        const back = matmul(transposed(vectors, n, n), weighted, n, n, n);
        expect(frobenius(difference(back, a))).toBeLessThanOrEqual(tolerance);
        expect(skew(vectors, n, n)).toBeLessThanOrEqual(16 * EPSILON * n);
        for (let i = 1; i < n; i++) expect(values[i - 1]).toBeGreaterThanOrEqual(values[i] as number);
      }),
    );
  });

  it('keeps repeated and zero eigenvalues', () => {
    expect([...eigh(identity(5), 5).values]).toEqual([1, 1, 1, 1, 1]);
    expect([...eigh(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect([...eigh(Float64Array.of(0, 1, 1, 0), 2).values].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([1, -1]);
  });

  it('converges where most eigenvalues are rounding noise', () => {
    const x = ofRank(128, 40, 8, 3).map(Math.fround);
    const { values } = eigh(gram(x, 128, 40), 128);
    const noise = values.subarray(40).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(noise).toBeLessThan(1e-12 * (values[0] as number));
  });

  it('quotes a value that is not a number', () => {
    expect(() => eigh(Float64Array.of(1, 0, Number.NaN, 1), 2)).toThrow('row 1, column 0 holds NaN');
  });

  it('reconstructs a Gram matrix of 64 × 64', () => {
    const a = gram(gaussian(64, 64, 1), 64, 64);
    const { values, vectors } = eigh(a, 64);
    const back = matmul(
      transposed(vectors, 64, 64),
      vectors.map((value, i) => value * (values[i >> 6] as number)),
      64,
      64,
      64,
    );
    expect(frobenius(difference(back, a))).toBeLessThanOrEqual(16 * EPSILON * 64 * frobenius(a));
  });
});

describe('thinSvd', () => {
  it('reconstructs wide, tall, single-row and rank-deficient matrices', () => {
    fc.assert(
      fc.property(side, side, side, seed, (rows, cols, rank, s) => {
        const x = ofRank(rows, cols, rank, s);
        const { count, left, values, right } = thinSvd(x, rows, cols);
        const weighted = right.map((value, i) => value * (values[Math.floor(i / cols)] as number));
        const back = matmul(transposed(left, count, rows), weighted, rows, count, cols);
        expect(count).toBe(Math.min(rows, cols));
        expect(frobenius(difference(back, x))).toBeLessThanOrEqual(16 * EPSILON * (rows + cols) * frobenius(x));
        for (let i = 1; i < count; i++) expect(values[i - 1]).toBeGreaterThanOrEqual(values[i] as number);
      }),
    );
  });

  it('has orthonormal vectors on both sides even where singular values span ten decades', () => {
    const n = 12;
    const q = (s: number) => polar(gaussian(n, n, s), n, n).q;
    const decades = identity(n).map((value, i) => value * 10 ** (-10 * (Math.floor(i / n) / (n - 1))));
    const x = matmul(matmul(q(1), decades, n, n, n), q(2), n, n, n);
    const { left, values, right } = thinSvd(x, n, n);
    expect(skew(left, n, n)).toBeLessThan(64 * EPSILON * n);
    expect(skew(right, n, n)).toBeLessThan(64 * EPSILON * n);
    // Backward stable: absolute errors of ε σ₁, so the smallest (1e-10) keeps about five digits.
    values.forEach((value, j) => {
      expect(Math.abs(value - 10 ** ((-10 * j) / (n - 1)))).toBeLessThan(16 * EPSILON * n);
    });
  });

  it('gives zeros for the zero matrix', () => {
    const { left, values, right } = thinSvd(new Float64Array(6), 2, 3);
    expect(frobenius(left) + frobenius(values) + frobenius(right)).toBe(0);
  });
});

describe('polar', () => {
  it('is a partial isometry of the numerical rank: q qᵀ q = q and ‖q‖² = rank', () => {
    fc.assert(
      fc.property(side, side, side, seed, (rows, cols, rank, s) => {
        const x = ofRank(rows, cols, rank, s);
        const { q, rank: found } = polar(x, rows, cols);
        const tolerance = 64 * EPSILON * (rows + cols);
        const again = matmul(gram(q, rows, cols), q, rows, rows, cols);
        expect(found).toBeLessThanOrEqual(Math.min(rows, cols, rank));
        expect(frobenius(difference(again, q))).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(frobenius(q) ** 2 - found)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it('has ⟨q, x⟩ equal to the nuclear norm', () => {
    fc.assert(
      fc.property(side, side, seed, (rows, cols, s) => {
        const x = gaussian(rows, cols, s);
        const { q, nuclearNorm } = polar(x, rows, cols);
        const inner = q.reduce((total, value, i) => total + value * (x[i] as number), 0);
        expect(Math.abs(inner - nuclearNorm)).toBeLessThanOrEqual(64 * EPSILON * (rows + cols) * nuclearNorm);
      }),
    );
  });

  it('normalises a single row and leaves a zero matrix zero', () => {
    expect([...polar([3, 0, 4], 1, 3).q].map((v) => Math.round(v * 1e12) / 1e12)).toEqual([0.6, 0, 0.8]);
    expect(polar([0, 0, 0, 0], 2, 2)).toMatchObject({ rank: 0, nuclearNorm: 0, q: new Float64Array(4) });
  });

  it('drops directions below rcond', () => {
    expect(polar([1, 0, 0, 1e-7], 2, 2)).toMatchObject({ rank: 1, nuclearNorm: 1 });
    expect(polar([1, 0, 0, 1e-7], 2, 2, 1e-8).rank).toBe(2);
  });
});
