/** What the files worker tells of files that were dropped, before and after somebody asks for their prints. */
import { expect, test } from 'vitest';
import { headerBytes } from '../formats/safetensors/write.ts';
import { printOf } from './files/print.ts';
import { createFilesService } from './files-service.ts';

const HEADER = headerBytes([{ name: 'w', dtype: 'F16', shape: [3] }]);

const dropped = (path: string, first: number) => ({
  path,
  file: new File([HEADER, Uint8Array.of(first, 0, 0, 0, 0, 0)], path),
});

test('models are told without prints, which are read when they are asked for', async () => {
  const service = createFilesService();
  const files = [dropped('one.safetensors', 1), dropped('two.safetensors', 2)];
  const opened = await service.open(files);
  if (!opened.ok) throw new Error(opened.failure.message);
  const size = HEADER.length + 6;
  expect(opened.value.models.map((model) => model.files)).toEqual([
    [{ path: 'one.safetensors', size, print: null }],
    [{ path: 'two.safetensors', size, print: null }],
  ]);
  const prints = files.map(({ path, file }) =>
    printOf({ path, size, read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()) }),
  );
  expect(await service.prints(['two', 'gone', 'one'])).toEqual({
    ok: true,
    value: [[await prints[1]], [], [await prints[0]]],
  });
});

test('a file that is open already is told and not opened twice, also where both are dropped together', async () => {
  const service = createFilesService();
  await service.open([dropped('one.safetensors', 1)]);
  const again = await service.open([
    dropped('same.safetensors', 1),
    dropped('two.safetensors', 2),
    dropped('three.safetensors', 2),
  ]);
  if (!again.ok) throw new Error(again.failure.message);
  expect(again.value.models.map(({ outline }) => outline.id)).toEqual(['two']);
  expect(again.value.problems.map(({ message }) => message)).toEqual([
    'same.safetensors: is open already',
    'three.safetensors: is open already',
  ]);
});
