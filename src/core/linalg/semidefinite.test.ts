import { expect, test } from 'vitest';
import { randomStream } from '../random/counter.ts';
import { gram } from './matrix.ts';
import { solveSemidefinite } from './semidefinite.ts';

/** A Gram matrix of n vectors in `dimensions` dimensions, and the image of a known vector. */
function problem(n: number, dimensions: number) {
  const random = randomStream(1, `semidefinite/${n}`);
  const rows = Float64Array.from({ length: n * dimensions }, () => random.normal() / Math.sqrt(dimensions));
  const matrix = gram(rows, n, dimensions);
  const known = Float64Array.from({ length: n }, () => random.normal());
  return { matrix, b: times(matrix, n, known), known };
}

const times = (matrix: Float64Array, n: number, x: Float64Array) =>
  Float64Array.from({ length: n }, (_, i) => x.reduce((sum, value, j) => sum + value * (matrix[i * n + j] ?? 0), 0));

const furthest = (a: Float64Array, b: Float64Array) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);

test.each([20, 150])('of %i unknowns a regular system has the known solution', (n) => {
  const { matrix, b, known } = problem(n, 3 * n);
  expect(furthest(solveSemidefinite(matrix, n, b), known)).toBeLessThan(1e-7);
});

test.each([20, 150])('of %i unknowns a singular system that has solutions gives one, the shortest', (n) => {
  const { matrix, b, known } = problem(n, n / 2);
  const x = solveSemidefinite(matrix, n, b);
  expect(furthest(times(matrix, n, x), b)).toBeLessThan(1e-7);
  expect(Math.hypot(...x)).toBeLessThan(Math.hypot(...known));
});

test('a system without a solution gives the least-squares one', () => {
  // Of x₁ + x₂ = 1 and x₁ + x₂ = 3 the best is 2, shared alike.
  expect(
    furthest(solveSemidefinite(Float64Array.of(1, 1, 1, 1), 2, Float64Array.of(1, 3)), Float64Array.of(1, 1)),
  ).toBeLessThan(1e-12);
});

test('nothing asked for, nothing given', () => {
  for (const n of [3, 150]) {
    expect(solveSemidefinite(new Float64Array(n * n), n, new Float64Array(n)).every((value) => value === 0)).toBe(true);
  }
});
