import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import dare from './dare.ts';
import deltaEditing from './delta-editing.ts';
import { g1 } from './parts/g1.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const vectors = g1.experts.flatMap((expert) => expert.map((value, i) => value - (g1.base[i] ?? 0)));
const edited = async (controls: ControlValues, given = models, seed = 1) =>
  (await run(deltaEditing, given, { controls, seed })).values;

test('k = 0 is DARE', async () => {
  for (const p of [0, 0.3, 0.9]) {
    mustAgree(
      await edited({ p, k: 0 }, models, 5),
      (await run(dare, models, { controls: { p }, seed: 5 })).values,
      1e-6,
    );
  }
});

test('k = 1 changes nothing, whatever p', async () => {
  for (const p of [0, 0.3, 0.99]) mustAgree(await edited({ p, k: 1 }), vectors, 1e-5);
});

test('for every k the change is the same on average over seeds', async () => {
  const seeds = 1500;
  const length = 40;
  const given = { shapes: [[length]], base: Array(length).fill(0), experts: [Array(length).fill(1)] };
  for (const k of [-1, 0.5]) {
    let total = 0;
    for (let seed = 0; seed < seeds / 10; seed++) {
      total += (await edited({ p: 0.4, k }, given, seed)).reduce((sum, value) => sum + value, 0);
    }
    const draws = (seeds / 10) * length;
    // Two values, k with chance p and the rest: four standard errors.
    const rest = (1 - 0.4 * k) / 0.6;
    const deviation = Math.abs(rest - k) * Math.sqrt((0.4 * 0.6) / draws);
    expect(Math.abs(total / draws - 1)).toBeLessThan(4 * deviation);
  }
});

test('as many blocks as entries change nothing', async () => {
  mustAgree(await edited({ edit: 'blocks', blocks: 8 }), vectors, 1e-6);
  mustAgree(await edited({ edit: 'blocks', blocks: 32 }), vectors, 1e-6);
});

test('blocks keep signs and Σ|τ|, and there are no more magnitudes than blocks', async () => {
  const values = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(values, fc.integer({ min: 1, max: 6 }), async (list, blocks) => {
      const given = { shapes: [[list.length]], base: list.map(() => 0), experts: [list.map((v) => (v % 2 ? v : -v))] };
      const out = await edited({ edit: 'blocks', blocks }, given);
      const sizes = Array.from(out, Math.abs);
      expect(Array.from(out, Math.sign)).toEqual(list.map((v) => (v % 2 ? 1 : -1)));
      expect(sizes.reduce((a, b) => a + b, 0)).toBeCloseTo(
        list.reduce((a, b) => a + b, 0),
        3,
      );
      expect(new Set(sizes).size).toBeLessThanOrEqual(blocks);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('α = −1 gives the base and α = 0 the expert', async () => {
  expect((await edited({ edit: 'expo', alpha: -1 })).every((value) => value === 0)).toBe(true);
  mustAgree(await edited({ edit: 'expo', alpha: 0 }), vectors, 1e-6);
});
