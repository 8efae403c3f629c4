import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arcWeights, cosine } from './parts/arc.ts';
import { g1 } from './parts/g1.ts';
import slerp from './slerp.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const pair: Models = { shapes: [g1.shape], base: g1.base, experts: [g1.experts[0], g1.experts[1]] };
const swapped: Models = { ...pair, experts: [g1.experts[1], g1.experts[0]] };

describe.each(['weights', 'task-vectors'])('turning %s', (space) => {
  const at = async (t: number, models = pair) => (await run(slerp, models, { controls: { t, space } })).values;

  test('both ends are the experts, bit for bit', async () => {
    mustAgree(await at(0), g1.experts[0], 0);
    mustAgree(await at(1), g1.experts[1], 0);
  });

  test.each([-0.5, 0.2, 0.5, 1.3])('t = %f from one side is 1 − t from the other', async (t) => {
    mustAgree(await at(t), await at(1 - t, swapped), 1e-5);
  });
});

test('factors of the arc keep the length of two vectors of equal length', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -0.999, max: 0.999, noNaN: true }),
      fc.double({ min: -0.5, max: 1.5, noNaN: true }),
      (d, t) => {
        const [a, b] = arcWeights(t, d);
        expect(a * a + b * b + 2 * a * b * d).toBeCloseTo(1, 9);
      },
    ),
    { seed: 1 },
  );
});

test('above |cosine| 0.9995 the factors are those of a straight line', () => {
  expect(arcWeights(0.25, 0.9996)).toEqual([0.75, 0.25]);
  expect(arcWeights(0.25, -0.9996)).toEqual([0.75, 0.25]);
  expect(arcWeights(0.25, 0.9994)[0]).not.toBe(0.75);
});

test('a vector without length has no direction', () => {
  expect(cosine(Float32Array.of(0, 0), Float32Array.of(3, 4))).toBe(0);
});

test.each([1, 3])('%i experts are refused with their number', async (count) => {
  const models = { ...pair, experts: g1.experts.slice(0, count) };
  await expect(run(slerp, models)).rejects.toThrow(`exactly two experts; ${count} were given`);
});
