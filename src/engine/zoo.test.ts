import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../core/hash.ts';
import type { CardFile } from '../formats/card.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors/file.ts';
import { fromFloat32 } from '../formats/safetensors/values.ts';
import { tinyZoo } from './testing/tiny-zoo.testing.ts';
import { openZoo } from './zoo.ts';

const BASE = 'base.safetensors';

/** Replaces a file and, as a maker of a wrong but undamaged file would, its checksum. */
function replace(zoo: ReturnType<typeof tinyZoo>, file: string, bytes: Uint8Array): void {
  zoo.files.set(file, bytes);
  const entry = [zoo.card.base, zoo.card.heads, ...zoo.card.experts].find((known) => known.file === file);
  Object.assign(entry as CardFile, { bytes: bytes.length, sha256: sha256Hex(bytes) });
}

const bytesOf = (zoo: ReturnType<typeof tinyZoo>, file: string) => zoo.files.get(file) as Uint8Array;

describe('opening a zoo', () => {
  it('reads models as flat vectors in table order', async () => {
    const zoo = tinyZoo();
    const opened = openZoo(zoo.card, zoo.read);
    const flat = await opened.model('digits');
    expect(flat.length).toBe(zoo.card.parameters);
    const row = opened.table.find(({ name }) => name === 'blocks.1.mlp.fc2.bias');
    const stored = readSafetensors(bytesOf(zoo, 'digits.safetensors'), 'x').tensors.get('blocks.1.mlp.fc2.bias');
    const start = row?.start ?? -1;
    expect(fromFloat32(flat.slice(start, start + 8), 'F32')).toEqual(stored?.bytes);
  });

  it('gives nested subsets: a longer run begins with the shorter one', async () => {
    const zoo = tinyZoo();
    const opened = openZoo(zoo.card, zoo.read);
    const all = await opened.samples('greek', 'test', 0, 32);
    const few = await opened.samples('greek', 'test', 0, 4);
    const middle = await opened.samples('greek', 'test', 3, 20);
    expect(all.images.subarray(0, few.images.length)).toEqual(few.images);
    expect(all.labels.subarray(3, 20)).toEqual(middle.labels);
    expect(all.images.subarray(3 * 64, 20 * 64)).toEqual(middle.images);
  });

  it('keeps calibration labels in a file of their own', async () => {
    const zoo = tinyZoo();
    const { labels } = await openZoo(zoo.card, zoo.read).samples('kana', 'calibration', 0, 32);
    expect(labels.length).toBe(32);
  });

  it('tells a truncated file by its size', async () => {
    const zoo = tinyZoo();
    zoo.files.set(BASE, bytesOf(zoo, BASE).subarray(0, 1000));
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow(
      /base\.safetensors: got 1000 bytes.*cut off/,
    );
  });

  it('tells a damaged file by its checksum', async () => {
    const zoo = tinyZoo();
    const bytes = Uint8Array.from(bytesOf(zoo, BASE));
    bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
    zoo.files.set(BASE, bytes);
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow(/SHA-256/);
  });

  it('asks once more, past every cache, for a file that came damaged', async () => {
    const zoo = tinyZoo();
    const asked: boolean[] = [];
    const opened = openZoo(zoo.card, async (file, fresh = false) => {
      asked.push(fresh);
      return fresh ? zoo.read(file) : (await zoo.read(file)).subarray(1);
    });
    expect((await opened.model('base')).length).toBe(zoo.card.parameters);
    expect(asked).toEqual([false, true]);
  });

  it('tells which tensor has another shape than the card’s architecture', async () => {
    const zoo = tinyZoo();
    const { tensors } = readSafetensors(bytesOf(zoo, BASE), 'x');
    const wrong = new Map(tensors);
    const norm = tensors.get('norm.weight');
    if (norm) wrong.set('norm.weight', { ...norm, shape: [4, 2] });
    replace(zoo, BASE, writeSafetensors(wrong));
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow('norm.weight has shape [4, 2]');
  });

  it('tells a missing and a superfluous tensor', async () => {
    const zoo = tinyZoo();
    const { tensors } = readSafetensors(bytesOf(zoo, BASE), 'x');
    const few = new Map(tensors);
    few.delete('pos_embed');
    replace(zoo, BASE, writeSafetensors(few));
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow('has no tensor pos_embed');
    const many = new Map(tensors).set('extra', { dtype: 'U8', shape: [1], bytes: new Uint8Array(1) });
    replace(zoo, BASE, writeSafetensors(many));
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow('extra is not part');
  });

  it('tells where a weight is not a number', async () => {
    const zoo = tinyZoo();
    const { tensors } = readSafetensors(bytesOf(zoo, BASE), 'x');
    const values = new Float32Array(8).fill(1);
    values[3] = Number.NaN;
    const wrong = new Map(tensors).set('norm.bias', { dtype: 'F32', shape: [8], bytes: fromFloat32(values, 'F32') });
    replace(zoo, BASE, writeSafetensors(wrong));
    await expect(openZoo(zoo.card, zoo.read).model('base')).rejects.toThrow('norm.bias[3] is NaN');
  });

  it('tries a file again after a failure', async () => {
    const zoo = tinyZoo();
    let broken = true;
    const opened = openZoo(zoo.card, (file) => (broken ? Promise.reject(new Error('offline')) : zoo.read(file)));
    await expect(opened.model('base')).rejects.toThrow('offline');
    broken = false;
    expect((await opened.model('base')).length).toBe(zoo.card.parameters);
  });
});
