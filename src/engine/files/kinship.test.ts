import { expect, test } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { fitModels } from '../../formats/checkpoint/fit.ts';
import type { Kinship } from '../../formats/checkpoint/kinship-words.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { memorySource } from '../testing/memory-files.testing.ts';
import { kinshipOf, kinshipRows } from './kinship.ts';
import { openCheckpoints } from './open.ts';

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'blocks.0.a.weight': [40, 30],
  'blocks.0.norm.weight': [30],
  'blocks.1.a.weight': [70, 1000],
};

type Values = Readonly<Record<string, Float32Array>>;

const noise = (seed: number, scale: number): Values =>
  Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => {
      const random = randomStream(seed, name);
      const length = shape.reduce((product, side) => product * side, 1);
      return [name, Float32Array.from({ length }, () => random.normal() * scale)];
    }),
  );
const plus = (a: Values, b: Values): Values =>
  Object.fromEntries(
    Object.entries(a).map(([name, values]) => [name, values.map((value, i) => value + (b[name]?.[i] ?? 0))]),
  );

async function kin(models: Readonly<Record<string, Values>>, mode: Kinship['basis']): Promise<Kinship> {
  const sources = Object.entries(models).map(([id, values]) => {
    const tensors = Object.entries(values).map(([name, own]): [string, StoredTensor] => [
      name,
      { dtype: 'F32', shape: SHAPES[name] ?? [], bytes: fromFloat32(own, 'F32') },
    ]);
    return memorySource(`${id}.safetensors`, writeSafetensors(new Map(tensors)));
  });
  const { checkpoints } = await openCheckpoints(sources);
  const [base, ...experts] = checkpoints;
  if (!base) throw new Error('no base');
  const ids = experts.map(({ outline }) => outline.id);
  const fit = fitModels(
    checkpoints.map(({ outline }) => outline),
    { base: base.outline.id, experts: ids, choices: {} },
  );
  return kinshipOf(base, experts, { mode, rows: kinshipRows(fit), progress: () => {}, breathe: async () => {} });
}

const base = noise(1, 1);

test('ratios and cosines are those of the task vectors', async () => {
  const change = noise(2, 0.1);
  const opposite = Object.fromEntries(
    Object.entries(change).map(([name, values]) => [name, values.map((value) => -value)]),
  );
  const found = await kin(
    { base, a: plus(base, change), b: plus(base, opposite), c: plus(base, noise(3, 0.2)) },
    'exact',
  );
  expect(found.experts.map(({ verdict }) => verdict)).toEqual(['related', 'related', 'related']);
  expect(found.cosines[1]).toBeCloseTo(-1, 4);
  expect(found.cosines[1]).toBe(found.cosines[3]);
  expect(Math.abs(found.cosines[2] ?? 1)).toBeLessThan(0.02);
  for (const at of [0, 4, 8]) expect(found.cosines[at]).toBeCloseTo(1, 9);
  expect(found.experts[0]?.ratio).toBeCloseTo(0.1, 2);
  expect(found.experts[2]?.ratio).toBeCloseTo(0.2, 2);
  expect(found.tensors.map(({ name }) => name)).toEqual(Object.keys(SHAPES));
  expect(found.says).toMatch(/a, b and c come from base: their changes are 0\.1 to 0\.2 times as long/);
  expect(found.says).toContain('Cosines between their changes: -1 to');
});

test('a sample reads parts of matrices only, says so, and finds the same', async () => {
  const found = await kin({ base, a: plus(base, noise(2, 0.1)) }, 'sampled');
  expect(found.read).toEqual({ tensors: 2, of: 3, bytes: 2 * 4 * (1200 + 65536) });
  expect(found.experts[0]?.ratio).toBeCloseTo(0.1, 2);
  expect(found.says).toContain('Sampled: parts of 2 of 3 tensors.');
});

test('networks of different seeds are told that they do not share a base, and what to do instead', async () => {
  const found = await kin({ base, stranger: noise(9, 1), child: plus(base, noise(2, 0.1)) }, 'exact');
  expect(found.experts.map(({ verdict }) => verdict)).toEqual(['unrelated', 'related']);
  expect(found.experts[0]?.ratio).toBeCloseTo(Math.SQRT2, 1);
  expect(found.says).toMatch(/^stranger and base do not share a base.*own base instead.*does not do it yet/);
});

test('copies and distant descendants are told from others', async () => {
  const found = await kin({ base, copy: base, distant: plus(base, noise(2, 1)) }, 'exact');
  expect(found.experts.map(({ verdict }) => verdict)).toEqual(['same', 'far']);
  expect(found.cosines).toEqual([0, 0, 0, expect.closeTo(1, 9)]);
});

test('values that are not finite are refused with their tensor and model', async () => {
  const broken = { ...base, 'blocks.0.a.weight': Float32Array.from({ length: 1200 }, () => Number.NaN) };
  await expect(kin({ base, broken }, 'exact')).rejects.toThrow(
    'broken: blocks.0.a.weight: holds values that are not finite',
  );
});

test('work that is no longer wanted ends', async () => {
  const sources = ['base', 'a'].map((id) =>
    memorySource(
      `${id}.safetensors`,
      writeSafetensors(new Map([['w', { dtype: 'F32', shape: [2, 2], bytes: new Uint8Array(16) }]])),
    ),
  );
  const { checkpoints } = await openCheckpoints(sources);
  const [first, second] = checkpoints;
  if (!first || !second) throw new Error('not open');
  const rows = [{ name: 'w', experts: ['w'] }];
  const stop = async () => Promise.reject(new Error('stopped'));
  await expect(kinshipOf(first, [second], { mode: 'exact', rows, progress: () => {}, breathe: stop })).rejects.toThrow(
    'stopped',
  );
});
