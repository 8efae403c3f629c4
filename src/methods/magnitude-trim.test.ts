import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import magnitudeTrim from './magnitude-trim.ts';
import { g1 } from './parts/g1.ts';
import taskArithmetic from './task-arithmetic.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';
import ties from './ties.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const trimmed = async (controls: ControlValues, given = models) =>
  (await run(magnitudeTrim, given, { controls })).values;

test('K = 1, a share of 1 and f = 0 change nothing', async () => {
  const wanted = await trimmed({ density: 1 });
  mustAgree(
    wanted,
    g1.experts.flatMap((expert) => expert.map((value, i) => value - (g1.base[i] ?? 0))),
    1e-6,
  );
  expect(await trimmed({ by: 'energy', share: 1 })).toEqual(wanted);
  expect(await trimmed({ by: 'std', factor: 0 })).toEqual(wanted);
});

test('the whole network has one threshold: a tensor of small changes is emptied', async () => {
  const given = { shapes: [[2], [2]], base: [0, 0, 0, 0], experts: [[5, 4, 1, 2]] };
  expect([...(await trimmed({ density: 0.5 }, given))]).toEqual([5, 4, 0, 0]);
  expect([...(await trimmed({ density: 0.5, scope: 'tensor' }, given))]).toEqual([5, 0, 0, 2]);
});

test('among equals the lower index stays', async () => {
  const given = { shapes: [[4]], base: [0, 0, 0, 0], experts: [[1, -2, 2, -2]] };
  expect([...(await trimmed({ density: 0.5 }, given))]).toEqual([0, -2, 2, 0]);
});

test('the norm of each tensor is restored by itself', async () => {
  const given = { shapes: [[2], [2]], base: [0, 0, 0, 0], experts: [[4, 3, 8, 6]] };
  expect([...(await trimmed({ density: 0.5, scope: 'tensor', rescale: 'l2' }, given))]).toEqual([5, 0, 10, 0]);
  expect([...(await trimmed({ density: 0.5, scope: 'tensor', rescale: 'l1' }, given))]).toEqual([7, 0, 14, 0]);
});

test('followed by an election without trimming it is TIES with mergekit’s threshold', async () => {
  const vectors = await trimmed({ density: 0.5, scope: 'tensor' });
  const experts = [0, 1, 2].map((t) => g1.base.map((value, i) => value + (vectors[8 * t + i] ?? 0)));
  const elected = await run(ties, { ...models, experts }, { controls: { density: 1 } });
  const wanted = await run(ties, models, { controls: { density: 0.5, trim: 'tensor' } });
  mustAgree(elected.values, wanted.values, 1e-6);
  // Trimming alone does not elect: the plain mean differs.
  const plain = await run(taskArithmetic, { ...models, experts }, { controls: { lambda: [1 / 3, 1 / 3, 1 / 3] } });
  expect(plain.values).not.toEqual(wanted.values);
});
