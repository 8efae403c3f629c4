import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { extractLoraCommand } from './extract-lora.ts';

/** What PEFT merged of an adapter of rank 2 on four tensors. */
const MERGED = fileURLToPath(new URL('../../engine/files/fixtures/lora/plain/merged.safetensors', import.meta.url));
const BASE = fileURLToPath(new URL('../../engine/files/fixtures/lora/base.safetensors', import.meta.url));

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'lora-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['1', false],
  ['2', true],
])('a merged adapter of rank 2, extracted with rank %s: complete is %s', (rank, complete) =>
  inFolder(async (out) => {
    const printed = JSON.parse(
      await extractLoraCommand(MERGED, { base: BASE, rank, rest: undefined, out, json: true }),
    );
    expect(printed).toMatchObject({ out, rank: Number(rank), left: [] });
    expect(printed.tensors).toHaveLength(4);
    expect(printed.error < 1e-6).toBe(complete);
    const config = JSON.parse(await readFile(join(out, 'adapter_config.json'), 'utf8'));
    expect(config).toMatchObject({ r: Number(rank), lora_alpha: Number(rank), target_modules: ['q_proj', 'up_proj'] });
    const bytes = new Uint8Array(await readFile(join(out, 'adapter_model.safetensors')));
    expect(
      readSafetensors(bytes, 'adapter').tensors.get('base_model.model.blocks.0.up_proj.lora_B.weight')?.shape,
    ).toEqual([10, Number(rank)]);
  }),
);

test.each([
  [BASE, { base: BASE, rank: '2', rest: undefined, out: 'x', json: false }, 'no linear tensor differs from'],
  [MERGED, { base: undefined, rank: '2', rest: undefined, out: 'x', json: false }, 'wanted: studio extract-lora'],
  [MERGED, { base: BASE, rank: '0', rest: undefined, out: 'x', json: false }, '--rank: got "0", wanted a whole number'],
  [MERGED, { base: BASE, rank: '2', rest: 'x', out: 'x', json: false }, '--rest: got "x", wanted leave-out or in-full'],
  [
    'nowhere.safetensors',
    { base: BASE, rank: '2', rest: undefined, out: 'x', json: false },
    'nowhere.safetensors: there is no such file',
  ],
])('%s with %j is refused in words', async (path, options, message) => {
  await expect(extractLoraCommand(path, options)).rejects.toThrow(message);
});
