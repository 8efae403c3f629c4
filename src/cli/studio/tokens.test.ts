/** Merges of models with other tokenizers: by a recipe, into shards, of an adapter, and where the tokens are not known. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { configOfJob } from '../../formats/mergekit/of-job.ts';
import { pythonSnippet } from '../../formats/python-snippet.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { check } from './check.ts';
import { type FileOptions, mergeConfiguration, mergeRecipe } from './merge-files.ts';
import { planRecipe } from './planned-merge.ts';

const FIXTURES = join(dirname(fileURLToPath(import.meta.url)), 'fixtures', 'tokens');

const work = mkdtempSync(join(tmpdir(), 'tokens-'));
const at = (name: string) => join(work, name);
let told = '';

beforeAll(() => cpSync(FIXTURES, work, { recursive: true }));
afterAll(() => rmSync(work, { recursive: true }));
beforeEach(() => {
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const NOTHING: FileOptions = {
  dtype: undefined,
  shardSize: undefined,
  models: undefined,
  choose: undefined,
  task: undefined,
  resume: false,
  json: true,
  out: undefined,
  threads: '1',
};

const open = (path: string) => readSafetensors(new Uint8Array(readFileSync(path)), path).tensors;
/** Tensors as numbers that can be compared, without what is said about them. */
const inFull = (path: string) =>
  Object.fromEntries(Array.from(open(path), ([name, { shape, bytes }]) => [name, { shape, bytes: [...bytes] }]));

function recipe(experts: readonly string[], lambda: readonly number[]): string {
  const chain = [{ method: 'task-arithmetic', controls: { lambda } }];
  const path = at('recipe.json');
  writeFileSync(path, JSON.stringify({ version: 1, family: 'own', experts, chain, seed: 1 }));
  return path;
}

const yaml = (text: string): string => {
  writeFileSync(at('own.yaml'), text);
  return at('own.yaml');
};

const arithmetic = (rest: string, b = 'b') =>
  yaml(`merge_method: task_arithmetic
base_model: base
models:
  - {model: a, parameters: {weight: 0.75}}
  - {model: ${b}, parameters: {weight: -0.25}}
dtype: float32
${rest}`);

async function byYaml(path: string, name: string, more: Partial<FileOptions> = {}): Promise<string> {
  await mergeConfiguration(path, { ...NOTHING, out: at(name), ...more });
  return at(name);
}

const MODELS = `base=${at('base')},a=${at('a')},b=${at('b')}`;

test.each(['union', 'base'])(
  'a recipe over %s tokens gives the bytes that mergekit’s configuration gives',
  async (choice) => {
    const options = { ...NOTHING, models: MODELS, choose: `vocabulary=${choice}`, out: at('recipe.safetensors') };
    await mergeRecipe(recipe(['a', 'b'], [0.75, -0.25]), options);
    const peer = await byYaml(arithmetic(`tokenizer_source: ${choice}`), 'yaml.safetensors');
    expect(inFull(at('recipe.safetensors'))).toEqual(inFull(peer));
    expect(told).toContain(
      `Rows of the vocabulary are matched by token: the merged model has ${choice === 'union' ? 19 : 13} rows`,
    );
    expect(readFileSync(at('recipe.tokenizer.json'), 'utf8')).toBe(readFileSync(at('yaml.tokenizer.json'), 'utf8'));
  },
);

test('who says nothing about differing tokens is asked, with all that can be done', async () => {
  const { runs, text } = await check(recipe(['a', 'b'], [1, 1]), { ...NOTHING, models: MODELS });
  expect(runs).toBe(false);
  expect(text).toContain('15 rows in a, 16 in base');
  expect(text).toContain('the base’s tokens, all tokens, the base’s rows by number, keep the base’s');
});

test('equal numbers of rows with other tokens are told apart', async () => {
  const options = { ...NOTHING, models: `base=${at('base')},c=${at('c')}` };
  expect((await check(recipe(['c'], [1]), options)).runs).toBe(true);
  const tokenizer = readFileSync(at('base/tokenizer.json'), 'utf8')
    .replace('"ab": 8', '"xy": 8')
    .replace(/"merges": \[[\s\S]*?\n {2}\]/, '"merges": []');
  writeFileSync(at('c/tokenizer.json'), tokenizer);
  const { runs, text } = await check(recipe(['c'], [1]), options);
  rmSync(at('c/tokenizer.json'));
  expect(runs).toBe(false);
  expect(text).toContain('13 tokens in both, but not the same in every row');
});

test('where a tokenizer is missing rows are matched by number, which is said with the model’s name', async () => {
  const models = `base=${at('c')},b=${at('b')}`;
  const path = recipe(['b'], [0.5]);
  const { runs, text } = await check(path, { ...NOTHING, json: false, models, choose: 'vocabulary=union' });
  expect(runs).toBe(true);
  expect(text).toContain('note: Rows of the vocabulary are matched by their number');
  expect(text).toContain('c has no tokenizer.json beside the weights');
  const source = yaml(
    'merge_method: linear\nmodels:\n  - {model: c, parameters: {weight: 1}}\ntokenizer_source: union\n',
  );
  const { text: configured } = await check(source, { ...NOTHING, json: false });
  expect(configured).toContain(
    'note: c has no tokenizer.json beside its weights, so the tokenizer that is asked for is not made',
  );
});

test('a damaged tokenizer is told of with its place, and the model is used without it', async () => {
  writeFileSync(at('c/tokenizer.json'), '{"model": {"vocab": {"a": 0, "b": "1"}}}');
  const { runs } = await check(recipe(['c'], [1]), { ...NOTHING, models: `base=${at('base')},c=${at('c')}` });
  rmSync(at('c/tokenizer.json'));
  expect(runs).toBe(true);
  expect(told).toContain('c/tokenizer.json: model.vocab: "b": got "1", wanted a row from 0');
});

test('in shards and with several threads’ lane the same values, with the tokenizer in the folder', async () => {
  const whole = open(await byYaml(arithmetic('tokenizer_source: union'), 'whole.safetensors'));
  await byYaml(arithmetic('tokenizer_source: union'), 'sharded', { shardSize: '400' });
  const index: { weight_map: Record<string, string> } = JSON.parse(
    readFileSync(at('sharded/model.safetensors.index.json'), 'utf8'),
  );
  expect(new Set(Object.values(index.weight_map)).size).toBeGreaterThan(1);
  for (const [name, file] of Object.entries(index.weight_map))
    expect(open(at(`sharded/${file}`)).get(name)?.bytes).toEqual(whole.get(name)?.bytes);
  expect(existsSync(at('sharded/tokenizer.json'))).toBe(true);
});

test('models with one vocabulary are merged as without a tokenizer, but for rows that stand for no token', async () => {
  const [plain, union] = [arithmetic('', 'base2'), 'tokenizer_source: union\n'];
  cpSync(at('a'), at('base2'), { recursive: true });
  cpSync(at('a'), at('base1'), { recursive: true });
  const text = readFileSync(plain, 'utf8').replace('base_model: base', 'base_model: base1');
  const by = inFull(await byYaml(yaml(text), 'plain.safetensors'));
  expect(inFull(await byYaml(yaml(text + union), 'union.safetensors'))).toEqual(by);
});

test('an adapter has the tokens of its base', async () => {
  const rest = 'tokenizer_source: union';
  const adapted = open(await byYaml(arithmetic(rest, 'base+lora'), 'adapted.safetensors'));
  const alone = open(await byYaml(arithmetic(rest, 'c'), 'alone.safetensors'));
  const name = 'model.embed_tokens.weight';
  expect(adapted.get(name)?.shape).toEqual(alone.get(name)?.shape);
  expect(adapted.get(name)?.bytes).not.toEqual(alone.get(name)?.bytes);
});

test('what cannot be done is refused with its line', async () => {
  const { runs, text } = await check(arithmetic('tokenizer_source: nowhere'), { ...NOTHING, json: false });
  expect(runs).toBe(false);
  expect(text).toContain('own.yaml, line 7: nowhere: there is no such file');
  const block = 'tokenizer:\n  source: union\n  tokens:\n    <chat>: {source: base}\n';
  const refused = await check(arithmetic(block), { ...NOTHING, json: false });
  expect(refused.text).toContain('own.yaml, line 8: tokens: "<chat>": base has no token "<chat>"');
});

test('rows of the base that stand for no token are refused: nothing says what they should hold', async () => {
  // mergekit 0.1.5 fails there, or gives two tokens one row.
  const path = yaml(
    'merge_method: linear\nbase_model: gaps\nmodels:\n  - {model: gaps, parameters: {weight: 1}}\n  - {model: a, parameters: {weight: 1}}\ntokenizer_source: union\n',
  );
  const { runs, text } = await check(path, { ...NOTHING, json: false });
  expect(runs).toBe(false);
  expect(text).toContain('gaps: no token has row 1, so nothing says what that row of the merge should hold');
});

test('numbers of added tokens that leave rows out are told of with the row that is used', async () => {
  await check(recipe(['moved'], [1]), { ...NOTHING, models: `base=${at('base')},moved=${at('moved')}` });
  expect(told).toContain('moved/tokenizer.json: its files say row 40 for "<chat>" (and 1 more)');
  expect(told).toContain('it is row 13');
});

test('where nobody asks for a tokenizer but they differ, it is said', async () => {
  cpSync(at('a'), at('other'), { recursive: true });
  const tokenizer = readFileSync(at('a/tokenizer.json'), 'utf8').replaceAll('<chat>', '<talk>');
  writeFileSync(at('other/tokenizer.json'), tokenizer);
  const path = yaml(
    'merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: 1}}\n  - {model: other, parameters: {weight: 1}}\n',
  );
  const { runs, text } = await check(path, { ...NOTHING, json: false });
  expect(runs).toBe(true);
  expect(text).toContain('note: The tokenizers of the models give other rows to the same tokens');
});

test('a job that matches rows by token is exported with its tokenizer', async () => {
  const planned = await planRecipe(recipe(['a', 'b'], [0.75, -0.25]), {
    ...NOTHING,
    models: MODELS,
    choose: 'vocabulary=union',
  });
  if (planned.kind !== 'job') throw new Error('refused');
  const dictionary = { catalogue, mergekit };
  const paths = new Map([...planned.models.keys()].map((id) => [id, at(id)]));
  const exported = configOfJob(planned.job, paths, dictionary);
  if (exported.kind !== 'config') throw new Error(exported.reason);
  expect(exported.text).toContain('tokenizer_source: union');
  expect(exported.inexact).toEqual(['mergekit may number the tokens that it adds otherwise.']);
  expect(inFull(await byYaml(yaml(exported.text), 'again.safetensors'))).toEqual(
    inFull(await byYaml(arithmetic('tokenizer_source: union'), 'first.safetensors')),
  );
  expect(pythonSnippet(planned.job, { files: new Map(), out: 'x' }, dictionary)).toBeUndefined();
});
