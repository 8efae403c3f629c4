/** Random but sane checkpoints on disk, in the layout of a Llama: what merges of files are measured on. */
import { type FileHandle, open } from 'node:fs/promises';
import { randomStream } from '../../core/random/counter.ts';
import { toFloat16 } from '../../formats/safetensors/float16.ts';
import { headerBytes } from '../../formats/safetensors/write.ts';

export const HIDDEN = 1024;
export const MLP = 2816;
export const VOCABULARY = 32_000;
const BYTES = 2;
/** Standard deviations of weights and of changes. */
const WEIGHT_STD = 0.02;
const CHANGE_STD = 0.002;
/** Random numbers are drawn once and read from other places for every tensor. */
const POOL = 2 ** 20;

interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
}

const sizeOf = ({ shape }: Tensor) => shape.reduce((product, side) => product * side, 1);

/** As many blocks as fit. */
function tensorsFor(bytes: number): readonly Tensor[] {
  const tensors: Tensor[] = [
    { name: 'model.embed_tokens.weight', shape: [VOCABULARY, HIDDEN] },
    { name: 'model.norm.weight', shape: [HIDDEN] },
  ];
  const block = (index: number): readonly Tensor[] => {
    const tensor = (name: string, ...shape: number[]) => ({ name: `model.layers.${index}.${name}.weight`, shape });
    return [
      tensor('input_layernorm', HIDDEN),
      ...['q', 'k', 'v', 'o'].map((name) => tensor(`self_attn.${name}_proj`, HIDDEN, HIDDEN)),
      tensor('post_attention_layernorm', HIDDEN),
      tensor('mlp.gate_proj', MLP, HIDDEN),
      tensor('mlp.up_proj', MLP, HIDDEN),
      tensor('mlp.down_proj', HIDDEN, MLP),
    ];
  };
  const used = () => tensors.reduce((sum, tensor) => sum + sizeOf(tensor) * BYTES, 0);
  const blockBytes = block(0).reduce((sum, tensor) => sum + sizeOf(tensor) * BYTES, 0);
  for (let index = 0; used() + blockBytes <= bytes; index++) tensors.push(...block(index));
  return tensors;
}

/** Float16 checkpoints of about `bytes` each at `paths`: a base, and fine-tunes of it. */
export async function writeCheckpoints(paths: readonly string[], bytes: number): Promise<void> {
  const tensors = tensorsFor(bytes);
  const header = headerBytes(
    tensors.map((tensor) => ({ ...tensor, dtype: 'F16' })),
    { format: 'pt' },
  );
  const random = randomStream(1, 'bench checkpoints');
  const pool = Float32Array.from({ length: POOL }, () => random.normal());
  const files = await Promise.all(paths.map((path) => open(path, 'w')));
  for (const file of files) await file.write(header);
  for (const [index, tensor] of tensors.entries())
    await Promise.all(files.map((file, model) => writeTensor(file, pool, sizeOf(tensor), index, model)));
  for (const file of files) await file.close();
}

/** Runs of the pool's length, each read from another place; the base's are the same for all models. */
async function writeTensor(file: FileHandle, pool: Float32Array, size: number, index: number, model: number) {
  const shift = (salt: number) => (salt * 7919 * 104_729) % POOL;
  const at = (i: number) => pool[i % POOL] as number;
  for (let from = 0; from < size; from += POOL) {
    const [base, change] = [shift(index + from / POOL + 1), shift((index + from / POOL + 1) * 31 + model)];
    const length = Math.min(POOL, size - from);
    const halves = new Uint16Array(length);
    for (let i = 0; i < length; i++)
      halves[i] = toFloat16(WEIGHT_STD * at(base + i) + (model === 0 ? 0 : CHANGE_STD * at(change + i)));
    await file.write(new Uint8Array(halves.buffer));
  }
}
