import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DIMENSIONS, sobol } from './sobol.ts';

/** Made with SciPy 1.17.1: `qmc.Sobol(21, scramble=False, bits=32).random(256)`, index and 256 × point. */
const SCIPY: readonly (readonly [number, readonly number[]])[] = [
  [1, [128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128, 128]],
  [2, [192, 64, 64, 64, 192, 192, 64, 192, 192, 192, 192, 192, 64, 64, 192, 64, 192, 64, 192, 64, 64]],
  [3, [64, 192, 192, 192, 64, 64, 192, 64, 64, 64, 64, 64, 192, 192, 64, 192, 64, 192, 64, 192, 192]],
  [5, [224, 224, 32, 96, 224, 160, 224, 96, 96, 32, 96, 224, 224, 32, 224, 96, 224, 96, 96, 160, 160]],
  [17, [152, 248, 248, 40, 200, 120, 8, 88, 248, 168, 152, 232, 40, 40, 216, 136, 72, 24, 72, 136, 56]],
  [63, [4, 204, 92, 116, 220, 36, 148, 36, 212, 148, 108, 172, 140, 196, 84, 196, 20, 100, 244, 60, 60]],
  [200, [53, 99, 105, 151, 209, 143, 7, 249, 85, 159, 255, 151, 79, 151, 25, 177, 163, 217, 191, 45, 93]],
];

const row = (points: Float64Array, i: number, dimensions: number) => [
  ...points.subarray(i * dimensions, (i + 1) * dimensions),
];

describe('Sobol’ points', () => {
  it('are SciPy’s in all 21 dimensions', () => {
    const points = sobol(MAX_DIMENSIONS, 256);
    for (const [i, wanted] of SCIPY) expect(row(points, i, 21).map((x) => x * 256)).toEqual(wanted);
  });

  it('hold exactly one of 2ᵏ points in each of 2ᵏ slices of every axis, scrambled or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 21 }),
        fc.integer({ min: 0, max: 9 }),
        fc.option(fc.nat()),
        (dims, k, seed) => {
          const count = 2 ** k;
          const points = sobol(dims, count, seed ?? undefined);
          for (let d = 0; d < dims; d++) {
            const slices = Array.from({ length: count }, (_, i) => Math.floor((points[i * dims + d] ?? 0) * count));
            expect(new Set(slices).size).toBe(count);
          }
        },
      ),
    );
  });

  it('continue where an earlier call stopped', () => {
    const whole = sobol(5, 100, 3);
    expect([...sobol(5, 40, 3), ...sobol(5, 60, 3, 40)]).toEqual([...whole]);
  });

  it('differ between seeds and repeat for one', () => {
    expect(sobol(3, 8, 1)).toEqual(sobol(3, 8, 1));
    expect(sobol(3, 8, 1)).not.toEqual(sobol(3, 8, 2));
  });

  it('are refused in words beyond 21 dimensions', () => {
    expect(() => sobol(22, 1)).toThrow('got 22 dimensions, wanted at most 21');
  });
});
