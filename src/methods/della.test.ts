import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { descendingOrder, ranksWithin } from '../core/stats/rank.ts';
import dare from './dare.ts';
import della from './della.ts';
import peer from './fixtures/della/result.json' with { type: 'json' };
import { g1 } from './parts/g1.ts';
import { drawKept, keepProbabilities, pruneBy } from './parts/magprune.ts';
import { type Segments, segmentsOf } from './parts/order.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run, tableOf } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const tau = Float32Array.of(1, -2, 0.5, 0.1, 0.4, -0.3, 0.2, -1.5);
const rows = segmentsOf({ tensors: tableOf([[2, 4]]), length: 8 }, 'row');
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

const ranksIn = (values: Float32Array, { of, lengths }: Segments) =>
  ranksWithin(descendingOrder(values), of, lengths.length);

test.each(peer.cases)('with the mask injected it gives what mergekit gives: $name', (given) => {
  const tensors = tableOf(given.shapes);
  const values = Float32Array.from(given.values);
  const segments = segmentsOf({ tensors, length: values.length }, 'row');
  const probabilities = keepProbabilities(ranksIn(values, segments), segments, given.density, given.epsilon);
  mustAgree(probabilities, given.probabilities, 1e-6);
  mustAgree(pruneBy(values, Uint8Array.from(given.keep), probabilities, 'l1', tensors), given.result, 1e-5);
});

test('by hand: the smallest of a row of four has d − ε, the largest d + ε', () => {
  const probabilities = keepProbabilities(ranksIn(tau, rows), rows, 0.5, 0.3);
  mustAgree(probabilities, [0.6, 0.8, 0.4, 0.2, 0.6, 0.4, 0.2, 0.8], 1e-12);
  const all = new Uint8Array(8).fill(1);
  const whole = [{ start: 0, length: 8 }];
  mustAgree(pruneBy(tau, all, probabilities, 'inverse', whole).subarray(0, 4), [1 / 0.6, -2.5, 1.25, 0.5], 1e-6);
});

test('a row’s probabilities add up to n·d, rise with magnitude, and stay between 0 and 1', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  const values = fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, unit, unit, (list, density, epsilon) => {
      const given = Float32Array.from(list);
      const segments = { of: new Uint32Array(given.length), lengths: [given.length] };
      const probabilities = keepProbabilities(ranksIn(given, segments), segments, density, epsilon);
      expect(sum(probabilities)).toBeCloseTo(given.length * density, 9);
      for (const [i, p] of probabilities.entries()) {
        expect(p).toBeGreaterThanOrEqual(-1e-12);
        expect(p).toBeLessThanOrEqual(1 + 1e-12);
        for (const [j, q] of probabilities.entries()) {
          if (Math.abs(given[i] ?? 0) > Math.abs(given[j] ?? 0)) expect(p).toBeGreaterThanOrEqual(q);
        }
      }
    }),
    { seed: 1 },
  );
});

test('a row of one entry is kept with probability d', () => {
  expect([...keepProbabilities(Uint32Array.of(0), { of: Uint32Array.of(0), lengths: [1] }, 0.6, 0.2)]).toEqual([0.6]);
});

test('ε = 0 is DARE with the drop rate 1 − d, mask by mask', async () => {
  const pruned = await run(della, models, { controls: { density: 0.75, epsilon: 0 }, seed: 3 });
  mustAgree(pruned.values, (await run(dare, models, { controls: { p: 0.25 }, seed: 3 })).values, 1e-6);
});

test('over many seeds the mean of the pruned change is the change', () => {
  const seeds = 4000;
  const probabilities = keepProbabilities(ranksIn(tau, rows), rows, 0.5, 0.2);
  const mean = new Float64Array(8);
  for (let seed = 0; seed < seeds; seed++) {
    const out = pruneBy(tau, drawKept(seed, 0, 0, probabilities), probabilities, 'inverse', []);
    out.forEach((value, i) => {
      mean[i] = (mean[i] ?? 0) + value / seeds;
    });
  }
  tau.forEach((value, i) => {
    const p = probabilities[i] ?? 0;
    // Four standard errors; Var[τ̃] = τ² (1 − π)/π.
    expect(Math.abs((mean[i] ?? 0) - value)).toBeLessThan(4 * Math.abs(value) * Math.sqrt((1 - p) / p / seeds));
  });
});
