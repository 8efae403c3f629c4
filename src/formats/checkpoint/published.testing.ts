/** Names and shapes of published models, in few blocks and small sides. */
import { vitParameters } from '../../models/vit-parameters.ts';
import { bert, blocks, decoder, llama, norm, pair, type Shapes, VIT, W, WIDE } from './outlines.testing.ts';

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
