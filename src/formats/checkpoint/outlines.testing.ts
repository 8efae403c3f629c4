/** Outlines of models as their published files name their tensors, with few blocks and small sides. */
import { vitParameters } from '../../models/vit-parameters.ts';
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

const pair = (name: string, out: number, inputs: number): Shapes => ({
  [`${name}.weight`]: [out, inputs],
  [`${name}.bias`]: [out],
});
const norm = (name: string, width: number): Shapes => ({ [`${name}.weight`]: [width], [`${name}.bias`]: [width] });

const W = 8;
const WIDE = 24;

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

const decoder = (layers: number, more: Shapes = {}, vocabulary = 32): Shapes => ({
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

const clipTower = (tower: string): Shapes =>
  blocks(2, {
    ...pair(`${tower}.encoder.layers.#.self_attn.q_proj`, W, W),
    ...pair(`${tower}.encoder.layers.#.self_attn.out_proj`, W, W),
    ...norm(`${tower}.encoder.layers.#.layer_norm1`, W),
    ...pair(`${tower}.encoder.layers.#.mlp.fc1`, WIDE, W),
  });

const whisperSide = (side: string, more: Shapes = {}): Shapes =>
  blocks(2, {
    ...pair(`model.${side}.layers.#.self_attn.q_proj`, W, W),
    ...norm(`model.${side}.layers.#.self_attn_layer_norm`, W),
    ...pair(`model.${side}.layers.#.fc1`, WIDE, W),
    ...more,
  });

const t5Side = (side: string): Shapes =>
  blocks(2, {
    [`${side}.block.#.layer.0.SelfAttention.q.weight`]: [W, W],
    [`${side}.block.#.layer.0.layer_norm.weight`]: [W],
    [`${side}.block.#.layer.1.DenseReluDense.wi.weight`]: [WIDE, W],
  });

const resnetBlock = (stage: number, channels: number): Shapes =>
  blocks(2, {
    [`layer${stage}.#.conv1.weight`]: [channels, channels, 3, 3],
    ...norm(`layer${stage}.#.bn1`, channels),
    [`layer${stage}.#.bn1.running_mean`]: [channels],
    [`layer${stage}.#.bn1.num_batches_tracked`]: [],
  });

const unetBlock = (at: string): Shapes => ({
  ...norm(`${at}.resnets.0.norm1`, W),
  [`${at}.resnets.0.conv1.weight`]: [W, W, 3, 3],
  [`${at}.attentions.0.transformer_blocks.0.attn1.to_q.weight`]: [W, W],
  [`${at}.attentions.0.transformer_blocks.0.ff.net.0.proj.weight`]: [WIDE, W],
});

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

/** By the id of architecture-table.ts that each has to be taken for. */
export const PUBLISHED: Readonly<Record<string, Shapes>> = {
  'studio-vit': Object.fromEntries(vitParameters(VIT).map(({ name, shape }) => [name, shape])),
  'studio-mlp': blocks(3, pair('layers.#', W, W)),
  llama: llama(),
  gemma: decoder(3, {}, 256_000),
  gemma2: decoder(3, { 'model.layers.#.pre_feedforward_layernorm.weight': [W] }),
  gemma3: decoder(3, {
    'model.layers.#.pre_feedforward_layernorm.weight': [W],
    'model.layers.#.self_attn.q_norm.weight': [4],
  }),
  qwen2: decoder(3, { 'model.layers.#.self_attn.q_proj.bias': [W] }),
  qwen3: decoder(3, { 'model.layers.#.self_attn.q_norm.weight': [4], 'model.layers.#.self_attn.k_norm.weight': [4] }),
  mixtral: {
    'model.embed_tokens.weight': [32, W],
    ...blocks(3, {
      'model.layers.#.self_attn.q_proj.weight': [W, W],
      'model.layers.#.block_sparse_moe.gate.weight': [2, W],
      'model.layers.#.block_sparse_moe.experts.0.w1.weight': [WIDE, W],
    }),
    'lm_head.weight': [32, W],
  },
  phi3: {
    'model.embed_tokens.weight': [32, W],
    ...blocks(3, {
      'model.layers.#.self_attn.qkv_proj.weight': [24, W],
      'model.layers.#.mlp.gate_up_proj.weight': [48, W],
    }),
    'lm_head.weight': [32, W],
  },
  gpt2: {
    'wte.weight': [32, W],
    'wpe.weight': [16, W],
    ...blocks(3, {
      ...norm('h.#.ln_1', W),
      'h.#.attn.bias': [1, 1, 16, 16],
      'h.#.attn.c_attn.weight': [W, 3 * W],
      'h.#.attn.c_attn.bias': [3 * W],
      'h.#.mlp.c_fc.weight': [W, WIDE],
    }),
    ...norm('ln_f', W),
  },
  'gpt-neox': {
    'gpt_neox.embed_in.weight': [32, W],
    ...blocks(3, {
      ...norm('gpt_neox.layers.#.input_layernorm', W),
      'gpt_neox.layers.#.attention.bias': [1, 1, 16, 16],
      'gpt_neox.layers.#.attention.rotary_emb.inv_freq': [2],
      ...pair('gpt_neox.layers.#.attention.query_key_value', 3 * W, W),
      ...pair('gpt_neox.layers.#.mlp.dense_h_to_4h', WIDE, W),
    }),
    ...norm('gpt_neox.final_layer_norm', W),
    'embed_out.weight': [32, W],
  },
  bert: {
    ...bert(),
    'bert.embeddings.position_ids': [1, 16],
    ...pair('bert.pooler.dense', W, W),
    ...pair('classifier', 2, W),
  },
  roberta: { ...bert('roberta.'), ...pair('lm_head.dense', W, W), 'lm_head.decoder.weight': [32, W] },
  distilbert: {
    'distilbert.embeddings.word_embeddings.weight': [32, W],
    ...blocks(3, pair('distilbert.transformer.layer.#.attention.q_lin', W, W)),
  },
  vit: {
    'vit.embeddings.cls_token': [1, 1, W],
    'vit.embeddings.position_embeddings': [1, 5, W],
    'vit.embeddings.patch_embeddings.projection.weight': [W, 3, 2, 2],
    ...blocks(3, {
      ...norm('vit.encoder.layer.#.layernorm_before', W),
      ...pair('vit.encoder.layer.#.attention.attention.query', W, W),
      ...pair('vit.encoder.layer.#.intermediate.dense', WIDE, W),
    }),
    ...norm('vit.layernorm', W),
    ...pair('classifier', 10, W),
  },
  'vit-timm': {
    cls_token: [1, 1, W],
    pos_embed: [1, 5, W],
    ...pair('patch_embed.proj', W, 4),
    ...blocks(3, {
      ...norm('blocks.#.norm1', W),
      ...pair('blocks.#.attn.qkv', 3 * W, W),
      ...pair('blocks.#.mlp.fc1', WIDE, W),
    }),
    ...norm('norm', W),
    ...pair('head', 10, W),
  },
  clip: {
    logit_scale: [],
    'text_model.embeddings.token_embedding.weight': [32, W],
    'text_model.embeddings.position_ids': [1, 16],
    ...clipTower('text_model'),
    ...norm('text_model.final_layer_norm', W),
    'vision_model.embeddings.class_embedding': [W],
    'vision_model.embeddings.patch_embedding.weight': [W, 3, 2, 2],
    ...norm('vision_model.pre_layrnorm', W),
    ...clipTower('vision_model'),
    ...norm('vision_model.post_layernorm', W),
    'text_projection.weight': [4, W],
    'visual_projection.weight': [4, W],
  },
  'open-clip': {
    'token_embedding.weight': [32, W],
    positional_embedding: [16, W],
    ...blocks(2, {
      'visual.transformer.resblocks.#.attn.in_proj_weight': [3 * W, W],
      ...norm('visual.transformer.resblocks.#.ln_1', W),
    }),
    ...blocks(3, {
      'transformer.resblocks.#.attn.in_proj_weight': [3 * W, W],
      ...norm('transformer.resblocks.#.ln_1', W),
    }),
    ...norm('ln_final', W),
  },
  siglip: {
    'vision_model.embeddings.patch_embedding.weight': [W, 3, 2, 2],
    'text_model.embeddings.token_embedding.weight': [32, W],
    ...clipTower('vision_model'),
    ...clipTower('text_model'),
    'vision_model.head.attention.in_proj_weight': [3 * W, W],
  },
  resnet: {
    'conv1.weight': [W, 3, 7, 7],
    ...norm('bn1', W),
    ...resnetBlock(1, W),
    ...resnetBlock(2, 2 * W),
    'layer2.0.downsample.0.weight': [2 * W, W, 1, 1],
    ...norm('layer2.0.downsample.1', 2 * W),
    ...pair('fc', 10, 2 * W),
  },
  'resnet-hf': {
    'resnet.embedder.embedder.convolution.weight': [W, 3, 7, 7],
    ...blocks(2, {
      'resnet.encoder.stages.0.layers.#.layer.0.convolution.weight': [W, W, 3, 3],
      ...norm('resnet.encoder.stages.0.layers.#.layer.0.normalization', W),
    }),
    ...blocks(2, { 'resnet.encoder.stages.1.layers.#.layer.0.convolution.weight': [W, W, 3, 3] }),
    ...pair('classifier.1', 10, W),
  },
  whisper: {
    'model.encoder.conv1.weight': [W, 4, 3],
    'model.encoder.embed_positions.weight': [16, W],
    ...whisperSide('encoder'),
    ...norm('model.encoder.layer_norm', W),
    'model.decoder.embed_tokens.weight': [32, W],
    ...whisperSide('decoder', pair('model.decoder.layers.#.encoder_attn.q_proj', W, W)),
    ...norm('model.decoder.layer_norm', W),
  },
  t5: {
    'shared.weight': [32, W],
    ...t5Side('encoder'),
    'encoder.final_layer_norm.weight': [W],
    ...t5Side('decoder'),
    'decoder.final_layer_norm.weight': [W],
  },
  unet: {
    ...pair('conv_in', W, 4),
    ...pair('time_embedding.linear_1', WIDE, W),
    ...unetBlock('down_blocks.0'),
    ...unetBlock('down_blocks.1'),
    ...unetBlock('mid_block'),
    ...unetBlock('up_blocks.0'),
    ...unetBlock('up_blocks.1'),
    ...norm('conv_norm_out', W),
  },
  'unet-ldm': {
    ...pair('model.diffusion_model.time_embed.0', WIDE, W),
    'model.diffusion_model.input_blocks.0.0.weight': [W, 4, 3, 3],
    ...norm('model.diffusion_model.input_blocks.1.0.in_layers.0', W),
    'model.diffusion_model.input_blocks.1.0.in_layers.2.weight': [W, W, 3, 3],
    'model.diffusion_model.middle_block.0.in_layers.2.weight': [W, W, 3, 3],
    'model.diffusion_model.output_blocks.0.0.in_layers.2.weight': [W, W, 3, 3],
    'cond_stage_model.transformer.text_model.embeddings.token_embedding.weight': [32, W],
    ...clipTower('cond_stage_model.transformer.text_model'),
  },
};
