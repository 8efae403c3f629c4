import { expect, test } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import type { ByteSource } from '../../formats/byte-source.ts';
import { energyLeft, errorAtRank } from '../../formats/lora/extracted.ts';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { StoppedError } from '../fault.ts';
import { adaptTo } from './adapter.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type DecomposedChange, decomposeChange } from './extract-lora.ts';
import { openCheckpoints } from './open.ts';
import { readValues } from './read-part.ts';
import { type AdapterOptions, adapterOutput, wholeOf } from './write-lora.ts';

function memorySource(path: string, bytes: Uint8Array): ByteSource {
  return { path, size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) };
}

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'embed_tokens.weight': [9, 6],
  'layers.0.c_attn.weight': [6, 6],
  'layers.0.c_fc.weight': [6, 9],
  'layers.1.up_proj.weight': [10, 6],
  'layers.1.conv.weight': [5, 3, 3, 3],
  'layers.1.norm.weight': [6],
  'unchanged.weight': [4, 4],
};

async function openNetwork(path: string, seed: number, config?: object, shapes = SHAPES): Promise<Checkpoint> {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => {
    const random = randomStream(name === 'unchanged.weight' ? 0 : seed, name);
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal());
    return [name, { dtype: 'F32', shape, bytes: fromFloat32(values, 'F32') }];
  });
  const files = [memorySource(path, writeSafetensors(new Map(tensors)))];
  if (config)
    files.push(memorySource(path.replace(/[^/]*$/, 'config.json'), new TextEncoder().encode(JSON.stringify(config))));
  const [checkpoint] = (await openCheckpoints(files)).checkpoints;
  if (!checkpoint) throw new Error(`${path}: was not opened`);
  return checkpoint;
}

async function openAdapter(change: DecomposedChange, options: Partial<AdapterOptions>): Promise<Checkpoint> {
  const { config, bytes, pieces } = adapterOutput(change, { rank: 64, dtype: 'F32', rest: 'leave-out', ...options });
  const all: Uint8Array[] = [];
  for await (const piece of pieces()) all.push(piece);
  const weights = Uint8Array.from(all.flatMap((piece) => [...piece]));
  expect(weights.length).toBe(bytes);
  const { checkpoints, problems } = await openCheckpoints([
    memorySource('lora/adapter_model.safetensors', weights),
    memorySource('lora/adapter_config.json', new TextEncoder().encode(config)),
  ]);
  expect(problems).toEqual([]);
  expect(checkpoints.map(({ outline }) => outline.kind)).toEqual(['adapter']);
  return checkpoints[0] as Checkpoint;
}

/** ‖a − b‖² and ‖a − c‖² of one tensor. */
async function distances(name: string, a: Checkpoint, b: Checkpoint, c: Checkpoint): Promise<[number, number]> {
  const read = (from: Checkpoint) => readValues(from.parts.get(name) ?? expect.fail(`${name} is missing`));
  const [x, y, z] = await Promise.all([read(a), read(b), read(c)]);
  const square = (other: Float32Array) => x.reduce((total, value, i) => total + (value - (other[i] as number)) ** 2, 0);
  return [square(y), square(z)];
}

test.each([[undefined], [{ model_type: 'gpt2' }]])(
  'with every direction an adapter gives the change back; config %j',
  async (config) => {
    const [model, base] = [
      await openNetwork('m/tuned.safetensors', 1),
      await openNetwork('b/base.safetensors', 2, config),
    ];
    const change = await decomposeChange(model, base, 64);
    const adapter = await openAdapter(change, {});
    expect(adapter.outline.config).toMatchObject({
      fan_in_fan_out: config !== undefined,
      target_modules: ['c_attn', 'c_fc', 'conv', 'up_proj'],
    });
    const adapted = await adaptTo(adapter, base);
    for (const { name, energy } of change.factors) {
      const [missed] = await distances(name, model, adapted, base);
      expect(Math.sqrt(missed / energy), name).toBeLessThan(1e-6);
    }
    expect(change.left.map(({ name }) => name)).toEqual(['embed_tokens.weight', 'layers.1.norm.weight']);
  },
);

test.each([1, 2, 5, 8])('at rank %i what the spectra say is lost is what the files lose', async (rank) => {
  const [model, base] = [await openNetwork('m/tuned.safetensors', 1), await openNetwork('b/base.safetensors', 2)];
  const change = await decomposeChange(model, base, 8);
  const adapted = await adaptTo(await openAdapter(change, { rank }), base);
  let [missed, total] = [0, 0];
  for (const factors of change.factors) {
    const [left, energy] = await distances(factors.name, model, adapted, base);
    expect(energyLeft(factors, rank) / energy).toBeCloseTo(left / energy, 5);
    missed += left;
    total += energy;
  }
  expect(errorAtRank(change.factors, rank)).toBeCloseTo(Math.sqrt(missed / total), 5);
});

test('what has no factors is kept in full: adapter and base are then the model, but for parameters of no module', async () => {
  const own = { ...SHAPES, 'layers.0.c_fc.bias': [9], 'layers.1.embed.table': [3], cls: [6] };
  const [model, base] = [
    await openNetwork('m/tuned.safetensors', 1, undefined, { ...own, 'embed_tokens.weight': [11, 6] }),
    await openNetwork('b/base.safetensors', 2, undefined, own),
  ];
  const change = await decomposeChange(model, base, 64);
  expect(wholeOf(change)).toMatchObject({
    modules: ['embed_tokens', 'layers.1.norm', 'layers.1.embed'],
    biases: ['layers.0.c_fc.bias'],
    nowhere: ['cls'],
  });
  const adapter = await openAdapter(change, { rest: 'in-full' });
  expect(adapter.outline.config).toMatchObject({
    bias: 'lora_only',
    modules_to_save: ['embed_tokens', 'layers.1.norm', 'layers.1.embed'],
  });
  expect([...adapter.parts.keys()]).toContain('base_model.model.layers.0.c_fc.base_layer.bias');
  const adapted = await adaptTo(adapter, base);
  for (const [name, part] of model.parts) {
    expect(adapted.parts.get(name)?.shape, name).toEqual(part.shape);
    if (name === 'cls') continue;
    const [missed] = await distances(name, model, adapted, model);
    expect(Math.sqrt(missed), name).toBeLessThan(2e-6);
  }
});

test('directions that found no room in memory are computed again, the same', async () => {
  const [model, base] = [await openNetwork('m/tuned.safetensors', 1), await openNetwork('b/base.safetensors', 2)];
  const change = await decomposeChange(model, base, 4);
  const forgotten = { ...change, factors: change.factors.map((each) => ({ ...each, directions: null })) };
  const [kept, again] = [await openAdapter(change, { rank: 3 }), await openAdapter(forgotten, { rank: 3 })];
  for (const [name, part] of kept.parts) {
    const other = again.parts.get(name) ?? expect.fail(`${name} is missing`);
    expect(await readValues(other), name).toEqual(await readValues(part));
  }
});

test('work that is no longer wanted ends', async () => {
  const [model, base] = [await openNetwork('m/tuned.safetensors', 1), await openNetwork('b/base.safetensors', 2)];
  const told: number[] = [];
  const breathe = async () => {
    if (told.length > 2) throw new StoppedError();
  };
  const change = decomposeChange(model, base, 4, { progress: (done) => told.push(done), breathe });
  await expect(change).rejects.toThrow(StoppedError);
  expect(told).toEqual([0, 54, 90]);
});

test('models with other tensors are refused by name', async () => {
  const [model, base] = [await openNetwork('tuned.safetensors', 1), await openNetwork('base.safetensors', 2)];
  const parts = new Map(base.parts);
  parts.delete('layers.1.norm.weight');
  await expect(decomposeChange(model, { ...base, parts }, 4)).rejects.toThrow(
    'tuned and base do not have the same tensors: layers.1.norm.weight: is in the model only',
  );
});
