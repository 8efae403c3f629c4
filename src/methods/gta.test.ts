import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import cabs from './cabs.ts';
import dare from './dare.ts';
import della from './della.ts';
import gta from './gta.ts';
import { g1 } from './parts/g1.ts';
import { electSigns } from './parts/gta-votes.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';
import ties from './ties.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const merged = async (controls: ControlValues, given = models) => (await run(gta, given, { controls })).values;
const plain = { trim: 'none', sign: 'none', merge: 'sum' };

/** The sum of the task vectors that a pre step gives, on the base. */
async function summed(step: typeof dare | typeof della, controls: ControlValues): Promise<number[]> {
  const { values } = await run(step, models, { controls });
  return g1.base.map((value, i) => value + (values[i] ?? 0) + (values[8 + i] ?? 0) + (values[16 + i] ?? 0));
}

describe('cells of the grid that have a name', () => {
  test('no trimming, no election, the sum: Task Arithmetic', async () => {
    const lambda = [0.3, 0.5, -0.2];
    const wanted = await run(taskArithmetic, models, { controls: { lambda } });
    mustAgree(await merged({ ...plain, lambda }), wanted.values, 1e-6);
  });

  test.each(['global', 'tensor', 'tails', 'random', 'magprune', 'energy'])(
    'with K = 1 %s trims nothing',
    async (trim) => {
      mustAgree(await merged({ ...plain, trim, density: 1, rescale: 'expected' }), await merged(plain), 1e-6);
    },
  );

  test.each(['mean', 'sum'])('trimming each tensor, election by size, the %s: TIES', async (merge) => {
    const wanted = await run(ties, models, { controls: { trim: 'tensor', density: 0.5, merge } });
    mustAgree(await merged({ trim: 'tensor', density: 0.5, merge }), wanted.values, 1e-6);
  });

  test('election by size and the largest: the maximum of TIES', async () => {
    const wanted = await run(ties, models, { controls: { density: 1, merge: 'max' } });
    mustAgree(await merged({ trim: 'none', merge: 'magnitude' }), wanted.values, 1e-6);
  });

  test('weights before the election: those of TIES', async () => {
    const weight = [0.5, 1, 0.25];
    const wanted = await run(ties, models, { controls: { density: 1, weighting: 'before-election', weight } });
    mustAgree(await merged({ trim: 'none', weight, tie: 'plus' }), wanted.values, 1e-6);
  });

  test('random trimming, enlarged by 1/chance: DARE', async () => {
    const cell = { ...plain, trim: 'random', density: 0.6, rescale: 'expected' };
    mustAgree(await merged(cell), await summed(dare, { p: 0.4 }), 1e-5);
  });

  test('random trimming by rank, enlarged by 1/chance: DELLA', async () => {
    const cell = { ...plain, trim: 'magprune', density: 0.6, epsilon: 0.2, rescale: 'expected' };
    mustAgree(await merged(cell), await summed(della, { density: 0.6, epsilon: 0.2 }), 1e-5);
  });

  test('n of m neighbours: CABS without turns', async () => {
    const wanted = await run(cabs, models, { controls: { n: 1, m: 4, variant: 'balance' } });
    mustAgree(await merged({ ...plain, trim: 'blocks', n: 1, m: 4 }), wanted.values, 1e-6);
  });
});

describe('MagMax', () => {
  const magmax = { ...plain, merge: 'magnitude' };

  test('of copies is the copy', async () => {
    const copies = { ...models, experts: [g1.experts[1], g1.experts[1], g1.experts[1]] };
    mustAgree(await merged(magmax, copies), g1.experts[1], 1e-6);
  });

  test('of disjoint changes is their sum', async () => {
    const disjoint = {
      shapes: [[4]],
      base: [0, 0, 0, 0],
      experts: [
        [1, 0, -2, 0],
        [0, 3, 0, 4],
      ],
    };
    mustAgree(await merged(magmax, disjoint), [1, 3, -2, 4], 1e-6);
  });
});

describe('elections', () => {
  const rows = [Float32Array.of(3, 0, 0), Float32Array.of(-2, 1, 0), Float32Array.of(-1.5, 0, 20)];
  const elected = (name: Parameters<typeof electSigns>[2]) => electSigns(rows, [1, 1, 1], name, 'majority')[0];

  test('by size, by number, by the largest share and by all shares may differ', () => {
    // 3 − 2 − 1.5 is negative. Shares of squared length: 9/9 against 4/5 and 2.25/402.25.
    expect(elected('mass')).toBe(-1);
    expect(elected('count')).toBe(-1);
    expect(elected('normfrac')).toBe(1);
    expect(elected('normmass')).toBe(1);
  });

  test('tied votes follow the majority of the weights, or are positive', () => {
    const even = [Float32Array.of(1, -1, -1), Float32Array.of(-1, -1, -2)];
    expect([...electSigns(even, [1, 1], 'mass', 'majority')]).toEqual([-1, -1, -1]);
    expect([...electSigns(even, [1, 1], 'mass', 'plus')]).toEqual([1, -1, -1]);
  });
});

test.each(['mass', 'count', 'normfrac', 'normmass', 'none'])(
  'the order of the experts is irrelevant: %s',
  async (sign) => {
    const backwards = { ...models, experts: [...g1.experts].reverse() };
    for (const merge of ['mean', 'sum', 'median', 'magnitude']) {
      const controls = { sign, merge, trim: 'tensor', density: 0.5 };
      mustAgree(await merged(controls, backwards), await merged(controls), 1e-6);
    }
  },
);

test('norms are restored in each tensor', async () => {
  const given = { shapes: [[2], [2]], base: [0, 0, 0, 0], experts: [[4, 3, 8, 6]] };
  const cell = { ...plain, trim: 'tensor', density: 0.5 };
  mustAgree(await merged({ ...cell, rescale: 'l1' }, given), [7, 0, 14, 0], 1e-6);
  mustAgree(await merged({ ...cell, rescale: 'l2' }, given), [5, 0, 10, 0], 1e-6);
  mustAgree(await merged({ ...cell, rescale: 'linf' }, given), [4, 0, 8, 0], 1e-6);
  mustAgree(await merged({ ...cell, rescale: 'expected' }, given), [8, 0, 16, 0], 1e-6);
});
