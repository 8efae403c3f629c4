import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, toFloat32 } from '../../formats/safetensors/values.ts';
import { type FileOptions, mergeConfiguration, mergeRecipe } from './merge-files.ts';
import { isConfiguration } from './planned-merge.ts';

let folder = '';
let told = '';
let onTold = () => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-files-'));
  told = '';
  onTold = () => {};
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    onTold();
    return true;
  });
  await model('base', 0);
  await model('a', 1);
  await model('b', -3);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const NAMES = ['model.embed_tokens.weight', 'model.layers.0.mlp.up_proj.weight', 'model.norm.weight'];

/** Three tensors of 2 × 2, all values `by` larger than those of the base. */
const model = (name: string, by: number) =>
  writeFile(
    join(folder, `${name}.safetensors`),
    writeSafetensors(
      new Map(
        NAMES.map((tensor, i) => {
          const values = Float32Array.of(i, 1, 2, -1).map((value) => value + by);
          return [tensor, { dtype: 'F32', shape: [2, 2], bytes: fromFloat32(values, 'F32') }];
        }),
      ),
    ),
  );

const none: FileOptions = {
  out: undefined,
  dtype: undefined,
  shardSize: undefined,
  resume: false,
  json: false,
  models: undefined,
  choose: undefined,
  task: undefined,
  threads: '1',
};

async function configuration(lines: string): Promise<string> {
  const path = join(folder, 'merge.yaml');
  await writeFile(path, lines);
  return path;
}

const ARITHMETIC = `merge_method: task_arithmetic
base_model: base.safetensors
models:
  - {model: a.safetensors, parameters: {weight: 0.5}}
  - {model: b.safetensors, parameters: {weight: 0.25}}
dtype: float32
`;

const out = (name = 'out.safetensors') => join(folder, name);
const merged = async (path: string) => readSafetensors(new Uint8Array(await readFile(path)), path);
const valuesIn = async (path: string) =>
  [...(await merged(path)).tensors.values()].map((tensor) => [...toFloat32(tensor)]);
const WANTED = [0, 1, 2].map((i) => [i, 1, 2, -1].map((value) => value + 0.5 - 0.75));

test('merges as a mergekit configuration says and prints the checksum of the file', async () => {
  const path = await configuration(ARITHMETIC);
  const printed = await mergeConfiguration(path, { ...none, out: out() });
  const sha256 = createHash('sha256')
    .update(await readFile(out()))
    .digest('hex');
  const { length } = await readFile(out());
  expect(printed).toBe(`${out()}: ${length} bytes, sha256 ${sha256}\n3 tensors, read back and checked`);
  expect((await valuesIn(out())).sort()).toEqual(WANTED.sort());
  expect((await merged(out())).metadata).toMatchObject({ format: 'pt', mergekit_config: ARITHMETIC });
  expect((await readdir(folder)).sort()).toEqual([
    'a.safetensors',
    'b.safetensors',
    'base.safetensors',
    'merge.yaml',
    'out.safetensors',
  ]);
});

test('is stopped by Ctrl-C and goes on with the same bytes', async () => {
  const path = await configuration(ARITHMETIC);
  await mergeConfiguration(path, { ...none, out: out('whole.safetensors') });
  told = '';
  onTold = () => {
    if (/[12] of 3 tensors/.test(told)) process.emit('SIGINT');
  };
  const stopped = mergeConfiguration(path, { ...none, out: out() });
  await expect(stopped).rejects.toThrow(/stopped after [12] of 3 tensors; the same command with --resume goes on/);
  expect(await readdir(folder)).toContain('out.safetensors.part');
  expect(await readdir(folder)).not.toContain('out.safetensors');
  onTold = () => {};
  told = '';
  await mergeConfiguration(path, { ...none, out: out(), resume: true });
  expect(told).toMatch(/[12] of 3 tensors were there already/);
  expect(await readFile(out())).toEqual(await readFile(out('whole.safetensors')));
  expect((await readdir(folder)).filter((name) => /part|journal/.test(name))).toEqual([]);
});

test('another merge is not gone on with', async () => {
  const path = await configuration(ARITHMETIC);
  onTold = () => {
    if (told.includes('1 of 3 tensors')) process.emit('SIGINT');
  };
  await expect(mergeConfiguration(path, { ...none, out: out() })).rejects.toThrow('stopped');
  onTold = () => {};
  await configuration(ARITHMETIC.replace('0.5', '1'));
  await mergeConfiguration(path, { ...none, out: out(), resume: true });
  expect(told).not.toContain('were there already');
  expect((await valuesIn(out())).sort()).toEqual(WANTED.map((row) => row.map((value) => value + 0.5)).sort());
});

test('writes a recipe’s merge over models under its names, in several files and another data type', async () => {
  const recipe = {
    version: 1,
    family: 'mine',
    experts: ['x', 'y'],
    chain: [{ method: 'task-arithmetic', controls: { lambda: [0.5, 0.25] } }],
  };
  await writeFile(join(folder, 'recipe.json'), JSON.stringify(recipe));
  const at = (name: string) => join(folder, `${name}.safetensors`);
  const models = `base=${at('base')},x=${at('a')},y=${at('b')}`;
  const options = { ...none, out: out('sharded'), models, dtype: 'bf16', shardSize: '16B', json: true };
  const printed = JSON.parse(await mergeRecipe(join(folder, 'recipe.json'), options));
  expect(printed).toMatchObject({ tensors: 3, resumed: 0, overflows: [] });
  expect(await readdir(out('sharded'))).toEqual([
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'model.safetensors.index.json',
  ]);
  const first = join(out('sharded'), 'model-00001-of-00002.safetensors');
  expect([...(await merged(first)).tensors.values()].map(({ dtype }) => dtype)).toEqual(['BF16', 'BF16']);
  expect(JSON.parse((await merged(first)).metadata.recipe ?? '')).toMatchObject(recipe);
  expect((await valuesIn(first)).flat()).toEqual(expect.arrayContaining([0.75, 1.75, -1.25]));
});

test.each([
  [{ out: 'a.safetensors' }, 'a.safetensors is one of the merged models'],
  [{ out: 'folder' }, 'wanted a file that ends in .safetensors'],
  [{ out: 'o.safetensors', shardSize: '5GB' }, 'give a folder'],
  [{ out: 'o.safetensors', dtype: 'int8' }, '--dtype: got "int8", wanted f32, f16 or bf16'],
  [{ out: 'folder', shardSize: 'big' }, '--shard-size: got "big"'],
])('refuses %j in words', async (options, message) => {
  const path = await configuration(ARITHMETIC);
  const given = { ...none, ...options, out: join(folder, options.out) };
  await expect(mergeConfiguration(path, given)).rejects.toThrow(message);
});

test('a model that is not there, and a configuration that says nothing, are told', async () => {
  const lacking = await configuration(ARITHMETIC.replace('b.safetensors', 'c.safetensors'));
  await expect(mergeConfiguration(lacking, { ...none, out: out() })).rejects.toThrow(
    'c.safetensors: there is no such file or folder',
  );
  const empty = await configuration('models: 3\n');
  await expect(mergeConfiguration(empty, { ...none, out: out() })).rejects.toThrow(/merge\.yaml, line 1: /);
});

test('links are not taken for configurations', () => {
  expect(['merge.yaml', 'a/b.YML', '#v=1', undefined, 'x#v=1.yaml'].map(isConfiguration)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
