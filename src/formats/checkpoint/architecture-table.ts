/**
 * How known networks name their tensors: one row each. In patterns `#` stands for a number between dots; a name matches a pattern
 * that it ends in. Names are those of the transformers, diffusers, timm, torchvision and open_clip libraries and of this studio.
 */

/** A tensor that has to be there, or one whose side has to be so long. */
export type Sign = string | { readonly tensor: string; readonly axis: number; readonly is: number };

export interface ArchitectureRow {
  readonly id: string;
  readonly name: string;
  /** `model_type` in config.json. */
  readonly types: readonly string[];
  /** All of these … */
  readonly needs: readonly Sign[];
  /** … and one of these. */
  readonly any?: readonly Sign[];
  /**
   * Rows of blocks from input to output; more than one where towers stand side by side, the main one first. A pattern may stand
   * anywhere between the dots of a name; of several the longest counts.
   */
  readonly towers: readonly (readonly string[])[];
  /** Token embedding, [vocabulary, width]. */
  readonly embedding?: string;
  /** Output layer over the vocabulary, absent where it is tied to the embedding. */
  readonly head?: string;
  /** A tensor and its axis that is as long as the residual stream is wide, where there is no token embedding. */
  readonly width?: readonly [tensor: string, axis: number];
  /** Modules that are norms although their names do not say so. */
  readonly norms?: readonly string[];
}

const VISION = [['vision_model.encoder.layers.#'], ['visual.blocks.#']] as const;
const DECODER = {
  towers: [['layers.#'], ...VISION],
  embedding: 'embed_tokens.weight',
  head: 'lm_head.weight',
} as const;
const LLAMA = [
  'layers.#.self_attn.q_proj.weight',
  'layers.#.mlp.gate_proj.weight',
  'layers.#.input_layernorm.weight',
] as const;
const BERT = ['embeddings.word_embeddings.weight', 'encoder.layer.#.attention.self.query.weight'] as const;
const ENCODER = { towers: [['encoder.layer.#']], embedding: 'embeddings.word_embeddings.weight' } as const;
const CLIP_TOWERS = [['vision_model.encoder.layers.#'], ['text_model.encoder.layers.#']] as const;
const RESNET_STAGES = ['layer1.#', 'layer2.#', 'layer3.#', 'layer4.#'];

/** The first row that fits is taken: those with more signs stand before those whose names they share. */
export const ARCHITECTURES: readonly ArchitectureRow[] = [
  {
    id: 'studio-vit',
    name: 'ViT of this studio',
    types: [],
    needs: ['patch_embed.weight', 'pos_embed', 'blocks.#.attn.q.weight', 'blocks.#.mlp.fc1.weight'],
    towers: [['blocks.#']],
    width: ['patch_embed.weight', 0],
  },
  {
    id: 'gemma3',
    name: 'Gemma 3',
    types: ['gemma3', 'gemma3_text'],
    needs: [...LLAMA, 'layers.#.pre_feedforward_layernorm.weight', 'layers.#.self_attn.q_norm.weight'],
    ...DECODER,
  },
  {
    id: 'gemma2',
    name: 'Gemma 2',
    types: ['gemma2'],
    needs: [...LLAMA, 'layers.#.pre_feedforward_layernorm.weight'],
    ...DECODER,
  },
  {
    id: 'mixtral',
    name: 'Mixtral',
    types: ['mixtral'],
    needs: ['layers.#.self_attn.q_proj.weight', 'layers.#.block_sparse_moe.gate.weight'],
    ...DECODER,
  },
  {
    id: 'qwen3-moe',
    name: 'Qwen 3 (mixture of experts)',
    types: ['qwen3_moe'],
    needs: ['layers.#.self_attn.q_norm.weight', 'layers.#.mlp.experts.#.gate_proj.weight'],
    ...DECODER,
  },
  {
    id: 'qwen3',
    name: 'Qwen 3',
    types: ['qwen3'],
    needs: [...LLAMA, 'layers.#.self_attn.q_norm.weight'],
    ...DECODER,
  },
  {
    id: 'qwen2',
    name: 'Qwen 2',
    types: ['qwen2', 'qwen2_vl', 'qwen2_5_vl'],
    needs: [...LLAMA, 'layers.#.self_attn.q_proj.bias'],
    ...DECODER,
  },
  {
    id: 'phi3',
    name: 'Phi-3',
    types: ['phi3'],
    needs: ['layers.#.self_attn.qkv_proj.weight', 'layers.#.mlp.gate_up_proj.weight'],
    ...DECODER,
  },
  {
    id: 'gemma',
    name: 'Gemma',
    types: ['gemma'],
    needs: [...LLAMA, { tensor: 'embed_tokens.weight', axis: 0, is: 256_000 }],
    ...DECODER,
  },
  { id: 'llama', name: 'Llama', types: ['llama'], needs: LLAMA, ...DECODER },
  // Named like Llama in everything: only config.json tells them apart.
  { id: 'mistral', name: 'Mistral', types: ['mistral', 'ministral'], needs: LLAMA, ...DECODER },
  {
    id: 'gpt-neox',
    name: 'GPT-NeoX',
    types: ['gpt_neox'],
    needs: ['embed_in.weight', 'layers.#.attention.query_key_value.weight', 'layers.#.mlp.dense_h_to_4h.weight'],
    towers: [['layers.#']],
    embedding: 'embed_in.weight',
    head: 'embed_out.weight',
  },
  {
    id: 'gpt2',
    name: 'GPT-2',
    types: ['gpt2'],
    needs: ['wte.weight', 'wpe.weight', 'h.#.attn.c_attn.weight', 'h.#.mlp.c_fc.weight'],
    towers: [['h.#']],
    embedding: 'wte.weight',
    head: 'lm_head.weight',
  },
  {
    id: 'roberta',
    name: 'RoBERTa',
    types: ['roberta', 'xlm-roberta', 'camembert'],
    needs: BERT,
    any: [
      'roberta.embeddings.word_embeddings.weight',
      'lm_head.dense.weight',
      'classifier.out_proj.weight',
      { tensor: 'embeddings.token_type_embeddings.weight', axis: 0, is: 1 },
    ],
    ...ENCODER,
    head: 'lm_head.decoder.weight',
  },
  { id: 'bert', name: 'BERT', types: ['bert'], needs: BERT, ...ENCODER, head: 'cls.predictions.decoder.weight' },
  {
    id: 'distilbert',
    name: 'DistilBERT',
    types: ['distilbert'],
    needs: ['embeddings.word_embeddings.weight', 'transformer.layer.#.attention.q_lin.weight'],
    towers: [['transformer.layer.#']],
    embedding: 'embeddings.word_embeddings.weight',
    head: 'vocab_projector.weight',
  },
  {
    id: 'vit',
    name: 'ViT',
    types: ['vit', 'deit', 'dinov2'],
    needs: ['embeddings.patch_embeddings.projection.weight', 'encoder.layer.#.attention.attention.query.weight'],
    towers: [['encoder.layer.#']],
    width: ['embeddings.patch_embeddings.projection.weight', 0],
  },
  {
    id: 'vit-timm',
    name: 'ViT (timm)',
    types: [],
    needs: ['patch_embed.proj.weight', 'blocks.#.attn.qkv.weight'],
    towers: [['blocks.#']],
    width: ['patch_embed.proj.weight', 0],
  },
  {
    id: 'unet',
    name: 'UNet (diffusers)',
    types: [],
    needs: [
      'time_embedding.linear_1.weight',
      'down_blocks.#.resnets.#.conv1.weight',
      'up_blocks.#.resnets.#.conv1.weight',
    ],
    towers: [['down_blocks.#', 'mid_block', 'up_blocks.#']],
    width: ['conv_in.weight', 0],
  },
  {
    id: 'unet-ldm',
    name: 'UNet (Stable Diffusion)',
    types: [],
    needs: ['time_embed.#.weight', 'input_blocks.#.#.in_layers.#.weight', 'output_blocks.#.#.in_layers.#.weight'],
    towers: [
      ['input_blocks.#', 'middle_block', 'output_blocks.#'],
      ['first_stage_model.encoder.down.#', 'first_stage_model.encoder.mid'],
      ['first_stage_model.decoder.mid', 'first_stage_model.decoder.up.#'],
      ['text_model.encoder.layers.#'],
      ['transformer.resblocks.#'],
    ],
    width: ['input_blocks.#.#.weight', 0],
    norms: ['in_layers.0', 'out_layers.0', 'out.0'],
  },
  {
    id: 'siglip',
    name: 'SigLIP',
    types: ['siglip', 'siglip_vision_model'],
    needs: ['vision_model.encoder.layers.#.self_attn.q_proj.weight', 'vision_model.head.attention.in_proj_weight'],
    towers: CLIP_TOWERS,
    width: ['vision_model.embeddings.patch_embedding.weight', 0],
  },
  {
    id: 'clip',
    name: 'CLIP',
    types: ['clip', 'clip_vision_model', 'clip_text_model'],
    needs: [],
    any: ['vision_model.embeddings.class_embedding', 'text_model.embeddings.token_embedding.weight'],
    towers: CLIP_TOWERS,
    embedding: 'text_model.embeddings.token_embedding.weight',
    width: ['vision_model.embeddings.class_embedding', 0],
  },
  {
    id: 'open-clip',
    name: 'CLIP (open_clip)',
    types: [],
    needs: ['visual.transformer.resblocks.#.attn.in_proj_weight', 'transformer.resblocks.#.attn.in_proj_weight'],
    towers: [['visual.transformer.resblocks.#'], ['transformer.resblocks.#']],
    embedding: 'token_embedding.weight',
  },
  {
    id: 'whisper',
    name: 'Whisper',
    types: ['whisper'],
    needs: [
      'encoder.conv1.weight',
      'encoder.layers.#.self_attn.q_proj.weight',
      'decoder.layers.#.encoder_attn.q_proj.weight',
    ],
    towers: [['encoder.layers.#', 'decoder.layers.#']],
    embedding: 'decoder.embed_tokens.weight',
    head: 'proj_out.weight',
  },
  {
    id: 't5',
    name: 'T5',
    types: ['t5', 'mt5', 'umt5'],
    needs: ['shared.weight', 'encoder.block.#.layer.#.SelfAttention.q.weight'],
    towers: [['encoder.block.#', 'decoder.block.#']],
    embedding: 'shared.weight',
    head: 'lm_head.weight',
  },
  {
    id: 'resnet',
    name: 'ResNet',
    types: [],
    needs: ['conv1.weight', 'bn1.weight', 'layer1.#.conv1.weight', 'layer2.#.conv1.weight'],
    towers: [RESNET_STAGES],
    width: ['conv1.weight', 0],
    norms: ['downsample.1', 'shortcut.1'],
  },
  {
    id: 'resnet-hf',
    name: 'ResNet (transformers)',
    types: ['resnet'],
    needs: ['embedder.embedder.convolution.weight', 'encoder.stages.#.layers.#.layer.#.convolution.weight'],
    towers: [[0, 1, 2, 3].map((stage) => `encoder.stages.${stage}.layers.#`)],
    width: ['embedder.embedder.convolution.weight', 0],
  },
  {
    id: 'studio-mlp',
    name: 'MLP of this studio',
    types: [],
    needs: ['layers.#.weight', 'layers.#.bias'],
    towers: [['layers.#']],
  },
];
