import * as tf from '@tensorflow/tfjs-core';
import { bareContext } from './testing/context.testing.ts';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { matmul, transposed } from '../core/linalg/matrix.ts';
import { polar, RCOND } from '../core/linalg/polar.ts';
import { thinSvd } from '../core/linalg/svd.ts';
import { randomStream } from '../core/random/counter.ts';
import type { Parameter } from '../models/parameter.ts';
import type { Piece } from './define.ts';
import peer from './fixtures/iso-c/result.json' with { type: 'json' };
import isoC from './iso-c.ts';

const F32_EPSILON = 2 ** -23;
const side = fc.integer({ min: 1, max: 9 });
const seed = fc.integer();
beforeAll(async () => {
  await tf.setBackend('cpu');
});

type Matrix = { rows: number; cols: number; values: Float64Array };

function gaussian(rows: number, cols: number, of: number): Matrix {
  const random = randomStream(of, 'iso-c');
  return { rows, cols, values: Float64Array.from({ length: rows * cols }, () => Math.fround(random.normal())) };
}

const linear = { name: 'blocks.0.attn.q.weight', role: 'linear', group: 'attention', depth: 0 } as const;

async function merge(
  base: ArrayLike<number>,
  experts: readonly ArrayLike<number>[],
  controls: { c?: readonly number[]; lambda?: number },
  parameter: Parameter,
): Promise<Float32Array> {
  const length = base.length;
  const piece: Piece = { start: 0, length, tensors: [{ ...parameter, start: 0, length }] };
  const tensor = (values: ArrayLike<number>) => tf.tensor(Float32Array.from(values), [...parameter.shape]);
  const tensors = experts.map(tensor);
  const values = { c: controls.c ?? experts.map(() => 1), lambda: controls.lambda ?? 1 };
  const input = {
    piece,
    base: tensor(base),
    experts: tensors,
    taskVectors: tensors.map((expert) => tf.sub(expert, tensor(base))),
    globals: undefined,
  };
  return (await isoC.combine(await isoC.prepare(input, values, bareContext), values, 0).data()) as Float32Array;
}

/** Iso-C's change of a sum of task vectors: merged from a zero base, so that θ is Δ itself. */
async function change({ rows, cols, values }: Matrix, c = [1]): Promise<Matrix> {
  const zero = new Float32Array(values.length);
  const merged = await merge(zero, [values], { c }, { ...linear, shape: [rows, cols] });
  return { rows, cols, values: Float64Array.from(merged) };
}

const spectrum = ({ values, rows, cols }: Matrix) => thinSvd(values, rows, cols).values;
const total = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const frobenius = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  const worst = Math.max(...Array.from(got, (value, i) => Math.abs(value - (wanted[i] as number))));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

const times = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  cols: b.cols,
  values: matmul(a.values, b.values, a.rows, a.cols, b.cols).map(Math.fround),
});

/** Float32 rounding of each stored weight, seen in the Frobenius norm of the whole. */
const rounding = (x: Matrix) => 8 * F32_EPSILON * Math.max(frobenius(x.values), 1e-30);

/** Rounding of the input is felt in U Vᵀ as strongly as the smallest kept singular value is small. */
const sensitivity = (x: Matrix) => {
  const values = spectrum(x);
  return ((values[0] as number) / (values.at(-1) as number)) * rounding(x);
};

describe('Iso-C', () => {
  it('makes the spectrum of the change flat and keeps its nuclear norm', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, async (rows, cols, s) => {
        const x = gaussian(rows, cols, s);
        const before = spectrum(x);
        const after = spectrum(await change(x));
        const mean = total(before) / before.length;
        expectClose(
          after,
          Array.from(after, () => mean),
          rounding(x),
        );
      }),
    );
  });

  it('has length σ̄·√r', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, async (rows, cols, s) => {
        const x = gaussian(rows, cols, s);
        const sigma = spectrum(x);
        const wanted = (total(sigma) / sigma.length) * Math.sqrt(sigma.length);
        expect(Math.abs(frobenius((await change(x)).values) - wanted)).toBeLessThanOrEqual(rounding(x));
      }),
    );
  });

  it('changes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, async (rows, cols, s) => {
        const once = await change(gaussian(rows, cols, s));
        expectClose((await change(once)).values, once.values, rounding(once));
      }),
    );
  });

  it('is homogeneous: doubled changes give a doubled result, bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, fc.integer({ min: -3, max: 3 }), async (rows, cols, s, power) => {
        const x = gaussian(rows, cols, s);
        const scaled = await change({ ...x, values: x.values.map((value) => value * 2 ** power) });
        expect([...scaled.values]).toEqual([...(await change(x)).values.map((value) => value * 2 ** power)]);
      }),
    );
  });

  it('commutes with orthogonal changes of basis on both sides', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, async (rows, cols, s) => {
        const x = gaussian(rows, cols, s);
        const rotation = (n: number, of: number): Matrix => ({
          rows: n,
          cols: n,
          values: polar(gaussian(n, n, of).values, n, n).q,
        });
        const [left, right] = [rotation(rows, s + 1), rotation(cols, s + 2)];
        const rotated = await change(times(times(left, x), right));
        const wanted = times(times(left, await change(x)), right);
        expectClose(rotated.values, wanted.values, sensitivity(x));
      }),
    );
  });

  it('does not depend on the order of the experts', async () => {
    await fc.assert(
      fc.asyncProperty(side, side, seed, async (rows, cols, s) => {
        const [a, b, d] = [1, 2, 3].map((i) => gaussian(rows, cols, s + i).values) as [
          Float64Array,
          Float64Array,
          Float64Array,
        ];
        const parameter = { ...linear, shape: [rows, cols] };
        const base = gaussian(rows, cols, s).values;
        const one = await merge(base, [a, b, d], { c: [0.5, 1, 2] }, parameter);
        const other = await merge(base, [d, a, b], { c: [2, 0.5, 1] }, parameter);
        const sum = { rows, cols, values: a.map((value, i) => 0.5 * value + (b[i] as number) + 2 * (d[i] as number)) };
        expectClose(one, other, sensitivity(sum) + 8 * F32_EPSILON * frobenius(base));
      }),
    );
  });

  it('gives the base bit for bit at λ = 0', async () => {
    const x = gaussian(5, 4, 1).values;
    const merged = await merge(x, [gaussian(5, 4, 2).values], { lambda: 0 }, { ...linear, shape: [5, 4] });
    expect([...merged]).toEqual([...x]);
  });

  it('leaves the missing directions of a rank-deficient change at zero', async () => {
    const x = times(
      { ...gaussian(6, 2, 5), values: gaussian(6, 2, 5).values.map(Math.round) },
      {
        ...gaussian(2, 8, 6),
        values: gaussian(2, 8, 6).values.map(Math.round),
      },
    );
    const before = spectrum(x).filter((value) => value > RCOND * (spectrum(x)[0] as number));
    const after = spectrum(await change(x));
    expect(before.length).toBe(2);
    const mean = total(before) / 2;
    expectClose(after, [mean, mean, 0, 0, 0, 0], rounding(x));
  });

  it('transposes with its input', async () => {
    const x = gaussian(3, 7, 9);
    const flipped = await change({ rows: 7, cols: 3, values: transposed(x.values, 3, 7) });
    expectClose(flipped.values, transposed((await change(x)).values, 3, 7), rounding(x));
  });

  it.each([
    { ...linear, name: 'blocks.0.attn.q.bias', role: 'bias', shape: [4] },
    { ...linear, name: 'pos_embed', role: 'embedding', shape: [2, 2] },
    { ...linear, name: 'patch_embed.weight', role: 'embedding', shape: [2, 2] },
  ] as const)('averages $name', async (parameter) => {
    const merged = await merge(
      [1, 1, 1, 1],
      [
        [3, 1, 1, 1],
        [1, 5, 1, 1],
      ],
      { c: [1, 2], lambda: 0.5 },
      parameter,
    );
    expect([...merged]).toEqual([1.5, 3, 1, 1]);
  });

  it('gives the base when nothing changed', async () => {
    expect([...(await merge([1, 2, 3, 4], [[1, 2, 3, 4]], {}, { ...linear, shape: [2, 2] }))]).toEqual([1, 2, 3, 4]);
  });

  it.each(peer.cases)(
    'agrees with torch: $name, c = $controls.c',
    async ({ shape, base, experts, controls, result }) => {
      const merged = await merge(base, experts, controls, { ...linear, shape });
      expectClose(merged, result, 8 * F32_EPSILON * Math.max(...result.map(Math.abs)));
    },
  );
});
