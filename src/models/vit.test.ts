import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../engine/backend.ts';
import peer from './fixtures/vit/result.json' with { type: 'json' };
import { countWeights, sizeOf } from './parameter.ts';
import { cosineLogits, type VitConfig, vitFeatures } from './vit.ts';
import { vitParameters } from './vit-parameters.ts';

const WASM = `${import.meta.dirname}/../../node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
/** Float32 here, float64 there, logits up to 16. */
const TOLERANCE = 1e-4;

const config: VitConfig = { ...peer.config, architecture: 'vit' };
const stored: Readonly<Record<string, readonly number[]>> = peer.weights;

function largestDifference(got: ArrayLike<number>, wanted: readonly number[]): number {
  expect(got.length).toBe(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (got[i] as number))), 0);
}

describe.each(['cpu', 'wasm'] as const)('the vision transformer on %s', (backend) => {
  beforeEach(async () => {
    await openBackend({ wasmPaths: WASM, among: [backend] });
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());

  const weights = () =>
    Object.fromEntries(
      vitParameters(config).map(({ name, shape }) => {
        const values = stored[name]?.map((whole) => whole / peer.grid);
        if (!values) throw new Error(`${name}: the peer has no such tensor`);
        return [name, tf.tensor(values, [...shape])];
      }),
    );
  const images = () => {
    const [count, pixels] = peer.images.shape as [number, number];
    return tf.tensor2d(
      peer.images.values.map((level) => level / peer.levels),
      [count, pixels],
    );
  };

  it('has the features that PyTorch has', () => {
    const features = vitFeatures(weights(), images(), config);
    expect(features.shape).toEqual([peer.images.shape[0], config.dim]);
    expect(largestDifference(features.dataSync(), peer.features)).toBeLessThan(TOLERANCE);
  });

  it('has the logits that PyTorch has', () => {
    const head = tf.tensor2d(
      peer.head.values.map((whole) => whole / peer.grid),
      peer.head.shape as [number, number],
    );
    const logits = cosineLogits(vitFeatures(weights(), images(), config), head, config);
    expect(largestDifference(logits.dataSync(), peer.logits)).toBeLessThan(TOLERANCE);
  });

  it('gives an image the same features whatever it shares a batch with', () => {
    const all = vitFeatures(weights(), images(), config).dataSync();
    const last = vitFeatures(weights(), tf.slice(images(), [2, 0], [1, -1]), config).dataSync();
    expect(largestDifference(last, [...all.slice(2 * config.dim)])).toBeLessThan(1e-6);
  });

  it('names a tensor that is missing', () => {
    const { 'norm.bias': _left, ...others } = weights();
    expect(() => vitFeatures(others, images(), config)).toThrow('norm.bias: the network has no such tensor');
  });
});

describe('the parameter table', () => {
  it('lists exactly the tensors of the peer, in its order', () => {
    const table = vitParameters(config);
    expect(table.map(({ name }) => name)).toEqual(Object.keys(stored));
    expect(table.map(({ shape }) => sizeOf(shape))).toEqual(Object.values(stored).map((values) => values.length));
  });

  it('counts the weights of the real size', () => {
    const real: VitConfig = { ...config, dim: 64, blocks: 4, heads: 4, hidden: 128 };
    const block = 4 * (64 * 64 + 64) + 2 * 64 * 128 + 128 + 64 + 4 * 64;
    expect(countWeights(vitParameters(real))).toBe(64 * 49 + 64 + 16 * 64 + 4 * block + 128);
  });

  it('spreads depth from 0 at the embeddings to 1 at the final norm', () => {
    const depths = vitParameters(config).map(({ depth }) => depth);
    expect(depths[0]).toBe(0);
    expect(depths.at(-1)).toBe(1);
    expect(depths).toEqual([...depths].sort((a, b) => a - b));
  });
});
