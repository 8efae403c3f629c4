import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { matmul } from '../core/linalg/matrix.ts';
import { randomStream } from '../core/random/counter.ts';
import { correction, lossAt, type Problem, withoutShared } from './parts/shared-correction.ts';

const [rows, cols] = [5, 7];

function gaussian(count: number, seed: number): Float32Array {
  const random = randomStream(seed, 'doge');
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Two orthonormal directions of outputs: the first two axes, turned. */
const shared = Float64Array.of(0.6, 0.8, 0, 0, 0, -0.8, 0.6, 0, 0, 0);

const problem: Problem = {
  changes: [1, 2, 3].map((seed) => gaussian(rows * cols, seed)),
  scales: [0.3, 0.25, 0.4],
  shared,
  rows,
  cols,
};

const free: Problem = { ...problem, shared: new Float64Array(0) };
const breathe = async () => {};

describe('the loss of DOGE', () => {
  test('has the gradient that differences show', () => {
    const at = Float64Array.from(gaussian(rows * cols, 9));
    const { gradient } = lossAt(problem, at);
    const step = 1e-5;
    for (let i = 0; i < at.length; i++) {
      const moved = (by: number) =>
        lossAt(
          problem,
          at.map((value, j) => (i === j ? value + by : value)),
        ).loss;
      const slope = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(slope - (gradient[i] as number))).toBeLessThan(1e-5 * (1 + Math.abs(slope)));
    }
  });

  test('can be brought to zero where nothing is shared: a row has more entries than there are experts', async () => {
    const before = lossAt(free, new Float64Array(rows * cols)).loss;
    const found = await correction(free, { steps: 400, rate: 0.03 }, breathe);
    expect(lossAt(free, found).loss).toBeLessThan(1e-3 * before);
  });

  test('falls with a projected gradient too', async () => {
    const before = lossAt(problem, new Float64Array(rows * cols)).loss;
    const found = await correction(problem, { steps: 400, rate: 0.03 }, breathe);
    expect(lossAt(problem, found).loss).toBeLessThan(before);
  });
});

test('the projection is one: twice is once, and nothing is left inside', () => {
  const x = Float64Array.from(gaussian(rows * cols, 4));
  const once = withoutShared(x, problem);
  const twice = withoutShared(once, problem);
  const inside = matmul(shared, once, 2, rows, cols);
  expect(Math.max(...twice.map((value, i) => Math.abs(value - (once[i] as number))))).toBeLessThan(1e-12);
  expect(Math.max(...inside.map(Math.abs))).toBeLessThan(1e-12);
});

test('no steps leave the correction at zero', async () => {
  expect([...(await correction(problem, { steps: 0, rate: 1 }, breathe))].every((value) => value === 0)).toBe(true);
});
