import { expect, test } from 'vitest';
import type { ByteSource } from '../../formats/byte-source.ts';
import { headerBytes } from '../../formats/safetensors/write.ts';
import { llama70bSources } from '../testing/llama70b.testing.ts';
import { openCheckpoints } from './open.ts';

function file(path: string, content: Uint8Array | string): ByteSource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) };
}

/** A model of bytes, with one number per tensor. */
function model(path: string, ...names: readonly string[]): ByteSource {
  const header = headerBytes(names.map((name) => ({ name, dtype: 'U8', shape: [1] })));
  const bytes = new Uint8Array(header.length + names.length);
  bytes.set(header);
  return file(path, bytes);
}

const index = (weightMap: object, totalSize?: number) =>
  JSON.stringify({ ...(totalSize !== undefined && { metadata: { total_size: totalSize } }), weight_map: weightMap });

async function outcome(sources: readonly ByteSource[]) {
  const { checkpoints, problems } = await openCheckpoints(sources);
  return {
    models: checkpoints.map(({ outline }) => `${outline.id}: ${outline.tensors.map(({ name }) => name).join(' ')}`),
    problems: problems.map(({ kind, message }) => `${kind}: ${message}`),
  };
}

test('a sharded model of 70 billion parameters opens from its headers alone', async () => {
  const sources = llama70bSources();
  expect(sources).toHaveLength(15 + 2);
  const { checkpoints, problems } = await openCheckpoints(sources);
  expect(problems).toEqual([]);
  expect(checkpoints).toHaveLength(1);
  const outline = checkpoints[0]?.outline;
  expect(outline).toMatchObject({ id: 'Llama-2-70b-hf', name: 'Llama-2-70b-hf', kind: 'weights' });
  expect(outline?.config).toMatchObject({ model_type: 'llama' });
  expect(outline?.tensors).toHaveLength(723);
  // What the published index says of its 68,976,648,192 parameters.
  const bytes = outline?.tensors.reduce((total, { shape }) => total + 2 * shape.reduce((a, b) => a * b, 1), 0);
  expect(bytes).toBe(137_953_296_384);
});

test('files are models of their own, with ids that no other model has', async () => {
  const sources = [
    model('a/model.safetensors', 'w'),
    model('b/model.safetensors', 'w'),
    model('b/ema.safetensors', 'v'),
  ];
  const { checkpoints, problems } = await openCheckpoints([...sources, model('c d/a.safetensors', 'w')], ['b']);
  expect(problems).toEqual([]);
  expect(checkpoints.map(({ outline }) => [outline.id, outline.name])).toEqual([
    ['a', 'a'],
    ['b-2', 'b'],
    ['ema', 'ema'],
    ['a-2', 'a'],
  ]);
});

test('shards make one model, with an index or by their numbers', async () => {
  const shards = [model('m/x-00001-of-00002.safetensors', 'a', 'b'), model('m/x-00002-of-00002.safetensors', 'c')];
  const named = index(
    { a: 'x-00001-of-00002.safetensors', b: 'x-00001-of-00002.safetensors', c: 'x-00002-of-00002.safetensors' },
    3,
  );
  const wanted = { models: ['x: a b c'], problems: [] };
  expect(await outcome([...shards].reverse())).toEqual(wanted);
  expect(await outcome([...shards, file('m/x.safetensors.index.json', named)])).toEqual(wanted);
});

test('a shard that is missing is named, and the other models open', async () => {
  const named = index({ a: 'x-00001-of-00002.safetensors', c: 'x-00002-of-00002.safetensors' });
  const sources = [
    model('m/x-00001-of-00002.safetensors', 'a'),
    file('m/x.safetensors.index.json', named),
    model('other.safetensors', 'w'),
  ];
  const missing = 'is missing: x-00002-of-00002.safetensors; drop the whole folder';
  expect(await outcome(sources)).toEqual({
    models: ['other: w'],
    problems: [`refused: m/x.safetensors.index.json: 1 of 2 shards ${missing}`],
  });
  expect((await outcome(sources.slice(0, 1))).problems).toEqual([
    `refused: m/x-00001-of-00002.safetensors: 1 of 2 shards ${missing}`,
  ]);
});

test.each([
  [
    index({ a: '1.safetensors', b: '2.safetensors', c: '2.safetensors' }),
    'refused: i.safetensors.index.json: c: is said to be in 2.safetensors, but no shard holds it',
  ],
  [
    index({ a: '2.safetensors', b: '1.safetensors' }),
    'refused: i.safetensors.index.json: a: is said to be in 2.safetensors, but is in 1.safetensors',
  ],
  [index({ a: '1.safetensors' }), undefined],
  [
    index({ a: '../1.safetensors' }),
    'refused: i.safetensors.index.json: weight_map: a: got "../1.safetensors", wanted the name of a file beside it',
  ],
  ['{', 'refused: i.safetensors.index.json: no JSON'],
  [
    index({ a: '1.safetensors', b: '2.safetensors' }, 5),
    "note: i.safetensors.index.json: total_size is 5, but the shards' tensors have 2 bytes in all",
  ],
])('an index %s is checked against the shards', async (text, problem) => {
  const { problems } = await outcome([
    model('1.safetensors', 'a'),
    model('2.safetensors', 'b'),
    file('i.safetensors.index.json', text),
  ]);
  expect(problems).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
});

test('a tensor in two shards is refused', async () => {
  const shards = [model('x-00001-of-00002.safetensors', 'a'), model('x-00002-of-00002.safetensors', 'a')];
  expect((await outcome(shards)).problems).toEqual([
    'refused: x-00002-of-00002.safetensors: a: is in another shard too',
  ]);
});

test('what is no safetensors is refused with what to do, unless it lies beside the same weights', async () => {
  const { problems } = await openCheckpoints([
    file('pytorch_model.bin', 'x'),
    file('m.gguf', 'x'),
    file('broken.safetensors', 'not a header at all'),
    model('n/model.safetensors', 'w'),
    file('n/pytorch_model.bin', 'x'),
    file('n/tokenizer.json', '{"model": {"vocab": {"a": 0}}}'),
  ]);
  expect(problems.map(({ message, todo }) => `${message} ${todo}`)).toEqual([
    expect.stringContaining('broken.safetensors: its header claims'),
    expect.stringContaining('save_file'),
    expect.stringContaining('convert the merge to GGUF afterwards'),
  ]);
});

test('a configuration is told, bounded, and its damage is no reason not to open the weights', async () => {
  const weights = model('m/model.safetensors', 'w');
  const { checkpoints } = await openCheckpoints([weights, file('m/config.json', '{"model_type":"vit"}')]);
  expect(checkpoints[0]?.outline.config).toEqual({ model_type: 'vit' });
  const damaged = await outcome([weights, file('m/config.json', '{')]);
  expect(damaged).toEqual({ models: ['m: w'], problems: [expect.stringContaining('note: m/config.json: no JSON')] });
  const large = { ...file('m/config.json', '{}'), size: 1e9 };
  expect((await outcome([weights, large])).problems).toEqual([expect.stringContaining('at most 4000000 are read')]);
});

test('a file that cannot be read any more is a problem, not a crash', async () => {
  const gone = { ...model('gone.safetensors', 'w'), read: () => Promise.reject(new Error('NotFoundError')) };
  expect((await outcome([gone, model('here.safetensors', 'w')])).problems).toEqual([
    'refused: gone.safetensors: cannot be read (NotFoundError)',
  ]);
});

test('without any weights there is one problem', async () => {
  expect((await outcome([file('readme.md', 'x')])).problems).toEqual(['refused: none of 1 files holds weights']);
});
