import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { randomStream } from '../core/random/counter.ts';
import { g1 } from './parts/g1.ts';
import pcb from './pcb.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { scaled } from './testing/networks.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';

const versions = ['a', 'b', 'c', 'paper'];

function gaussian(experts: number, length: number): Models {
  const random = randomStream(1, 'pcb');
  const row = () => Array.from({ length }, () => random.normal());
  return { shapes: [[length]], base: Array(length).fill(0), experts: Array.from({ length: experts }, row) };
}

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const change = async (controls: ControlValues, given = models) => {
  const { values } = await run(pcb, given, { controls: { lambda: given.experts.map(() => 1), ...controls } });
  return Array.from(values, (value, i) => value - (given.base[i] ?? 0));
};

test.each(['a', 'c'])('G1 golden, the change of version %s', async (version) => {
  mustAgree(await change({ version, ratio: 0.25, clip: 'always' }), [0, -1.5, 1, 0, 0.7, 0, 0, 0], 1e-6);
});

test.each(versions)('one expert gives its own change on the kept weights, 0 elsewhere: %s', async (version) => {
  const one = gaussian(1, 40);
  const got = await change({ version, ratio: 0.25 }, one);
  const kept = got.filter((value) => value !== 0);
  // The cut itself counts 0 in the codes.
  expect(kept).toHaveLength(version === 'paper' ? 10 : 9);
  for (const [i, value] of got.entries()) if (value !== 0) expect(value).toBeCloseTo(one.experts[0]?.[i] ?? 0, 5);
});

test.each(versions)('the change lies between the experts’ changes or is 0: %s', async (version) => {
  const many = gaussian(4, 60);
  const got = await change({ version, ratio: 0.5 }, many);
  for (const [i, value] of got.entries()) {
    const values = [0, ...many.experts.map((expert) => expert[i] ?? 0)];
    expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
    expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
  }
});

test.each(versions)('the order of the experts is irrelevant: %s', async (version) => {
  const many = gaussian(4, 60);
  const backwards = { ...many, experts: [...many.experts].reverse() };
  mustAgree(await change({ version }, backwards), await change({ version }, many), 1e-5);
});

test('version C scales with the changes, version A does not', async () => {
  const many = gaussian(3, 60);
  const seven = async (version: string) => change({ version, ratio: 0.5, clip: 'always' }, scaled(many, 7));
  const one = async (version: string) => change({ version, ratio: 0.5, clip: 'always' }, many);
  mustAgree(
    await seven('c'),
    (await one('c')).map((value) => 7 * value),
    1e-4,
  );
  await expect(
    (async () =>
      mustAgree(
        await seven('a'),
        (await one('a')).map((value) => 7 * value),
        1e-4,
      ))(),
  ).rejects.toThrow();
});

test('changes so large that tanh saturates, or all alike, give numbers', async () => {
  for (const version of versions) {
    for (const given of [scaled(models, 1000), { ...models, experts: [g1.base, g1.base] }]) {
      const got = await change({ version, clip: 'always' }, given);
      expect(got.every(Number.isFinite)).toBe(true);
    }
  }
});
