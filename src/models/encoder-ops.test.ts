import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../core/random/counter.ts';
import { openBackend } from '../engine/backend.ts';
import { ATTENTION_KERNEL, attend, LAYER_NORM_KERNEL, layerNorm } from './encoder-ops.ts';

const WASM = `${import.meta.dirname}/../../node_modules/@tensorflow/tfjs-backend-wasm/dist/`;

const draw = (length: number, seed: number, scale = 1) => {
  const random = randomStream(seed, 'encoder');
  return Float32Array.from({ length }, () => random.normal() * scale);
};

interface Shape {
  readonly sequences: number;
  readonly tokens: number;
  readonly heads: number;
  readonly width: number;
  /** Spread of queries and keys: large ones make the softmax steep. */
  readonly spread?: number;
}

function attention({ sequences, tokens, heads, width, spread = 1 }: Shape) {
  const rows = sequences * tokens;
  const part = (seed: number, scale = 1) => tf.tensor2d(draw(rows * heads * width, seed, scale), [rows, heads * width]);
  return attend(part(1, spread), part(2, spread), part(3), { heads, tokens });
}

function norm(rows: number, dim: number) {
  return layerNorm(
    tf.add(tf.tensor2d(draw(rows * dim, 4, 3), [rows, dim]), 5),
    tf.tensor1d(draw(dim, 5)),
    tf.tensor1d(draw(dim, 6)),
  );
}

/** Values on the plain JavaScript backend, where everything is composed, and on WebAssembly, with the kernels that ran there. */
async function both(compute: () => tf.Tensor) {
  await openBackend({ wasmPaths: WASM, among: ['cpu'] });
  const composed = tf.tidy(compute).dataSync();
  await openBackend({ wasmPaths: WASM, among: ['wasm'] });
  const { kernelNames, result } = await tf.profile(() => tf.tidy(compute));
  const fused = (result as tf.Tensor).dataSync();
  return { composed, fused, kernelNames };
}

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  expect(got.length).toBe(wanted.length);
  const worst = Array.from(wanted).reduce((most, value, i) => Math.max(most, Math.abs(value - (got[i] as number))), 0);
  expect(worst).toBeLessThan(tolerance);
}

describe('attention', () => {
  it.each<Shape>([
    { sequences: 1, tokens: 8, heads: 1, width: 8 },
    { sequences: 3, tokens: 16, heads: 2, width: 32 },
    { sequences: 2, tokens: 24, heads: 3, width: 16 },
    { sequences: 2, tokens: 16, heads: 2, width: 8, spread: 30 },
  ])('of the kernel is that of the composed operations: %o', async (shape) => {
    const { composed, fused, kernelNames } = await both(() => attention(shape));
    expect(kernelNames).toContain(ATTENTION_KERNEL);
    expectClose(fused, composed, 5e-6);
  });

  it('composes what does not fit the kernel’s tiles', async () => {
    const { composed, fused, kernelNames } = await both(() =>
      attention({ sequences: 2, tokens: 9, heads: 2, width: 6 }),
    );
    expect(kernelNames).not.toContain(ATTENTION_KERNEL);
    expectClose(fused, composed, 5e-6);
  });

  it('keeps what is not a number', async () => {
    await openBackend({ wasmPaths: WASM, among: ['wasm'] });
    const broken = tf.tensor2d(draw(64, 1), [8, 8]).arraySync();
    (broken[3] as number[])[2] = Number.NaN;
    const sound = tf.tensor2d(draw(64, 2), [8, 8]);
    const rows = attend(tf.tensor2d(broken), sound, sound, { heads: 1, tokens: 8 }).arraySync();
    expect(rows.map((row) => row.every(Number.isNaN))).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((row) => row === 3));
  });
});

describe('layer normalisation', () => {
  it.each([
    [1, 4],
    [37, 64],
  ])('of the kernel is that of the composed operations: %i × %i', async (rows, dim) => {
    const { composed, fused, kernelNames } = await both(() => norm(rows, dim));
    expect(kernelNames).toContain(LAYER_NORM_KERNEL);
    expectClose(fused, composed, 1e-5);
  });

  it('composes rows that are no multiple of four', async () => {
    const { composed, fused, kernelNames } = await both(() => norm(3, 6));
    expect(kernelNames).not.toContain(LAYER_NORM_KERNEL);
    expectClose(fused, composed, 1e-5);
  });
});

describe('gradients', () => {
  beforeAll(async () => {
    await openBackend({ wasmPaths: WASM, among: ['wasm'] });
  });

  it('go through both, by the composed operations', () => {
    const weight = tf.tensor1d(draw(16, 5));
    const bias = tf.tensor1d(draw(16, 6));
    const loss = (x: tf.Tensor) => {
      const unit = layerNorm(x as tf.Tensor2D, weight, bias);
      return tf.sum(tf.square(attend(unit, unit, unit, { heads: 2, tokens: 8 }))) as tf.Scalar;
    };
    const at = tf.tensor2d(draw(128, 7), [8, 16]);
    const slope = tf.grad(loss)(at);
    const direction = tf.tensor2d(draw(128, 8), [8, 16]);
    const step = 1e-2;
    const ahead = loss(tf.add(at, tf.mul(direction, step))).dataSync()[0] ?? Number.NaN;
    const behind = loss(tf.sub(at, tf.mul(direction, step))).dataSync()[0] ?? Number.NaN;
    const wanted = (ahead - behind) / (2 * step);
    const got = tf.sum(tf.mul(slope, direction)).dataSync()[0] ?? Number.NaN;
    expect(Math.abs(got - wanted)).toBeLessThan(5e-3 * Math.abs(wanted));
  });
});
