/** Methods against numbers that other programs computed; each fixture's maker script says how. */
import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import type { Method } from './define.ts';
import dare from './fixtures/dare/result.json' with { type: 'json' };
import slerp from './fixtures/slerp/result.json' with { type: 'json' };
import taskArithmetic from './fixtures/task-arithmetic/result.json' with { type: 'json' };
import ties from './fixtures/ties/result.json' with { type: 'json' };
import weightAverage from './fixtures/weight-average/result.json' with { type: 'json' };
import { dropAndRescale } from './parts/drop.ts';
import { methodById } from './registry.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { type ControlValues, run, tableOf } from './testing/run.testing.ts';

/**
 * The peers work in float32 throughout. Weights are below 5, sums have at most three terms; the largest error is that of
 * SLERP's sine quotient near a cosine of 0.9995, where a rounding of the cosine by 2⁻²⁴ moves the factors by about 2e-6.
 */
const TOLERANCE = 1e-5;

interface PeerCase {
  readonly name: string;
  readonly shapes: number[][];
  readonly base: number[];
  readonly experts: number[][];
  readonly controls: ControlValues;
  readonly result: number[];
}

const peers: { id: string; cases: readonly PeerCase[] }[] = [
  { id: 'weight-average', cases: weightAverage.cases },
  { id: 'task-arithmetic', cases: taskArithmetic.cases },
  { id: 'slerp', cases: slerp.cases },
  { id: 'ties', cases: ties.cases },
];

describe.each(peers)('$id gives what mergekit gives', ({ id, cases }) => {
  const method: Method = methodById(id);
  test.each(cases)('$name', async ({ controls, result, ...models }) => {
    mustAgree((await run(method, models, { controls })).values, result, TOLERANCE);
  });
});

describe('dare with the mask injected gives what mergekit gives', () => {
  test.each(dare.cases)('$name', ({ shapes, values, keep, dropRate, result }) => {
    const tensors = tableOf(shapes);
    const out = dropAndRescale(Float32Array.from(values), Uint8Array.from(keep), 'l1', dropRate, tensors);
    expect(out).toHaveLength(result.length);
    mustAgree(out, result, TOLERANCE);
  });
});
