import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../engine/backend.ts';
import { createNetwork } from '../engine/network.ts';
import { featuresOf, logitsOf } from './architecture.ts';
import { headShape, inputsOf, type ModelConfig, parametersOf, withBlocks } from './architecture-parameters.ts';
import peer from './fixtures/mlp/result.json' with { type: 'json' };
import { sizeOf } from './parameter.ts';

const WASM = `${import.meta.dirname}/../../node_modules/@tensorflow/tfjs-backend-wasm/dist/`;
/** Float32 here, float64 there. */
const TOLERANCE = 1e-5;
/** Logits of cosine heads reach 16. */
const LOGIT_TOLERANCE = 1e-4;

type Case = (typeof peer.cases)[number];

const isActivation = (name: string): name is 'relu' | 'gelu' => name === 'relu' || name === 'gelu';

function configOf({ config }: Case): ModelConfig {
  const { inputs, widths, activation, classifier, logitScale } = config;
  if (!isActivation(activation)) throw new Error(activation);
  return {
    architecture: 'mlp',
    inputs,
    widths,
    blocks: widths.length,
    dim: widths.at(-1) ?? 0,
    activation,
    classifier: classifier === 'linear' ? 'linear' : 'cosine',
    logitScale,
  };
}

const largestDifference = (got: ArrayLike<number>, wanted: readonly number[]): number => {
  expect(got.length).toBe(wanted.length);
  return wanted.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (got[i] ?? Number.NaN))), 0);
};

const matrix = ({ shape, values }: { shape: readonly number[]; values: readonly number[] }) =>
  tf.tensor2d(
    values.map((whole) => whole / peer.grid),
    [shape[0] ?? 0, shape[1] ?? 0],
  );

describe.each(['cpu', 'wasm'] as const)('the perceptron on %s', (backend) => {
  beforeEach(async () => {
    await openBackend({ wasmPaths: WASM, among: [backend] });
    tf.engine().startScope();
  });
  afterEach(() => tf.engine().endScope());

  describe.each(peer.cases.map((each) => [each.config.activation, each] as const))('with %s', (_name, each) => {
    const config = configOf(each);
    const stored: Readonly<Record<string, readonly number[]>> = each.weights;
    const values = (name: string) => (stored[name] ?? []).map((whole) => whole / peer.grid);

    it('has the features and logits of PyTorch', () => {
      const weights = Object.fromEntries(
        parametersOf(config).map(({ name, shape }) => [name, tf.tensor(values(name), [...shape])]),
      );
      const features = featuresOf(weights, matrix(each.samples), config);
      expect(largestDifference(features.dataSync(), each.features)).toBeLessThan(TOLERANCE);
      const logits = logitsOf(features, matrix(each.head), config);
      expect(largestDifference(logits.dataSync(), each.logits)).toBeLessThan(LOGIT_TOLERANCE);
    });

    it('has PyTorch’s gradient of the cross-entropy', async () => {
      let start = 0;
      const table = parametersOf(config).map((row) => {
        const placed = { ...row, start, length: sizeOf(row.shape) };
        start += placed.length;
        return placed;
      });
      const flat = tf.tensor1d(table.flatMap(({ name }) => values(name)));
      const network = createNetwork({ config, table, heads: new Map([['t', matrix(each.head)]]), tasks: ['t'] });
      const wanted = tf.oneHot(tf.tensor1d(each.labels, 'int32'), each.head.shape[0] ?? 0);
      const { value, gradient } = await network.gradient(
        flat,
        [{ task: 't', images: matrix(each.samples) }],
        ([logits]) => {
          if (!logits) throw new Error('no logits');
          return tf.neg(tf.mean(tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1)));
        },
      );
      expect(value).toBeCloseTo(each.loss, 5);
      const gradients: Readonly<Record<string, readonly number[]>> = each.gradient;
      const joined = table.flatMap(({ name }) => [...(gradients[name] ?? [])]);
      expect(largestDifference(gradient, joined)).toBeLessThan(TOLERANCE);
    });
  });
});

describe('the tables of a perceptron', () => {
  const [first] = peer.cases;
  it('tell sizes, depth and heads', () => {
    if (!first) throw new Error('no case');
    const config = configOf(first);
    expect(inputsOf(config)).toBe(10);
    expect(headShape(config, 3)).toEqual([3, 6]);
    expect(parametersOf(config).map(({ name, shape, depth }) => [name, shape.join(), depth])).toEqual([
      ['layers.0.weight', '8,10', 0],
      ['layers.0.bias', '8', 0],
      ['layers.1.weight', '6,8', 0.5],
      ['layers.1.bias', '6', 0.5],
      ['layers.2.weight', '5,6', 1],
      ['layers.2.bias', '5', 1],
    ]);
    expect(() => withBlocks(config, 4)).toThrow('3, not 4');
  });
});
