import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomStream } from '../core/random/counter.ts';
import optmerge from './optmerge.ts';
import swudi from './swudi.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, type Models, run } from './testing/run.testing.ts';
import wudi from './wudi.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

function models(shapes: Models['shapes'], experts: number, seed: number): Models {
  const random = randomStream(seed, 'wudi');
  const length = shapes.reduce((sum, shape) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const draw = () => Array.from({ length }, () => Math.fround(random.normal()));
  return { shapes, base: new Array<number>(length).fill(0), experts: Array.from({ length: experts }, draw) };
}

const drawn = models([[6, 4], [4, 5], [3]], 3, 7);
const merged = async (method: typeof wudi | typeof swudi | typeof optmerge, controls: ControlValues, of = drawn) =>
  (await run(method, of, { controls })).values;

describe('WUDI', () => {
  test('is the plain sum on matrices when it is hardly begun', async () => {
    const { values } = await run(wudi, drawn, { controls: { s: -300 } });
    const sum = Float32Array.from(values, (_, i) => drawn.experts.reduce((total, one) => total + (one[i] ?? 0), 0));
    mustAgree(values.subarray(0, 44), sum.subarray(0, 44), 1e-5);
  });

  test('ends where Adam with small steps ends: at the minimum of L', async () => {
    const end = await merged(wudi, { s: 4 });
    const adam = await merged(wudi, { solver: 'adam', steps: 3000, rate: 0.005 });
    mustAgree(adam, end, 0.02);
  });

  test('scales what an expert claims by its λ, as scaling its change would', async () => {
    const lambda = [0.5, 1, 2];
    const scaled = { ...drawn, experts: drawn.experts.map((one, t) => one.map((value) => value * (lambda[t] ?? 1))) };
    mustAgree(await merged(wudi, { lambda }), await merged(wudi, {}, scaled), 1e-5);
  });

  test('leaves everything that is no matrix at the base where that is chosen', async () => {
    expect([...(await merged(wudi, { others: 'base' })).subarray(44)]).toEqual([0, 0, 0]);
  });

  test('wide matrices whose experts leave directions of input unused: those stay at the sum', async () => {
    const wide = models([[1, 6]], 2, 3);
    const values = await merged(wudi, { s: 4 }, wide);
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

test('SWUDI with all directions is WUDI', async () => {
  mustAgree(await merged(swudi, { rho: 1, s: 0.7 }), await merged(wudi, { s: 0.7 }), 1e-5);
});

test('OptMerge that cuts nothing off is WUDI', async () => {
  mustAgree(await merged(optmerge, { q: 3, s: 0.7 }), await merged(wudi, { s: 0.7 }), 1e-4);
});
