import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../core/random/counter.ts';
import { openBackend } from '../engine/backend.ts';
import { sizeOf } from '../models/parameter.ts';
import { type VitConfig, vitFeatures } from '../models/vit.ts';
import { vitParameters } from '../models/vit-parameters.ts';
import type { PlacedParameter } from './define.ts';
import method from './passthrough.ts';

const CONFIG: VitConfig = {
  architecture: 'vit',
  imageSize: 4,
  patchSize: 2,
  dim: 4,
  blocks: 5,
  heads: 2,
  hidden: 6,
  logitScale: 16,
};

function tableOf(blocks: number): PlacedParameter[] {
  let start = 0;
  return vitParameters({ ...CONFIG, blocks }).map((parameter) => {
    const row = { ...parameter, start, length: sizeOf(parameter.shape) };
    start += row.length;
    return row;
  });
}

type Values = (row: PlacedParameter, index: number) => number;
const noise = (label: string): Values => {
  const random = randomStream(1, label);
  return () => random.normal() * 0.5;
};

/** Networks of so many blocks, stacked. */
async function stacked(
  makers: readonly Values[],
  given: Partial<Parameters<typeof method.combine>[1]> = {},
  blocks = CONFIG.blocks,
) {
  const tensors = tableOf(blocks);
  const length = tensors.reduce((sum, row) => sum + row.length, 0);
  const experts = makers.map((make) =>
    tf.tensor1d(tensors.flatMap((row) => Array.from({ length: row.length }, (_, i) => make(row, i)))),
  );
  const controls = {
    layers: 'slices',
    slices: 2,
    overlap: 1,
    scale: 1,
    weight: makers.map(() => 1),
    ...given,
  } as const;
  const input = {
    piece: { start: 0, length, tensors },
    base: tf.zeros([length]),
    experts,
    taskVectors: [],
    globals: undefined,
  };
  const prepared = await method.prepare(input, controls, { seed: 7 } as Parameters<typeof method.prepare>[2]);
  const values = Float32Array.from(await method.combine(prepared, controls, 0).data());
  const depth = method.blocks?.(controls, blocks, makers.length) ?? blocks;
  return { values, depth, sources: experts.map((expert) => Float32Array.from(expert.dataSync())) };
}

function features(values: Float32Array, blocks: number): Float32Array {
  const images = tf.tensor2d(
    Array.from({ length: 48 }, (_, i) => Math.sin(i) / 2 + 0.5),
    [3, 16],
  );
  const weights = Object.fromEntries(
    tableOf(blocks).map(({ name, shape, start, length }) => [
      name,
      tf.tensor(values.subarray(start, start + length), [...shape]),
    ]),
  );
  return Float32Array.from(vitFeatures(weights, images, { ...CONFIG, blocks }).dataSync());
}

/** What each block of a merged network is made of, read from weights that say it. */
function told(values: Float32Array, depth: number): readonly number[] {
  const rows = tableOf(depth);
  return Array.from(
    { length: depth },
    (_, block) => values[rows.find(({ name }) => name === `blocks.${block}.norm1.weight`)?.start ?? -1] ?? -1,
  );
}
const telling =
  (expert: number): Values =>
  ({ name }) =>
    100 * expert + Number(/^blocks\.(\d+)/.exec(name)?.[1] ?? 99);
const choice = fc.record({ slices: fc.integer({ min: 1, max: 8 }), overlap: fc.integer({ min: 0, max: 4 }) });

beforeAll(async () => {
  await openBackend({ wasmPaths: '', among: ['cpu'] });
});

describe('stacking slices', () => {
  it('of one slice is the first expert, bit for bit', async () => {
    const { values, sources, depth } = await stacked([noise('a'), noise('b')], { slices: 1, overlap: 3, scale: 0.3 });
    expect([values, depth]).toEqual([sources[0], CONFIG.blocks]);
  });

  it('makes mergekit’s example of 40 blocks: [0, 24) and [20, 40)', async () => {
    const { values, depth } = await stacked([telling(0), telling(1)], { slices: 2, overlap: 4 }, 40);
    const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
    expect(told(values, depth)).toEqual([...range(0, 24), ...range(20, 40).map((block) => 100 + block)]);
    const rows = tableOf(depth);
    expect([values[0], values[rows.at(-1)?.start ?? 0]]).toEqual([99, 199]);
  });

  it('leaves the function alone where one expert’s repeated blocks are scaled by 0', async () => {
    for (const slices of [2, 3, 5]) {
      const { values, depth, sources } = await stacked([noise('a')], { slices, overlap: 2, scale: 0 });
      expect(depth).toBeGreaterThan(CONFIG.blocks);
      const [got, wanted] = [features(values, depth), features(sources[0] as Float32Array, CONFIG.blocks)];
      const farthest = Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? 0))));
      expect(farthest).toBeLessThan(1e-6);
      expect(features((await stacked([noise('a')], { slices, overlap: 2 })).values, depth)).not.toEqual(wanted);
    }
  });

  it('has as many weights as its slices together, whatever the controls', async () => {
    await fc.assert(
      fc.asyncProperty(choice, async (given) => {
        const { values, depth } = await stacked([telling(0), telling(1), telling(2)], given);
        expect(values.length).toBe(tableOf(depth).reduce((sum, row) => sum + row.length, 0));
        const slices = Math.min(given.slices, CONFIG.blocks);
        const blocks = told(values, depth);
        expect(new Set(blocks.map((block) => block % 100)).size).toBe(CONFIG.blocks);
        expect(new Set(blocks.map((block) => Math.floor(block / 100))).size).toBe(Math.min(3, slices));
      }),
      { numRuns: 30 },
    );
  });
});

describe('shuffling', () => {
  it('keeps the depth and each block’s place, and takes no expert whose chance is 0', async () => {
    const { values, depth } = await stacked([telling(0), telling(1), telling(2)], {
      layers: 'shuffle',
      weight: [1, 0, 1],
    });
    expect(told(values, depth).map((block) => block % 100)).toEqual([0, 1, 2, 3, 4]);
    expect(told(values, depth).some((block) => Math.floor(block / 100) === 1)).toBe(false);
  });

  it('of equal blocks changes nothing', async () => {
    const equal: Values = ({ name }, i) => Math.sin(i + name.replace(/\d+/, '').length);
    const { values, sources } = await stacked([equal, equal], { layers: 'any' });
    expect(values).toEqual(sources[0]);
  });
});
