/** Small checkpoints for journeys, made while they run. */
import { writeSafetensors } from '../src/formats/safetensors/file.ts';

interface Made {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const HIDDEN = 16;

/** The same numbers for the same seed on every machine. */
function numbers(count: number, seed: number): Float32Array<ArrayBuffer> {
  let state = seed * 2654435761 + 1;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
}

function tensor(shape: readonly number[], seed: number) {
  const values = numbers(
    shape.reduce((product, side) => product * side, 1),
    seed,
  );
  return { dtype: 'F32' as const, shape, bytes: new Uint8Array(values.buffer) };
}

const file = (name: string, bytes: Uint8Array): Made => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

const named = (hidden: number, layers: number, vocabulary: number, inner: number): [string, number[]][] => [
  ['model.embed_tokens.weight', [vocabulary, hidden]],
  ...Array.from({ length: layers }, (_, i): [string, number[]][] => [
    [`model.layers.${i}.input_layernorm.weight`, [hidden]],
    [`model.layers.${i}.self_attn.q_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.self_attn.k_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.self_attn.v_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.self_attn.o_proj.weight`, [hidden, hidden]],
    [`model.layers.${i}.post_attention_layernorm.weight`, [hidden]],
    [`model.layers.${i}.mlp.gate_proj.weight`, [inner, hidden]],
    [`model.layers.${i}.mlp.up_proj.weight`, [inner, hidden]],
    [`model.layers.${i}.mlp.down_proj.weight`, [hidden, inner]],
  ]).flat(),
  ['model.norm.weight', [hidden]],
  ['lm_head.weight', [vocabulary, hidden]],
];

interface LlamaOptions {
  readonly seed: number;
  readonly hidden?: number;
  readonly layers?: number;
  readonly vocabulary?: number;
  /** Width of the MLPs, twice the hidden width by default. */
  readonly inner?: number;
}

/** A network with the names of a Llama's tensors. */
export function llama(name: string, { seed, hidden = HIDDEN, layers = 2, vocabulary = 32, inner }: LlamaOptions): Made {
  const tensors = named(hidden, layers, vocabulary, inner ?? 2 * hidden).map(
    ([key, shape], i) => [key, tensor(shape, seed * 1000 + i)] as const,
  );
  return file(name, writeSafetensors(new Map(tensors)));
}

/** A PEFT adapter of rank 2 for the first query projection of a llama. */
export function lora(alpha: number): readonly Made[] {
  const prefix = 'base_model.model.model.layers.0.self_attn.q_proj';
  const tensors = new Map([
    [`${prefix}.lora_A.weight`, tensor([2, HIDDEN], 7)],
    [`${prefix}.lora_B.weight`, tensor([HIDDEN, 2], 8)],
  ]);
  const config = { peft_type: 'LORA', r: 2, lora_alpha: alpha, target_modules: ['q_proj'] };
  return [
    file('adapter_model.safetensors', writeSafetensors(tensors)),
    { name: 'adapter_config.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(config)) },
  ];
}
