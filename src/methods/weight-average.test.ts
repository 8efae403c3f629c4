import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { g1 } from './parts/g1.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { completeControls, run } from './testing/run.testing.ts';
import weightAverage from './weight-average.ts';

const models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

test('weights that add up to 0 are refused in words, by check and by combine', async () => {
  const controls = { weight: [1, -0.5, -0.5] };
  const complete = completeControls(weightAverage, 3, controls) as Parameters<
    NonNullable<typeof weightAverage.check>
  >[0];
  expect(weightAverage.check?.(complete, 3)).toMatch(/add up to 0/);
  await expect(run(weightAverage, models, { controls })).rejects.toThrow(/add up to 0/);
  const plain = await run(weightAverage, models, { controls: { ...controls, normalize: 'no' } });
  expect(plain.values.every(Number.isFinite)).toBe(true);
});

test('slider values whose sum is only rounding noise count as 0', () => {
  const weight = [0.1, 0.2, -0.30000000000000004];
  expect(weightAverage.check?.({ weight, normalize: 'yes' }, 3)).toMatch(/add up to 0/);
});

test('the uniform average is Task Arithmetic at λ = 1/T', async () => {
  const average = await run(weightAverage, models);
  const arithmetic = await run(taskArithmetic, models, { controls: { lambda: [1 / 3, 1 / 3, 1 / 3] } });
  mustAgree(average.values, arithmetic.values, 1e-6);
});
