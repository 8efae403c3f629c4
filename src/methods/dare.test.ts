import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import dare from './dare.ts';
import peer from './fixtures/dare/result.json' with { type: 'json' };
import { dropAndRescale, keepMask } from './parts/drop.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { run, tableOf } from './testing/run.testing.ts';

const tau = Float32Array.of(1, -2, 0.5, 0.1, 0.4, -0.3, 0.2, -1.5);
const mask = Uint8Array.of(1, 0, 1, 0, 0, 1, 1, 0);
const whole = [{ start: 0, length: 8 }];

test('G1 golden with the mask injected: mergekit restores Σ|τ|', () => {
  mustAgree(dropAndRescale(tau, mask, 'l1', 0.5, whole), [3, 0, 1.5, 0, 0, -0.9, 0.6, 0], 1e-6);
});

test('G1 golden with the mask injected: the paper divides by 1 − p', () => {
  mustAgree(dropAndRescale(tau, mask, 'inverse', 0.5, whole), [2, 0, 1, 0, 0, -0.6, 0.4, 0], 1e-6);
});

test.each(peer.cases)('with the mask injected it gives what mergekit gives: $name', (given) => {
  const { shapes, values, keep, dropRate, result } = given;
  const out = dropAndRescale(Float32Array.from(values), Uint8Array.from(keep), 'l1', dropRate, tableOf(shapes));
  expect(out).toHaveLength(result.length);
  mustAgree(out, result, 1e-5);
});

test('without rescaling the survivors stay as they are', () => {
  mustAgree(dropAndRescale(tau, mask, 'none', 0.5, whole), [1, 0, 0.5, 0, 0, -0.3, 0.2, 0], 0);
});

test('Σ|τ| is restored in each tensor by itself; a tensor that lost everything stays zero', () => {
  const tensors = [
    { start: 0, length: 4 },
    { start: 4, length: 1 },
    { start: 5, length: 3 },
  ];
  const size = (values: Float32Array, from: number, to: number) =>
    values.slice(from, to).reduce((sum, v) => sum + Math.abs(v), 0);
  const out = dropAndRescale(tau, mask, 'l1', 0.5, tensors);
  expect(size(out, 0, 4)).toBeCloseTo(size(tau, 0, 4), 6);
  expect(size(out, 5, 8)).toBeCloseTo(size(tau, 5, 8), 6);
  expect(out[4]).toBe(0);
});

test('the masks of one seed are nested: what a low drop rate drops, a higher one drops too', () => {
  const rates = [0, 0.1, 0.5, 0.9, 1];
  const masks = rates.map((rate) => keepMask(3, 1, 0, 2000, rate));
  for (let r = 1; r < rates.length; r++) {
    const grown = masks[r]?.findIndex((kept, i) => kept > (masks[r - 1]?.[i] ?? 0));
    expect(grown).toBe(-1);
  }
});

test('a mask does not depend on where a piece begins', () => {
  const all = keepMask(3, 0, 0, 100, 0.5);
  expect([...keepMask(3, 0, 40, 60, 0.5)]).toEqual([...all.slice(40)]);
});

test('experts and seeds have unrelated masks of the wanted density', () => {
  const length = 20_000;
  const masks = [keepMask(1, 0, 0, length, 0.3), keepMask(1, 1, 0, length, 0.3), keepMask(2, 0, 0, length, 0.3)];
  // Four standard deviations of a share of 20,000 draws.
  const within = (share: number, wanted: number) =>
    Math.abs(share - wanted) < 4 * Math.sqrt((wanted * (1 - wanted)) / length);
  const kept = (mask: Uint8Array) => mask.reduce((sum, k) => sum + k, 0) / length;
  for (const each of masks) expect(within(kept(each), 0.7)).toBe(true);
  const both = (a: Uint8Array, b: Uint8Array) => a.reduce((sum, k, i) => sum + k * (b[i] ?? 0), 0) / length;
  const [first, second, third] = masks as [Uint8Array, Uint8Array, Uint8Array];
  expect(within(both(first, second), 0.49)).toBe(true);
  expect(within(both(first, third), 0.49)).toBe(true);
});

test('over many seeds the mean of the dropped change is the change', () => {
  const seeds = 4000;
  const mean = new Float64Array(8);
  for (let seed = 0; seed < seeds; seed++) {
    const out = dropAndRescale(tau, keepMask(seed, 0, 0, 8, 0.5), 'inverse', 0.5, whole);
    out.forEach((value, i) => {
      mean[i] = (mean[i] ?? 0) + value / seeds;
    });
  }
  // Var[τ̃] = τ² p / (1 − p) = τ²: four standard errors.
  tau.forEach((value, i) => {
    expect(Math.abs((mean[i] ?? 0) - value)).toBeLessThan((4 * Math.abs(value)) / Math.sqrt(seeds));
  });
});

test('p = 1 leaves nothing, and no division by zero', async () => {
  const models = { shapes: [[2]], base: [1, 1], experts: [[3, 4]] };
  const { values } = await run(dare, models, { controls: { p: 1 } });
  expect([...values]).toEqual([0, 0]);
});

test('another seed gives another change', async () => {
  const models = { shapes: [[40]], base: Array(40).fill(0), experts: [Array(40).fill(1)] };
  const one = await run(dare, models, { seed: 1 });
  const two = await run(dare, models, { seed: 2 });
  expect([...one.values]).not.toEqual([...two.values]);
});
