import * as tf from '@tensorflow/tfjs-core';
import { bareContext } from '../testing/context.testing.ts';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { matmul } from '../../core/linalg/matrix.ts';
import { thinSvd } from '../../core/linalg/svd.ts';
import { randomStream } from '../../core/random/counter.ts';
import type { Input } from '../define.ts';
import {
  compose,
  countForShare,
  isSpectral,
  numericalRank,
  orthogonalised,
  shareOfRank,
  stackBases,
  taskSvds,
} from './factor.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const TOLERANCE = 1e-10;

function gaussian(count: number, seed: number): Float64Array {
  const random = randomStream(seed, 'factor');
  return Float64Array.from({ length: count }, () => random.normal());
}

const spectrum = fc
  .array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 1, maxLength: 9 })
  .map((values) => Float64Array.from(values.sort((a, b) => b - a)));

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(got.length).toBe(wanted.length);
  expect(Math.max(0, ...Array.from(got, (value, i) => Math.abs(value - (wanted[i] ?? Number.NaN))))).toBeLessThan(
    tolerance,
  );
}

/** Of numbers of size one that were kept in float32. */
const KEPT_IN_FLOAT32 = 1e-6;

describe('taskSvds', () => {
  const inputOf = (shape: readonly number[]): Input<unknown> => {
    const size = shape.reduce((a, b) => a * b, 1);
    const tensors = [1, 2].map((seed) => tf.tensor(Float32Array.from(gaussian(size, seed)), [...shape]));
    const piece = { start: 0, length: size, tensors: [] };
    return { piece, base: tf.zeros([...shape]), experts: tensors, taskVectors: tensors, globals: undefined };
  };

  it('factors each task vector once, for whoever asks', async () => {
    const held = new Map<string, unknown>();
    let made = 0;
    const context = {
      breathe: async () => {},
      async cache<T>(key: string, make: () => T | Promise<T>): Promise<T> {
        if (!held.has(key)) {
          made++;
          held.set(key, await make());
        }
        return held.get(key) as T;
      },
    };
    const input = inputOf([3, 5]);
    const first = await taskSvds(input, context);
    expect(await taskSvds(input, context)).toEqual(first);
    expect(made).toBe(1);
    for (const [t, { left, values, right }] of first.entries()) {
      expectClose(compose(left, values, right, 3, 5), (await input.taskVectors[t]?.data()) ?? [], KEPT_IN_FLOAT32);
    }
  });

  it('refuses what is not a matrix', async () => {
    await expect(taskSvds(inputOf([2, 3, 1]), bareContext)).rejects.toThrow('not a tensor of shape [2, 3, 1]');
  });
});

describe('ranks', () => {
  it('are shares of all directions, at least one', () => {
    expect([1, 2, 3, 5, 8].map((experts) => shareOfRank(16, 1 / experts))).toEqual([16, 8, 5, 3, 2]);
    for (let experts = 1; experts <= 40; experts++) expect(shareOfRank(3 * experts, 1 / experts)).toBe(3);
    expect([shareOfRank(2, 1 / 3), shareOfRank(4, 0), shareOfRank(4, 2)]).toEqual([1, 1, 4]);
  });

  it('are the smallest that reach a share of the nuclear norm or of the energy', () => {
    fc.assert(
      fc.property(spectrum, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(1, 2), (values, share, p) => {
        const k = countForShare(values, share, p as 1 | 2);
        const upTo = (count: number) => values.slice(0, count).reduce((sum, value) => sum + value ** p, 0);
        const wanted = share * upTo(values.length);
        expect(k).toBeGreaterThanOrEqual(1);
        expect(upTo(k)).toBeGreaterThanOrEqual(wanted - TOLERANCE);
        if (k > 1) expect(upTo(k - 1)).toBeLessThan(wanted + TOLERANCE);
      }),
    );
    expect(countForShare(Float64Array.of(2, 1, 1), 0.5, 1)).toBe(1);
    expect(countForShare(Float64Array.of(2, 1, 1), 0.7, 2)).toBe(2);
  });

  it('do not count what is rounding', () => {
    expect(numericalRank(Float64Array.of(2, 1, 1e-7))).toBe(2);
    expect(numericalRank(new Float64Array(3))).toBe(0);
  });
});

describe('orthogonalised', () => {
  const side = fc.integer({ min: 1, max: 6 });

  it('gives rows orthonormal to each other where there is room for them', () => {
    fc.assert(
      fc.property(side, side, fc.integer(), (count, more, seed) => {
        const length = count + more;
        const q = orthogonalised(gaussian(count * length, seed), length);
        for (let i = 0; i < count; i++) {
          const products = Array.from({ length: count }, (_, j) =>
            q
              .subarray(i * length, (i + 1) * length)
              .reduce((sum, value, k) => sum + value * (q[j * length + k] as number), 0),
          );
          expectClose(
            products,
            products.map((_, j) => (i === j ? 1 : 0)),
          );
        }
      }),
    );
  });

  it('shares a direction out between those who have it', () => {
    const half = Math.SQRT1_2;
    expectClose(orthogonalised(Float64Array.of(1, 0, 0, 1, 0, 0), 3), [half, 0, 0, half, 0, 0]);
  });
});

it('compose multiplies factors back, wide or tall', () => {
  const x = matmul(gaussian(10, 1), gaussian(6, 2), 5, 2, 3);
  const { left, values, right } = thinSvd(x, 5, 3);
  expectClose(compose(left, values, right, 5, 3), x);
});

it('stackBases lays rows below each other', () => {
  expect([...stackBases([Float64Array.of(1, 2), Float64Array.of(3, 4, 5, 6)])]).toEqual([1, 2, 3, 4, 5, 6]);
});

it('only weight matrices are spectral', () => {
  const linear = { name: 'w', role: 'linear', group: 'mlp', depth: 0, shape: [2, 2] } as const;
  expect([linear, { ...linear, role: 'embedding' } as const, { ...linear, shape: [2, 2, 1] }].map(isSpectral)).toEqual([
    true,
    false,
    false,
  ]);
});
