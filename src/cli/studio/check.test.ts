import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { check } from './check.ts';
import { inspect } from './inspect.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'studio-check-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Shapes = Readonly<Record<string, readonly number[]>>;
const SHAPES: Shapes = { 'blocks.0.a.weight': [6, 4], 'blocks.1.a.weight': [6, 4], 'norm.weight': [4] };

/** A model whose every value is made of its place and a number. */
async function model(name: string, step: number, shapes: Shapes = SHAPES): Promise<string> {
  const tensors = Object.entries(shapes).map(([tensor, shape]): [string, StoredTensor] => {
    const length = shape.reduce((product, side) => product * side, 1);
    const values = Float32Array.from({ length }, (_, i) => Math.sin(i + 1) + step * Math.cos(i * step));
    return [tensor, { dtype: 'F32', shape, bytes: fromFloat32(values, 'F32') }];
  });
  const path = join(folder, `${name}.safetensors`);
  await writeFile(path, writeSafetensors(new Map(tensors), { made: 'for a test' }));
  return path;
}

async function configuration(lines: readonly string[]): Promise<string> {
  const path = join(folder, 'merge.yaml');
  await writeFile(path, lines.join('\n'));
  return path;
}

const LINEAR = ['merge_method: linear', 'models:', '  - model: a.safetensors', '  - model: b.safetensors'];
const PLAIN = { dtype: undefined, models: undefined, choose: undefined, task: undefined };
const checked = async (path: string, options = {}) => {
  const { text, runs } = await check(path, { ...PLAIN, json: true, ...options });
  return { runs, found: JSON.parse(text) };
};

it('says what a configuration would merge and what it takes, from headers alone', async () => {
  await model('a', 0.1);
  await model('b', 0.2);
  const path = await configuration([...LINEAR, 'parameters: { weight: 0.5 }', 'dtype: bfloat16']);
  const { runs, found } = await checked(path);
  expect(runs).toBe(true);
  expect(found).toMatchObject({
    runs: true,
    problems: [],
    merge: { models: ['a', 'b'], tensors: { merged: 3, copied: 0 }, dtypes: ['BF16'], parameters: 52 },
    needs: { inputBytes: 2 * 52 * 4, refusal: null, secondsAtLeast: expect.any(Number) },
  });
  expect(found.needs.peakBytes).toBeGreaterThan(0);
  const { text } = await check(path, { ...PLAIN, json: false });
  expect(text).toMatch(
    /would run\nmerge: .* of a, b\noutput: 3 tensors merged, 0 copied, 52 values as BF16\nreads 416 bytes/,
  );
});

it('names the line of a model that is not there, and does not run', async () => {
  await model('a', 0.1);
  const { runs, found } = await checked(await configuration(LINEAR));
  expect(runs).toBe(false);
  expect(found).toMatchObject({ runs: false, merge: null, needs: null });
  expect(found.problems).toEqual([
    { line: 4, message: expect.stringContaining('b.safetensors: there is no such file') },
  ]);
  const { text } = await check(join(folder, 'merge.yaml'), { ...PLAIN, json: false });
  expect(text).toContain('merge.yaml, line 4: b.safetensors');
});

it('names a method that is not known, and text that is no configuration', async () => {
  await model('a', 0.1);
  await model('b', 0.1);
  const unknown = await checked(await configuration(LINEAR.map((line) => line.replace('linear', 'blend'))));
  expect(unknown.found.problems[0].message).toContain('blend');
  const broken = await checked(await configuration(['models: [', 'a']));
  expect(broken.runs).toBe(false);
  expect(broken.found.problems[0].line).toBeGreaterThan(0);
});

it('checks a recipe over named models, with what has to be chosen where they differ', async () => {
  const [a, b] = [await model('a', 0.1), await model('b', 0.2, { ...SHAPES, 'norm.weight': [5] })];
  const recipe = join(folder, 'recipe.json');
  const chain = [{ method: 'weight-average', controls: {} }];
  await writeFile(recipe, JSON.stringify({ version: 1, family: 'own', experts: ['x', 'y'], chain, seed: 1 }));
  const models = `x=${a},y=${b}`;
  const open = await checked(recipe, { models });
  expect(open.runs).toBe(false);
  expect(open.found.problems[0].message).toMatch(
    /^Shapes differ: norm\.weight: \[5\] in .*Choose: keep .*, leave out\.$/,
  );
  const settled = await checked(recipe, { models, choose: 'shape=keep:x' });
  expect(settled.found).toMatchObject({ runs: true, merge: { tensors: { merged: 2, copied: 1 } } });
});

it('inspects one model with all its tensors, and more against the first', async () => {
  const [a, b] = [await model('a', 0), await model('b', 0.01)];
  const c = await model('c', 0.02, { ...SHAPES, 'norm.weight': [5], 'head.weight': [2, 4] });
  const plain = { json: true, exact: false };
  const one = JSON.parse(await inspect([a], plain));
  expect(one).toMatchObject({ fit: null, kinship: null, models: [{ name: 'a', metadata: { made: 'for a test' } }] });
  expect(one.models[0].tensors.map(({ name, depth }: { name: string; depth: number }) => [name, depth])).toEqual([
    ['blocks.0.a.weight', 0],
    ['blocks.1.a.weight', 1],
    ['norm.weight', 1],
  ]);
  expect(await inspect([a], { json: false, exact: false })).toContain('blocks.0.a.weight  F32 [6, 4]');
  const all = JSON.parse(await inspect([a, b, c], { ...plain, exact: true }));
  expect(all.fit.decisions.map(({ mismatch }: { mismatch: string }) => mismatch)).toEqual(['head', 'shape']);
  expect(all.kinship.basis).toBe('exact');
  expect(all.kinship.experts.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['related', 'related']);
  const text = await inspect([a, b, c], { json: false, exact: false });
  expect(text).toMatch(/2 of 4 tensors fit, 1 differs in the head and 1 differs in shape/);
  expect(text).toContain('norm.weight | ✓ [4] | ✓ [4] | ✗ [5] shape: [5] in c, [4] in a');
  expect(text).toContain('b and c come from a');
});

it('inspecting nothing, or what is not there, is refused in words', async () => {
  await expect(inspect([], { json: false, exact: false })).rejects.toThrow('a file or folder is missing');
  await expect(inspect([join(folder, 'no.safetensors')], { json: false, exact: false })).rejects.toThrow(
    'no such file',
  );
});
