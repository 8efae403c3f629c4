/** A model that is dropped twice is told from one that was trained further. */
import { expect, test } from 'vitest';
import { headerBytes } from '../../formats/safetensors/write.ts';
import { openCheckpoints } from './open.ts';
import { areSame, filesOf, printsOf } from './same-files.ts';

const SIDE = 20_000;
const HEADER = headerBytes([{ name: 'w', dtype: 'U8', shape: [SIDE] }]);

/** @param changed places of the weights that differ from other models' */
function source(path: string, ...changed: readonly number[]) {
  const bytes = new Uint8Array(HEADER.length + SIDE);
  bytes.set(HEADER);
  for (const at of changed) bytes[HEADER.length + at] = 1;
  const reads: (readonly [number, number])[] = [];
  return {
    path,
    size: bytes.length,
    reads,
    async read(from: number, to: number) {
      reads.push([from, to]);
      return bytes.slice(from, to);
    },
  };
}

async function opened(...sources: readonly ReturnType<typeof source>[]) {
  const { checkpoints } = await openCheckpoints(sources);
  for (const { reads } of sources) reads.length = 0;
  const [checkpoint] = checkpoints;
  if (!checkpoint) throw new Error('no model');
  return checkpoint;
}

test('models with the same bytes are the same, under whatever names', async () => {
  const [one, two] = [await opened(source('a.safetensors', 5)), await opened(source('b/c.safetensors', 5))];
  expect(await areSame(one, two)).toBe(true);
  expect(await printsOf(one)).toEqual(await printsOf(two));
});

test.each([
  ['at the begin', 0],
  ['in the middle', SIDE / 2],
  ['where no glance falls', SIDE - 1],
])('models that differ %s are two', async (_, at) => {
  expect(await areSame(await opened(source('a.safetensors')), await opened(source('b.safetensors', at)))).toBe(false);
});

test('where the first files differ no others are looked at', async () => {
  const shards = (folder: string, ...changed: readonly number[]) =>
    [1, 2].map((number) => ({ ...source(`${folder}/m-0000${number}-of-00002.safetensors`, ...changed) }));
  // Each shard needs a tensor of its own name.
  const renamed = (files: ReturnType<typeof shards>) =>
    files.map((file, i) => ({
      ...file,
      async read(from: number, to: number) {
        const bytes = await file.read(from, to);
        const at = new TextDecoder('latin1').decode(bytes).indexOf('"w"');
        if (at >= 0) bytes[at + 1] = 'ab'.charCodeAt(i);
        return bytes;
      },
    }));
  const [first, second] = [renamed(shards('x')), renamed(shards('y', 0))];
  expect(await areSame(await opened(...first), await opened(...second))).toBe(false);
  expect(first.map(({ reads }) => reads.length)).toEqual([2, 0]);
});

test('a model with other files is another one', async () => {
  const one = await opened(source('x/a.safetensors'));
  expect(filesOf(one).map(({ path }) => path)).toEqual(['x/a.safetensors']);
  expect(await areSame(one, { ...one, parts: new Map() })).toBe(false);
});
