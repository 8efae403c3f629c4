import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomStream } from '../core/random/counter.ts';
import type { PlacedParameter } from '../methods/define.ts';
import { sizeOf } from '../models/parameter.ts';
import type { VitConfig } from '../models/vit.ts';
import { vitParameters } from '../models/vit-parameters.ts';
import { openBackend } from './backend.ts';
import { createNetwork } from './network.ts';

const WASM = `${import.meta.dirname}/../../node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
const config: VitConfig = {
  architecture: 'vit',
  imageSize: 6,
  patchSize: 3,
  dim: 8,
  blocks: 2,
  heads: 2,
  hidden: 12,
  logitScale: 4,
};

function place(): PlacedParameter[] {
  let start = 0;
  return vitParameters(config).map((row) => {
    const placed = { ...row, start, length: sizeOf(row.shape) };
    start += placed.length;
    return placed;
  });
}

const table = place();
const length = table.reduce((total, row) => total + row.length, 0);

function gaussian(count: number, label: string, scale: number): Float32Array {
  const random = randomStream(11, label);
  return Float32Array.from({ length: count }, () => scale * random.normal());
}

/** Norm gains near 1, everything else near 0.4 of a unit: large enough for every path to matter. */
function weights(): Float32Array {
  const values = gaussian(length, 'weights', 0.4);
  for (const row of table.filter(({ name }) => /norm.*weight$/.test(name))) {
    for (let i = 0; i < row.length; i++) values[row.start + i] = 1 + 0.3 * (values[row.start + i] as number);
  }
  return values;
}

describe.each(['cpu', 'wasm'] as const)('the network on %s', (backend) => {
  let before = 0;
  beforeEach(async () => {
    await openBackend({ wasmPaths: WASM, among: [backend] });
    before = tf.memory().numTensors;
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
    expect(tf.memory().numTensors).toBe(before);
  });

  const make = () => {
    const heads = new Map([
      ['a', tf.tensor2d(gaussian(3 * config.dim, 'head a', 1), [3, config.dim])],
      ['b', tf.tensor2d(gaussian(5 * config.dim, 'head b', 1), [5, config.dim])],
    ]);
    const images = tf.tensor2d(gaussian(4 * 36, 'images', 0.5), [4, 36]);
    const network = createNetwork({ config, table, heads, tasks: ['a', 'b'] });
    /** Something curved in every logit. */
    const loss = ([a, b]: readonly tf.Tensor2D[]) =>
      tf.add(
        tf.mean(tf.square(tf.logSoftmax(a as tf.Tensor2D))),
        tf.mean(tf.mul(tf.softmax(b as tf.Tensor2D), tf.tensor1d([2, -1, 0, 1, -2]))),
      );
    const batches = ['a', 'b'].map((task) => ({ task, images }));
    return { network, images, batches, loss };
  };

  it('has a gradient that agrees with central differences along random directions', async () => {
    const { network, batches, loss } = make();
    const at = weights();
    const { gradient } = await network.gradient(tf.tensor1d(at), batches, loss);
    const norm = Math.hypot(...gradient);
    const valueAt = (step: number, direction: Float32Array) =>
      tf.tidy(() => {
        const moved = tf.tensor1d(at.map((value, i) => value + step * (direction[i] as number)));
        return loss(batches.map((batch) => network.logits(moved, batch.task, batch.images))).dataSync()[0] as number;
      });
    // Float32 losses of size 1 carry 1e-7; at a step of 1e-2 the quotient carries 1e-5 of that and O(step²) of curvature.
    const STEP = 1e-2;
    for (const row of table) {
      const whole = gaussian(length, `direction ${row.name}`, 1);
      const own = whole.map((value, i) => (i >= row.start && i < row.start + row.length ? value : 0));
      const size = Math.hypot(...own);
      const direction = own.map((value) => value / size);
      const slope = gradient.reduce((total, value, i) => total + value * (direction[i] as number), 0);
      const quotient = (valueAt(STEP, direction) - valueAt(-STEP, direction)) / (2 * STEP);
      expect(Math.abs(slope - quotient), `${row.name}: slope ${slope}, quotient ${quotient}`).toBeLessThan(4e-3 * norm);
    }
  });

  it('gives the loss that the logits give', async () => {
    const { network, images, batches, loss } = make();
    const flat = tf.tensor1d(weights());
    const direct = loss(batches.map((batch) => network.logits(flat, batch.task, batch.images))).dataSync()[0] as number;
    expect(network.logits(flat, 'b', images).shape).toEqual([4, 5]);
    expect((await network.gradient(flat, batches, loss)).value).toBeCloseTo(direct, 5);
  });

  it('leaves no tensors behind', async () => {
    const { network, images, batches, loss } = make();
    const flat = tf.tensor1d(weights());
    const alive = tf.memory().numTensors;
    await network.gradient(flat, batches, loss);
    network.logits(flat, 'a', images).dispose();
    expect(tf.memory().numTensors).toBe(alive);
  });

  it('names a task without a head and weights of a wrong length', () => {
    const { network, images } = make();
    const parts = { config, table, heads: new Map(), tasks: ['kana'] };
    expect(() => createNetwork(parts)).toThrow('task "kana" has no head');
    expect(() => network.logits(tf.tensor1d([1, 2]), 'a', images)).toThrow(`has ${length} weights, not 2`);
  });
});
