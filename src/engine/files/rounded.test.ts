/** Models that are rounded to the type that a configuration computes in. */
import { expect, test } from 'vitest';
import { writeSafetensors } from '../../formats/safetensors/file.ts';
import { fromFloat32, type StoredTensor } from '../../formats/safetensors/values.ts';
import { memorySource } from '../testing/memory-files.testing.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoints } from './open.ts';
import { readBytes, readValues } from './read-part.ts';
import { roundedTo } from './rounded.ts';

async function model(dtype: 'F32' | 'BF16', values: readonly number[]): Promise<Checkpoint> {
  const bytes = fromFloat32(Float32Array.from(values), dtype);
  const counts = { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) } as const;
  const tensors = new Map<string, StoredTensor>([
    ['w', { dtype, shape: [values.length], bytes }],
    ['count', counts],
  ]);
  const { checkpoints } = await openCheckpoints([memorySource('m.safetensors', writeSafetensors(tensors))]);
  const [opened] = checkpoints;
  if (!opened) throw new Error('nothing was opened');
  return opened;
}

const read = async (checkpoint: Checkpoint, from = 0) => {
  const part = checkpoint.parts.get('w');
  return part ? [...(await readValues(part, from))] : [];
};

test('values are rounded to nearest even as they are read, also in part and as bytes', async () => {
  const exact = await model('F32', [1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 / 3]);
  const rounded = roundedTo(exact, 'BF16');
  expect(await read(rounded)).toEqual([1, 1, 1 + 2 ** -6, 0.333984375]);
  expect(await read(rounded, 2)).toEqual([1 + 2 ** -6, 0.333984375]);
  const part = rounded.parts.get('w');
  if (!part) throw new Error('no part');
  expect(await readBytes(part, 0, 4)).toEqual(fromFloat32(Float32Array.of(1, 1, 1 + 2 ** -6, 0.333984375), 'F32'));
});

test('what is of the type already, or counts, stays as it is', async () => {
  const same = await model('BF16', [1, 2]);
  expect(roundedTo(same, 'BF16').parts.get('w')).toBe(same.parts.get('w'));
  const wide = await model('F32', [1, 2]);
  expect(roundedTo(wide, 'BF16').parts.get('count')).toBe(wide.parts.get('count'));
  expect(roundedTo(wide, 'F32')).toBe(wide);
  expect(roundedTo(wide, undefined)).toBe(wide);
});

test('a value that the type cannot hold is named, with what to write instead', async () => {
  const rounded = roundedTo(await model('F32', [1, 70_000]), 'F16');
  await expect(read(rounded)).rejects.toThrow('Value 1 of a tensor [2] is 70000, too large for F16');
});
