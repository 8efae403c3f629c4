/** A recipe that was made over files elsewhere: its choices hold, and files with other bytes are told apart. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { printOf } from '../../engine/files/print.ts';
import { check } from './check.ts';
import { sourcesOf } from './disk.ts';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'tokens');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recipe-models-'));
  for (const name of ['base', 'a']) await cp(join(FIXTURES, name), join(folder, name), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

async function fileOf(model: string, part: 'base' | 'expert', called = model) {
  const [source] = await sourcesOf([at(`${model}/model.safetensors`)]);
  if (!source) throw new Error('no file');
  return { model: called, part, name: 'model.safetensors', bytes: source.size, print: await printOf(source) };
}

async function recipe(more: object): Promise<string> {
  const chain = [{ method: 'task-arithmetic', controls: { lambda: [0.5] } }];
  const files = [await fileOf('base', 'base', 'my-model'), await fileOf('a', 'expert')];
  const path = at('recipe.json');
  await writeFile(
    path,
    JSON.stringify({ version: 1, family: 'files', experts: ['a'], chain, seed: 1, files, ...more }),
  );
  return path;
}

const checked = async (path: string, more: { readonly choose?: string; readonly dtype?: string } = {}) => {
  const models = `base=${at('base')},a=${at('a')}`;
  const { text } = await check(path, {
    dtype: undefined,
    choose: undefined,
    task: undefined,
    models,
    json: true,
    ...more,
  });
  return JSON.parse(text);
};

test('what was chosen where the recipe was made holds, and flags go before it', async () => {
  const path = await recipe({ choices: { vocabulary: 'union' }, dtype: 'BF16' });
  const found = await checked(path);
  expect(found).toMatchObject({ runs: true, merge: { dtypes: ['BF16'] } });
  expect(found.remarks.join()).toContain('the merged model has 15 rows');
  expect(found.remarks.join()).not.toContain('is not the model');
  const other = await checked(path, { choose: 'vocabulary=base', dtype: 'f32' });
  expect(other.merge.dtypes).toEqual(['F32']);
  expect(other.remarks.join()).toContain('the merged model has 13 rows');
});

test('the base is called “base” here, whatever it was called there', async () => {
  const found = await checked(await recipe({ choices: { vocabulary: 'keep:my-model' } }));
  expect(found).toMatchObject({ runs: true, merge: { tensors: { copied: 2 } } });
});

test('a file with other bytes, or of another name, is told of', async () => {
  const path = await recipe({ choices: { vocabulary: 'union' } });
  const file = at('a/model.safetensors');
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = 0;
  await writeFile(file, bytes);
  expect((await checked(path)).remarks.join('\n')).toMatch(
    /a is not the model that the recipe was made with, so the merge may be another: a file model\.safetensors is here, but it is another one: got checksum [0-9a-f]{12}, wanted [0-9a-f]{12}\./,
  );
  await writeFile(at('a/other.safetensors'), bytes);
  await rm(file);
  expect((await checked(path)).remarks.join('\n')).toMatch(
    /none of its files is model\.safetensors \(checksum [0-9a-f]{12}\)/,
  );
});

test('a recipe with a wrong entry is refused with its place', async () => {
  const found = await checked(await recipe({ choices: { vocabulary: 'some' } }));
  expect(found.problems[0].message).toContain('The recipe is choices.vocabulary: ');
});
