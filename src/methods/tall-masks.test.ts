import fc from 'fast-check';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import consensus from './consensus.ts';
import { g1 } from './parts/g1.ts';
import tallMasks from './tall-masks.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { networks } from './testing/networks.testing.ts';
import { type Models, run } from './testing/run.testing.ts';
import ties from './ties.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

const changed = async (drawn: Models, lambda: number) => {
  const { values } = await run(tallMasks, drawn, { controls: { lambda: drawn.experts.map(() => lambda) } });
  return Array.from(values, (value, i) => !Object.is(value, drawn.base[i % drawn.base.length]));
};

describe('TALL-masks', () => {
  test('masks are nested: a larger λ keeps no weight that a smaller one left out', () =>
    fc.assert(
      fc.asyncProperty(networks(tallMasks), async (drawn) => {
        const [loose, strict] = [await changed(drawn, 0.2), await changed(drawn, 0.7)];
        expect(strict.every((kept, i) => !kept || loose[i])).toBe(true);
      }),
      { numRuns: 40, seed: 2 },
    ));

  test('experts that change different weights come back for any λ', async () => {
    const apart: Models = {
      shapes: [[2, 3]],
      base: [1, 1, 1, 1, 1, 1],
      experts: [
        [2, 1, 1, 1, 1, 0],
        [1, 5, 1, -3, 1, 1],
      ],
    };
    for (const lambda of [0, 0.4, 1]) {
      const { values } = await run(tallMasks, apart, { controls: { lambda: [lambda, lambda] } });
      expect([...values]).toEqual(apart.experts.flat());
    }
  });

  test('with TIES the kept weights are those of its sum', async () => {
    const controls = { joining: 'elected', density: 0.5, lambda: [0, 0, 0] };
    const { values } = await run(tallMasks, models, { controls });
    const sum = (await run(ties, models, { controls: { density: 0.5, merge: 'sum' } })).values;
    // At λ = 0 every weight that an expert changed is kept.
    mustAgree(values, [...sum, ...sum, ...sum], 1e-6);
  });
});

describe('Consensus', () => {
  const merged = async (controls: Record<string, number | string>) =>
    (await run(consensus, models, { controls })).values;

  test('that asks for nobody’s agreement is Task Arithmetic, or TIES', async () => {
    const sum = await run(taskArithmetic, models, { controls: { lambda: [0.7, 0.7, 0.7] } });
    mustAgree(await merged({ k: 0, alpha: 0.7 }), [...sum.values], 1e-6);
    const elected = await run(ties, models, { controls: { density: 0.5, merge: 'sum', lambda: 0.7 } });
    mustAgree(await merged({ k: 0, alpha: 0.7, joining: 'elected', density: 0.5 }), [...elected.values], 1e-6);
  });

  test('keeps fewer weights the more tasks must agree', async () => {
    const kept = [];
    for (const k of [1, 2, 3, 4])
      kept.push((await merged({ k, alpha: 1 })).filter((value, i) => value !== Math.fround(g1.base[i] ?? 0)).length);
    // Masks agree 2 2 1 3 | 2 2 2 1 times.
    expect(kept).toEqual([8, 6, 1, 0]);
  });
});
