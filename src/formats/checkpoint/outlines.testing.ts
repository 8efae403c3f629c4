/** Outlines of models as their published files name their tensors, with few blocks and small sides. */
import type { Dtype } from '../safetensors/dtype.ts';
import type { ModelOutline, TensorOutline } from './outline.ts';

export type Shapes = Readonly<Record<string, readonly number[]>>;

export function outlineOf(id: string, shapes: Shapes, more: Partial<ModelOutline> = {}): ModelOutline {
  const tensors = Object.entries(shapes).map(([name, shape]): TensorOutline => ({ name, shape, dtype: dtypeOf(name) }));
  return { id, name: id, kind: 'weights', tensors, metadata: {}, config: undefined, bytes: 0, ...more };
}

const dtypeOf = (name: string): Dtype => (/position_ids|num_batches_tracked/.test(name) ? 'I64' : 'F32');

/** Tensors of each of `count` blocks, `#` being its number. */
export function blocks(count: number, shapes: Shapes): Shapes {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) =>
      Object.entries(shapes).map(([name, shape]) => [name.replace('#', String(i)), shape] as const),
    ).flat(),
  );
}

export const pair = (name: string, out: number, inputs: number): Shapes => ({
  [`${name}.weight`]: [out, inputs],
  [`${name}.bias`]: [out],
});
export const norm = (name: string, width: number): Shapes => ({
  [`${name}.weight`]: [width],
  [`${name}.bias`]: [width],
});

/** Width of all of them. */
export const W = 8;
export const WIDE = 24;

const GATED: Shapes = {
  'model.layers.#.self_attn.q_proj.weight': [W, W],
  'model.layers.#.self_attn.k_proj.weight': [W / 2, W],
  'model.layers.#.self_attn.v_proj.weight': [W / 2, W],
  'model.layers.#.self_attn.o_proj.weight': [W, W],
  'model.layers.#.mlp.gate_proj.weight': [WIDE, W],
  'model.layers.#.mlp.up_proj.weight': [WIDE, W],
  'model.layers.#.mlp.down_proj.weight': [W, WIDE],
  'model.layers.#.input_layernorm.weight': [W],
  'model.layers.#.post_attention_layernorm.weight': [W],
};

export const decoder = (layers: number, more: Shapes = {}, vocabulary = 32): Shapes => ({
  'model.embed_tokens.weight': [vocabulary, W],
  ...blocks(layers, { ...GATED, ...more }),
  'model.norm.weight': [W],
});

/** Llama and all that are named like it. */
export const llama = (layers = 3, vocabulary = 32): Shapes => ({
  ...decoder(layers, {}, vocabulary),
  'lm_head.weight': [vocabulary, W],
});

export const bert = (prefix = 'bert.', layers = 3): Shapes => {
  const body: Shapes = {
    'embeddings.word_embeddings.weight': [32, W],
    'embeddings.position_embeddings.weight': [16, W],
    'embeddings.token_type_embeddings.weight': [2, W],
    ...norm('embeddings.LayerNorm', W),
    ...blocks(layers, {
      ...pair('encoder.layer.#.attention.self.query', W, W),
      ...pair('encoder.layer.#.attention.self.key', W, W),
      ...pair('encoder.layer.#.attention.self.value', W, W),
      ...pair('encoder.layer.#.attention.output.dense', W, W),
      ...norm('encoder.layer.#.attention.output.LayerNorm', W),
      ...pair('encoder.layer.#.intermediate.dense', WIDE, W),
      ...pair('encoder.layer.#.output.dense', W, WIDE),
      ...norm('encoder.layer.#.output.LayerNorm', W),
    }),
  };
  return Object.fromEntries(Object.entries(body).map(([name, shape]) => [`${prefix}${name}`, shape]));
};

export const VIT = {
  architecture: 'vit',
  imageSize: 8,
  patchSize: 4,
  dim: W,
  blocks: 3,
  heads: 2,
  hidden: 12,
  logitScale: 16,
} as const;
