import fc from 'fast-check';
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import emr from './emr.ts';
import { g1 } from './parts/g1.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { networks } from './testing/networks.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

/** Each expert's network less the base. */
async function changes({ base, experts, shapes }: Models, controls = {}) {
  const { values } = await run(emr, { base, experts, shapes }, { controls });
  return experts.map((_, t) => base.map((start, i) => (values[t * base.length + i] ?? Number.NaN) - start));
}

const size = (values: readonly number[]) => values.reduce((sum, value) => sum + Math.abs(value), 0);

describe('EMR-Merging', () => {
  test('gives every task a change as large as its expert’s: ‖λ M τ_uni‖₁ = ‖τ‖₁', () =>
    fc.assert(
      fc.asyncProperty(networks(emr), async (drawn) => {
        for (const [t, change] of (await changes(drawn)).entries()) {
          const own = size(drawn.base.map((start, i) => (drawn.experts[t]?.[i] ?? 0) - start));
          // An expert that no sign agrees with keeps nothing.
          if (size(change) > 0) expect(size(change) / own).toBeCloseTo(1, 4);
        }
      }),
      { numRuns: 40, seed: 1 },
    ));

  test('rescales by means of tensors as the authors’ code does, where a small tensor has large changes', async () => {
    const two: Models = {
      shapes: [[4], [1]],
      base: [0, 0, 0, 0, 0],
      experts: [
        [1, 1, 1, 1, 8],
        [2, 2, 2, 2, -9],
      ],
    };
    // τ_uni = [2 2 2 2 −9]; the first expert keeps 8 of its own 12, by means of tensors 2 of 9.
    mustAgree((await changes(two))[0] ?? [], [3, 3, 3, 3, 0], 1e-6);
    mustAgree((await changes(two, { rescaler: 'code' }))[0] ?? [], [9, 9, 9, 9, 0], 1e-6);
  });

  test('elects the negative sign where changes cancel', async () => {
    const cancelling: Models = {
      shapes: [[2]],
      base: [0, 0],
      experts: [
        [1, 1],
        [-1, 1],
      ],
    };
    expect(await changes(cancelling)).toEqual([
      [0, 2],
      [-1, 1],
    ]);
  });

  test('does not depend on the other experts’ order', async () => {
    const [first, second, third] = await changes(models);
    const turned = await changes({ ...models, experts: [g1.experts[2], g1.experts[0], g1.experts[1]] });
    for (const [i, wanted] of [third, first, second].entries()) mustAgree(turned[i] ?? [], wanted ?? [], 1e-6);
  });
});
