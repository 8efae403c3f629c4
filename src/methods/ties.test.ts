import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortedMagnitudes } from '../core/stats/order.ts';
import { g1 } from './parts/g1.ts';
import { globalCut, tensorCut, trim } from './parts/trim.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type Models, run, tableOf } from './testing/run.testing.ts';
import ties from './ties.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const merge = async (controls: Record<string, number | string | number[]>, given = models) =>
  (await run(ties, given, { controls })).values;
const zeros = (length: number) => Array<number>(length).fill(0);

describe('trimming', () => {
  const kept = (values: readonly number[], cut: ReturnType<typeof globalCut>) => {
    const out = new Float32Array(values.length);
    trim(Float32Array.from(values), tableOf([[values.length]]), new Map([['tensor.0', cut]]), out);
    return [...out];
  };
  const sorted = (values: readonly number[]) => sortedMagnitudes(Float32Array.from(values));

  test('the official cut keeps ⌊P·K⌋ + 1 entries, and all that equal the last of them', () => {
    expect(kept([4, -3, 2, 1], globalCut([sorted([4, -3, 2, 1])], 0.25))).toEqual([4, -3, 0, 0]);
    expect(kept([4, -3, 3, 1], globalCut([sorted([4, -3, 3, 1])], 0.25))).toEqual([4, -3, 3, 0]);
  });

  test('the official cut does not care how the network is divided into tensors', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 2, maxLength: 30 }),
        fc.nat(),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, where, density) => {
          const at = where % values.length;
          expect(globalCut([sorted(values.slice(0, at)), sorted(values.slice(at))], density)).toEqual(
            globalCut([sorted(values)], density),
          );
        },
      ),
      { seed: 1 },
    );
  });

  test('mergekit’s cut keeps exactly ⌊n·K⌋ entries, the earlier ones among equals', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, density) => {
          const out = kept(values, tensorCut(sorted(values), density));
          expect(out.filter((value) => value !== 0)).toHaveLength(Math.max(1, Math.floor(values.length * density)));
        },
      ),
      { seed: 1 },
    );
    expect(kept([2, 1, 2, 2], tensorCut(sorted([2, 1, 2, 2]), 0.5))).toEqual([2, 0, 2, 0]);
  });

  test('from density 1 on nothing is trimmed', () => {
    expect(kept([4, 0, 2], globalCut([sorted([4, 0, 2])], 1))).toEqual([4, 0, 2]);
    expect(kept([4, 0, 2], tensorCut(sorted([4, 0, 2]), 1))).toEqual([4, 0, 2]);
  });
});

test('one expert gives its trimmed change', async () => {
  const one = { ...models, experts: [g1.experts[0]] };
  mustAgree(await merge({ density: 0.5 }, one), [1.5, -1, -0.5, 2, 1.9, -0.5, 0.25, -0.5], 1e-6);
});

test('without trimming and without a conflict of signs the sum is Task Arithmetic', async () => {
  const agreeing = {
    shapes: [[4]],
    base: [1, -1, 0, 2],
    experts: [
      [2, -3, 0.5, 1],
      [1.5, -1.25, 0.25, 1.5],
    ],
  };
  const sum = await merge({ density: 1, merge: 'sum', lambda: 0.5 }, agreeing);
  mustAgree(sum, (await run(taskArithmetic, agreeing, { controls: { lambda: [0.5, 0.5] } })).values, 1e-6);
});

describe('changes that cancel', () => {
  // Weights 0 and 1 elect −, weight 2 cancels: 1 − 1.
  const cancelling = {
    shapes: [[3]],
    base: zeros(3),
    experts: [
      [-1, -1, 1],
      [-2, -1, -1],
    ],
  };

  test('follow the sign that most weights elected, as in the official code', async () => {
    mustAgree(await merge({ density: 1 }, cancelling), [-1.5, -1, -1], 1e-6);
    const mirrored = { ...cancelling, experts: cancelling.experts.map((expert) => expert.map((value) => -value)) };
    mustAgree(await merge({ density: 1 }, mirrored), [1.5, 1, 1], 1e-6);
  });

  test('are taken as positive before the election, as in mergekit', async () => {
    mustAgree(await merge({ density: 1, weighting: 'before-election' }, cancelling), [-1.5, -1, 1], 1e-6);
  });

  test('cancel although float32 leaves a rest', async () => {
    const third = Math.fround(0.1) + Math.fround(0.2);
    const rest = {
      shapes: [[2]],
      base: zeros(2),
      experts: [
        [-1, 0.1],
        [-1, 0.2],
        [-1, -third],
      ],
    };
    mustAgree(await merge({ density: 1, merge: 'max' }, rest), [-1, -third], 1e-6);
  });

  test('give nothing where no sign has a majority', async () => {
    const even = {
      shapes: [[3]],
      base: zeros(3),
      experts: [
        [1, -1, 2],
        [1, -1, -2],
      ],
    };
    mustAgree(await merge({ density: 1 }, even), [1, -1, 0], 1e-6);
  });
});

describe('weights before the election', () => {
  const controls = { density: 1, weighting: 'before-election' };

  test('decide who wins: w·τ is elected, and the mean divides by the winners’ weights', async () => {
    const two = { shapes: [[1]], base: [0], experts: [[2], [-3]] };
    mustAgree(await merge({ ...controls, weight: [1, 1] }, two), [-3], 1e-6);
    mustAgree(await merge({ ...controls, weight: [1, 0.5] }, two), [2], 1e-6);
    mustAgree(await merge({ ...controls, merge: 'sum', weight: [0.9, 0.5] }, two), [1.8], 1e-6);
    mustAgree(await merge({ ...controls, merge: 'max', weight: [0.9, 0.5] }, two), [1.8], 1e-6);
  });

  test('all 0 give the base, bit for bit', async () => {
    const signed = { shapes: [[2]], base: [-0, 1], experts: [[1, 2]] };
    mustAgree(await merge({ ...controls, weight: [0] }, signed), [-0, 1], 0);
  });

  test('all 1 give what the paper’s election gives, where nothing cancels', async () => {
    mustAgree(await merge({ ...controls, density: 0.5, trim: 'global' }), await merge({ density: 0.5 }), 1e-6);
  });
});
