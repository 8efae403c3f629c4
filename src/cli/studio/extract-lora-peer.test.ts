/** Adapters that `studio extract-lora` writes, as PEFT loads them: fixtures/lora/make.py. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { adaptTo } from '../../engine/files/adapter.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { decomposeChange } from '../../engine/files/extract-lora.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { readValues } from '../../engine/files/read-part.ts';
import { adapterOutput } from '../../engine/files/write-lora.ts';
import { laterName } from '../../formats/lora/later-names.ts';
import { readSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { sourcesOf } from './disk.ts';
import { extractLoraCommand } from './extract-lora.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/lora/', import.meta.url));
/** Of float32 products that are summed in another order, and of factors that were rounded to float32. */
const TOLERANCE = 2e-6;
/** Of logits, through two layers. */
const LOGITS = 2e-5;

const CASES = [
  // Rank 8 is the width of all these networks: nothing is lost of matrices.
  { family: 'llama', adapter: 'in-full', rank: 8, whole: true },
  { family: 'llama', adapter: 'leave-out', rank: 3, whole: false },
  { family: 'tied', adapter: 'in-full', rank: 8, whole: true },
  { family: 'wider', adapter: 'in-full', rank: 8, whole: true },
  { family: 'gpt2', adapter: 'in-full', rank: 8, whole: true },
  { family: 'gpt2', adapter: 'leave-out', rank: 2, whole: false },
  { family: 'vit', adapter: 'in-full', rank: 8, whole: true },
  { family: 'vit', adapter: 'leave-out', rank: 3, whole: false },
] as const;

async function opened(path: string): Promise<Checkpoint> {
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf([join(FIXTURES, path)]));
  expect(problems).toEqual([]);
  return checkpoints[0] ?? expect.fail(`${path}: nothing was opened`);
}

/** Writes the adapter where there is none yet. */
async function extracted({ family, adapter, rank }: (typeof CASES)[number]): Promise<Checkpoint> {
  const out = join(FIXTURES, family, adapter);
  if (!existsSync(out))
    await extractLoraCommand(join(FIXTURES, family, 'tuned'), {
      base: join(FIXTURES, family, 'base'),
      rank: `${rank}`,
      rest: adapter,
      out,
      json: false,
    });
  return opened(join(family, adapter));
}

const bytesAt = async (path: string) => new Uint8Array(await readFile(join(FIXTURES, path)));

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0);
}

test.each(CASES)(
  '$family, $adapter: what PEFT makes of base and adapter is what the studio makes of it',
  async (given) => {
    const adapter = await extracted(given);
    const [base, tuned] = [await opened(`${given.family}/base`), await opened(`${given.family}/tuned`)];
    const adapted = await adaptTo(adapter, base);
    const peer = readSafetensors(
      await bytesAt(`${given.family}/${given.adapter}/merged.safetensors`),
      'merged',
    ).tensors;
    for (const [name, part] of adapted.parts) {
      const values = toFloat32(peer.get(laterName(name)) ?? expect.fail(`${name}: is not in what PEFT merged`));
      expect(farthest(await readValues(part), values), name).toBeLessThan(TOLERANCE);
      const own = tuned.parts.get(name);
      // A tied output layer is in the adapter under its own name, and in no file of the models.
      if (given.whole && own) expect(farthest(await readValues(own), values), name).toBeLessThan(TOLERANCE);
    }
    const { tuned: apart } = JSON.parse(
      new TextDecoder().decode(await bytesAt(`${given.family}/${given.adapter}/logits.json`)),
    );
    expect(apart < LOGITS, `logits of the adapted and the tuned network differ by ${apart}`).toBe(given.whole);
  },
);

test.each(CASES)('$family, $adapter: the adapter that PEFT loaded is the one that is written today', async (given) => {
  const { family, rank } = given;
  const [base, tuned, kept] = [await opened(`${family}/base`), await opened(`${family}/tuned`), await extracted(given)];
  const change = await decomposeChange(tuned, base, rank);
  const { config, pieces } = adapterOutput(change, { rank, dtype: 'F32', rest: given.adapter });
  expect(JSON.parse(config)).toEqual(kept.outline.config);
  const written: number[] = [];
  for await (const piece of pieces()) written.push(...piece);
  const now = readSafetensors(Uint8Array.from(written), 'now').tensors;
  expect([...now.keys()]).toEqual([...kept.parts.keys()]);
  for (const [name, part] of kept.parts) {
    const tensor = now.get(name) ?? expect.fail(name);
    expect(tensor.shape, name).toEqual(part.shape);
    expect(farthest(toFloat32(tensor), await readValues(part)), name).toBeLessThan(TOLERANCE);
  }
});
