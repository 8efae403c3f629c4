import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import bitdelta from './bitdelta.ts';
import skillpack from './skillpack.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';

const values = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => Math.sin(seed * 13 + i * 7 + (i % 5)));
const shapes = [[8, 6], [5, 9], [7]];
const LENGTH = 100;
const base = values(1, LENGTH);
const models: Models = {
  shapes,
  base,
  experts: [2, 3].map((seed) => values(seed, LENGTH).map((v, i) => v / 4 + (base[i] ?? 0))),
};

async function error(controls: ControlValues): Promise<number> {
  const got = (await run(skillpack, models, { controls })).values;
  return Math.hypot(...models.experts.flat().map((value, i) => value - (got[i] ?? Number.NaN)));
}

describe('SkillPack', () => {
  test('with all energy and 16 bits gives the experts', async () => {
    const { values: got } = await run(skillpack, models, { controls: { beta: 1, alpha: 1, plan: '16' } });
    mustAgree(got, models.experts.flat(), 1e-4);
  });

  test('comes nearer with more energy and with more bits', async () => {
    const byEnergy = [];
    for (const beta of [0, 0.3, 0.6, 0.9, 1]) byEnergy.push(await error({ beta, plan: '16' }));
    expect(byEnergy).toEqual([...byEnergy].sort((a, b) => b - a));
    expect(await error({ beta: 1, plan: '16' })).toBeLessThan(await error({ beta: 1, plan: '8' }));
    expect(await error({ beta: 1, plan: '8' })).toBeLessThan(await error({ beta: 1, plan: '8-4-2' }));
  });

  test('gives a matrix of changes that are zero back as the base', async () => {
    const same = { ...models, experts: [models.base] };
    mustAgree((await run(skillpack, same)).values, models.base, 1e-6);
  });
});

describe('BitDelta', () => {
  test('gives a matrix of equally large changes back, and nothing at length 0 but what is stored in full', async () => {
    const flat: Models = { shapes: [[2, 2], [2]], base: [0, 0, 0, 0, 1, 1], experts: [[2, -2, 2, -2, 5, 6]] };
    expect([...(await run(bitdelta, flat)).values]).toEqual([2, -2, 2, -2, 5, 6]);
    expect([...(await run(bitdelta, flat, { controls: { scale: 0 } })).values]).toEqual([0, 0, 0, 0, 5, 6]);
  });
});
