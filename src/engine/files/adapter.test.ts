import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sourcesOf } from '../../cli/studio/disk.ts';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors/file.ts';
import { toFloat32 } from '../../formats/safetensors/values.ts';
import { adaptTo } from './adapter.ts';
import type { Checkpoint } from './checkpoint.ts';
import { openCheckpoints } from './open.ts';
import { countOf, readBytes, readValues } from './read-part.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/lora/', import.meta.url));
/** Of float32 products that are summed in another order. */
const TOLERANCE = 2e-6;

async function opened(path: string): Promise<Checkpoint> {
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf([`${FIXTURES}${path}`]));
  expect(problems).toEqual([]);
  const [checkpoint] = checkpoints;
  if (!checkpoint) throw new Error(`${path}: nothing was opened`);
  return checkpoint;
}

async function mergedByPeer(folder: string) {
  const path = `${FIXTURES}${folder}/merged.safetensors`;
  return readSafetensors(new Uint8Array(await readFile(path)), path).tensors;
}

const CASES = [
  ['linear', 'adapter_model'],
  ['bias', 'adapter_model'],
  ['patterns', 'adapter_model'],
  ['convolutions', 'adapter_model'],
  ['embedding', 'adapter_model'],
  ['turned', 'adapter_model'],
  ['dora', 'adapter_model'],
  ['dora-embedding', 'adapter_model'],
  ['dora-turned', 'adapter_model'],
  ['lora-bias', 'adapter_model'],
  ['loha', 'adapter_model'],
  ['kohya', 'adapter'],
  ['diffusers', 'adapter'],
] as const;

test.each(CASES)('%s: an adapter on its base is what PEFT merges', async (folder, file) => {
  const base = await opened('base.safetensors');
  const adapter = await opened(`${folder}/${file}.safetensors`);
  expect(adapter.outline.kind).toBe('adapter');
  const adapted = await adaptTo(adapter, base);
  expect(adapted.outline).toMatchObject({ id: adapter.outline.id, kind: 'weights' });
  const wanted = await mergedByPeer(folder);
  expect([...adapted.parts.keys()]).toEqual([...base.parts.keys()]);
  let changed = 0;
  for (const [name, part] of adapted.parts) {
    const peer = wanted.get(name);
    if (!peer) throw new Error(`${name}: the peer has no such tensor`);
    expect(part.shape).toEqual(peer.shape);
    const got = await readValues(part);
    for (const [i, value] of toFloat32(peer).entries()) {
      if (Math.abs(value - (got[i] as number)) > TOLERANCE)
        throw new Error(`${name}[${i}]: got ${got[i]}, wanted ${value}`);
    }
    if (part.kind === 'adapted') changed++;
  }
  expect(changed).toBeGreaterThan(0);
});

test.each(['linear', 'turned', 'convolutions', 'dora', 'dora-turned', 'loha'])(
  '%s: any range of an adapted tensor is that range of the whole',
  async (folder) => {
    const adapted = await adaptTo(
      await opened(`${folder}/adapter_model.safetensors`),
      await opened('base.safetensors'),
    );
    for (const part of adapted.parts.values()) {
      if (part.kind !== 'adapted') continue;
      const count = countOf(part);
      const whole = await readValues(part);
      for (const [from, to] of [
        [0, 0],
        [1, 5],
        [5, count - 3],
        [count - 2, count],
      ] as const) {
        expect(await readValues(part, from, to)).toEqual(whole.slice(from, to));
        expect(toFloat32({ dtype: part.dtype, shape: [], bytes: await readBytes(part, from, to) })).toEqual(
          whole.slice(from, to),
        );
      }
    }
  },
);

test('an adapter of another model is refused with what it does not find', async () => {
  const base = await opened('base.safetensors');
  const adapter = await opened('linear/adapter_model.safetensors');
  const { 'blocks.1.up_proj.weight': _, ...rest } = Object.fromEntries(base.parts);
  const tensors = base.outline.tensors.filter(({ name }) => name in rest);
  const other = { outline: { ...base.outline, tensors }, parts: new Map(Object.entries(rest)) };
  await expect(adaptTo(adapter, other)).rejects.toThrow(
    'linear does not fit base: base_model.model.blocks.1.up_proj: the base has no such module',
  );
  const wider = tensors.map((each) => (each.name === 'blocks.0.q_proj.weight' ? { ...each, shape: [6, 7] } : each));
  await expect(adaptTo(adapter, { ...base, outline: { ...base.outline, tensors: wider } })).rejects.toThrow(
    'blocks.0.q_proj: down [2, 6], up [6, 2] do not fit blocks.0.q_proj.weight [6, 7] of the base',
  );
});

test('the scale that diffusers keeps in the metadata holds', async () => {
  const [adapter, base] = [await opened('diffusers/adapter.safetensors'), await opened('base.safetensors')];
  const packed = { 'unet.r': 2, 'unet.lora_alpha': 6, 'unet.peft_type': 'LORA' };
  const metadata = { lora_adapter_metadata: JSON.stringify(packed) };
  const adapted = await adaptTo({ ...adapter, outline: { ...adapter.outline, metadata } }, base);
  expect(adapted.parts.get('blocks.0.q_proj.weight')).toMatchObject({ kind: 'adapted', scale: 3 });
});

test.each([
  ['lora_unet_blocks_0_q_proj.lokr_w1', 'a LoKr (Kronecker products), which is not read'],
  ['blocks.0.q_proj.ia3_l', 'IA³ (factors of activations), which is not read'],
  ['lora_unet_blocks_0_conv.lora_mid.weight', 'a Tucker decomposition of a convolution, which is not read'],
  ['lora_unet_blocks_0_q_proj.diff_b', 'a difference that is stored in full (LyCORIS full), which is not read'],
])('%s is recognised as an adapter and refused by its kind', async (name, message) => {
  const bytes = writeSafetensors(new Map([[name, { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) }]]));
  const source = {
    path: 'other.safetensors',
    size: bytes.length,
    read: async (from: number, to: number) => bytes.slice(from, to),
  };
  const [adapter] = (await openCheckpoints([source])).checkpoints;
  if (!adapter) throw new Error('nothing was opened');
  expect(adapter.outline.kind).toBe('adapter');
  await expect(adaptTo(adapter, await opened('base.safetensors'))).rejects.toThrow(`${name}: belongs to ${message}`);
});

test('without its configuration an adapter of PEFT has no scale', async () => {
  const adapter = await opened('linear/adapter_model.safetensors');
  const bare = { ...adapter, outline: { ...adapter.outline, config: null } };
  await expect(adaptTo(bare, await opened('base.safetensors'))).rejects.toThrow('adapter_config.json is missing');
});

test.each([
  [{ use_dora: true }, 'its magnitudes are missing, which use_dora asks for'],
  [{ layer_replication: [[0, 2]] }, 'the adapted model has other layers than the base'],
  [{ peft_type: 'IA3' }, 'peft_type: got "IA3", only LORA and LOHA are read; merge the adapter with PEFT'],
  [{ lora_alpha: 'x' }, 'lora_alpha: got "x", wanted number'],
  [{ init_lora_weights: 'pissa_niter_4' }, 'training changes the base too'],
  [{ alpha_pattern: { '(a+)+b': 1 } }, '"(a+)+b": is no pattern that is read'],
  [{ alora_invocation_tokens: [1] }, 'alora_invocation_tokens: this kind of adapter is not read'],
])('a configuration with %j is refused in words', async (change, message) => {
  const adapter = await opened('linear/adapter_model.safetensors');
  const config = { ...Object(adapter.outline.config), ...change };
  const changed = { ...adapter, outline: { ...adapter.outline, config } };
  await expect(adaptTo(changed, await opened('base.safetensors'))).rejects.toThrow(message);
});
