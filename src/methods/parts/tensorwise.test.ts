import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { coefficientsOf, foldAndClamp } from './clamped-coefficients.ts';
import { stackArrays, weightedSum } from './stack.ts';
import { projectPerTensor, weightedSumPerTensor } from './tensorwise.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const lengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });

function place(sizes: readonly number[]) {
  let start = 0;
  return sizes.map((length) => {
    start += length;
    return { start: start - length, length };
  });
}

function gaussian(count: number, seed: number): Float32Array {
  const random = randomStream(seed, 'tensorwise');
  return Float32Array.from({ length: count }, () => random.normal());
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe('weightedSumPerTensor', () => {
  it('is the plain weighted sum when every tensor has the same weights', () => {
    fc.assert(
      fc.property(lengths, fc.integer(), (sizes, seed) => {
        const rows = stackArrays([0, 1, 2].map((row) => gaussian(total(sizes), seed + row)));
        const weights = [0.5, 0, -0.25];
        const got = weightedSumPerTensor(
          rows,
          place(sizes),
          sizes.map(() => weights),
        );
        expect([...got.dataSync()]).toEqual([...weightedSum(rows, weights).dataSync()]);
      }),
    );
  });

  it('copies a row bit for bit where the weights are one-hot', () => {
    const rows = stackArrays([Float32Array.of(-0, 0.1, 7), Float32Array.of(1, -0, 0.3)]);
    const got = weightedSumPerTensor(rows, place([1, 2]), [
      [1, 0],
      [0, 1],
    ]);
    expect([...got.dataSync()]).toEqual([-0, -0, Math.fround(0.3)]);
  });

  it('refuses weights for another number of tensors', () => {
    expect(() => weightedSumPerTensor(stackArrays([Float32Array.of(1)]), place([1]), [])).toThrow(
      '0 rows of weights for 1',
    );
  });
});

describe('projectPerTensor', () => {
  it('is the transpose of the weighted sum: ⟨g, Σ Λτ⟩ = ⟨Λ, project g⟩', () => {
    fc.assert(
      fc.property(lengths, fc.integer(), (sizes, seed) => {
        const tensors = place(sizes);
        const count = total(sizes);
        const vectors = [gaussian(count, seed), gaussian(count, seed + 1)];
        const gradient = gaussian(count, seed + 2);
        const lambda = tensors.map((_, l) => [...gaussian(2, seed + 3 + l)]);
        const merged = weightedSumPerTensor(stackArrays(vectors), tensors, lambda).dataSync();
        const left = gradient.reduce((sum, value, i) => sum + value * (merged[i] as number), 0);
        const right = projectPerTensor(gradient, tensors, vectors).reduce(
          (sum, value, i) => sum + value * (lambda.flat()[i] as number),
          0,
        );
        expect(Math.abs(left - right)).toBeLessThan(2 ** -23 * 32 * count);
      }),
    );
  });
});

describe('clamped coefficients', () => {
  it('sum the gradient over tensors when the rows are tied', () => {
    expect([...foldAndClamp(Float64Array.of(1, 2, 3, 4, 5, 6), Float64Array.of(0.3, 0.3))]).toEqual([9, 12]);
  });

  it('get no gradient outside 0…1 and are used at its ends', () => {
    expect([...foldAndClamp(Float64Array.of(1, 2, 3), Float64Array.of(-0.1, 1, 1.2))]).toEqual([0, 2, 0]);
    expect(coefficientsOf(Float64Array.of(-0.1, 0.5, 1, 1.2), 2, 2)).toEqual([
      [0, 0.5],
      [1, 1],
    ]);
    expect(coefficientsOf(Float64Array.of(0.2, 2), 2, 2)).toEqual([
      [0.2, 1],
      [0.2, 1],
    ]);
  });
});
