import '@tensorflow/tfjs-backend-cpu';
import { describe, expect, test } from 'vitest';
import { thinSvd } from '../core/linalg/svd.ts';
import { randomStream } from '../core/random/counter.ts';
import { g1 } from './parts/g1.ts';
import { superposed } from './parts/superpose.ts';
import stf from './stf.ts';
import { mustAgree } from './testing/laws.testing.ts';
import { scaled } from './testing/networks.testing.ts';
import { type Models, run } from './testing/run.testing.ts';

const models: Models = { shapes: [g1.shape], base: g1.base, experts: g1.experts };
const merged = async (given: Models, controls = {}) => (await run(stf, given, { controls })).values;

function changes(experts: number, rows: number, cols: number): Float64Array[] {
  const random = randomStream(experts, 'stf');
  return Array.from({ length: experts }, () => Float64Array.from({ length: rows * cols }, () => random.normal()));
}

/** The largest |uᵀ M v − σ| over all directions of all experts. */
function violation(given: readonly Float64Array[], rows: number, cols: number): number {
  const svds = given.map((change) => thinSvd(change, rows, cols));
  const parts = superposed(svds, rows, cols, 1);
  const sum = Float64Array.from({ length: rows * cols }, (_, i) =>
    parts.reduce((total, part) => total + (part[i] ?? 0), 0),
  );
  return svds.reduce((worst, { count, left, right, values }) => {
    for (let r = 0; r < count; r++) {
      let answer = 0;
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < cols; j++)
          answer += (left[r * rows + i] ?? 0) * (sum[i * cols + j] ?? 0) * (right[r * cols + j] ?? 0);
      worst = Math.max(worst, Math.abs(answer - (values[r] ?? 0)));
    }
    return worst;
  }, 0);
}

describe('every input feature keeps its output feature', () => {
  test.each([
    [3, 2, 4],
    [2, 5, 3],
    [4, 6, 6],
  ])('%i experts, %i × %i, by eigenvectors', (experts, rows, cols) => {
    expect(violation(changes(experts, rows, cols), rows, cols)).toBeLessThan(1e-9);
  });

  test('in a system so large that it is solved step by step', () => {
    expect(violation(changes(5, 30, 32), 30, 32)).toBeLessThan(1e-6);
  });
});

test('copies of an expert give that expert, not its multiple', async () => {
  const copies = { ...models, experts: [g1.experts[0], g1.experts[0], g1.experts[0]] };
  mustAgree(await merged(copies), g1.experts[0], 1e-5);
});

test('a change of rank one is reproduced: missing directions ask for nothing', async () => {
  const single = { shapes: [[2, 3]], base: [0, 0, 0, 0, 0, 0], experts: [[1, 2, 3, 2, 4, 6]] };
  mustAgree(await merged(single), single.experts[0] ?? [], 1e-5);
});

test('it scales with the changes, and the order of the experts is irrelevant', async () => {
  const once = await merged(models);
  const twice = await merged(scaled(models, 2));
  mustAgree(
    twice,
    once.map((value, i) => 2 * value - (g1.base[i] ?? 0)),
    1e-5,
  );
  mustAgree(await merged({ ...models, experts: [...g1.experts].reverse() }), once, 1e-5);
});

test('more constraints than entries are met in the sense of least squares', async () => {
  const given = { shapes: [[2, 2]], base: [0, 0, 0, 0], experts: changes(6, 2, 2).map((change) => [...change]) };
  expect((await merged(given)).every(Number.isFinite)).toBe(true);
});

test('it is linear in λ', async () => {
  const [all, first, others] = [
    await merged(models),
    await merged(models, { lambda: [1, 0, 0] }),
    await merged(models, { lambda: [0, 1, 1] }),
  ];
  mustAgree(
    all,
    first.map((value, i) => value + (others[i] ?? 0) - (g1.base[i] ?? 0)),
    1e-5,
  );
});
