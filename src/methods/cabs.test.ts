import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import cabs from './cabs.ts';
import { g1 } from './parts/g1.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };

/** What expert t chooses: the change when only its λ is 1. */
async function chosen(given: Models, controls: ControlValues, t: number): Promise<number[]> {
  const lambda = given.experts.map((_, expert) => (expert === t ? 1 : 0));
  const { values } = await run(cabs, given, { controls: { ...controls, lambda } });
  return Array.from(values, (value, i) => value - (given.base[i] ?? 0));
}

const drawn = fc.integer({ min: 1, max: 3 }).chain((experts) =>
  fc.record({
    n: fc.integer({ min: 1, max: 3 }),
    experts: fc.array(fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 14, maxLength: 14 }), {
      minLength: experts,
      maxLength: experts,
    }),
  }),
);

test('no weight is chosen twice, nor more than n of a block', async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ n, experts }) => {
      const given = { shapes: [[2, 4], [6]], base: Array(14).fill(0), experts };
      const masks = await Promise.all(experts.map((_, t) => chosen(given, { n, m: 4 }, t)));
      for (let i = 0; i < 14; i++) expect(masks.filter((mask) => mask[i] !== 0).length).toBeLessThanOrEqual(1);
      for (const mask of masks) {
        for (const from of [0, 4, 8]) {
          expect(mask.slice(from, from + 4).filter((value) => value !== 0).length).toBeLessThanOrEqual(n);
        }
      }
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('the first expert’s choice does not depend on the others', async () => {
  const alone = await chosen({ ...models, experts: [g1.experts[0]] }, { n: 2, m: 4 }, 0);
  expect(await chosen(models, { n: 2, m: 4 }, 0)).toEqual(alone);
});

test('n = m with one expert gives that expert', async () => {
  const one = { ...models, experts: [g1.experts[2]] };
  mustAgree((await run(cabs, one, { controls: { n: 4, m: 4 } })).values, g1.experts[2], 1e-6);
});

test('an incomplete block chooses fewer, or nothing', async () => {
  const given = { shapes: [[6]], base: Array(6).fill(0), experts: [[1, 2, 3, 4, 5, 6]] };
  expect(await chosen(given, { n: 2, m: 4 }, 0)).toEqual([0, 0, 3, 4, 0, 6]);
  expect(await chosen(given, { n: 2, m: 4, tail: 'dropped' }, 0)).toEqual([0, 0, 3, 4, 0, 0]);
});

test('the ablations: in turns wherever the weights lie, or balanced with overlaps', async () => {
  const given = {
    shapes: [[8]],
    base: Array(8).fill(0),
    experts: [
      [9, 8, 7, 6, 1, 1, 1, 1],
      [5, 5, 5, 5, 4, 3, 2, 1],
    ],
  };
  const turns = { n: 2, m: 4, variant: 'conflict' };
  expect(await chosen(given, turns, 0)).toEqual([9, 8, 7, 6, 0, 0, 0, 0]);
  expect(await chosen(given, turns, 1)).toEqual([0, 0, 0, 0, 4, 3, 2, 1]);
  const balanced = { n: 2, m: 4, variant: 'balance' };
  expect(await chosen(given, balanced, 0)).toEqual([9, 8, 0, 0, 1, 1, 0, 0]);
  expect(await chosen(given, balanced, 1)).toEqual([5, 5, 0, 0, 4, 3, 0, 0]);
});

test('a zero is never chosen, so it stays free for the next', async () => {
  const given = {
    shapes: [[4]],
    base: Array(4).fill(0),
    experts: [
      [0, 0, 0, 1],
      [4, 3, 2, 1],
    ],
  };
  expect(await chosen(given, { n: 2, m: 4 }, 1)).toEqual([4, 3, 0, 0]);
});
