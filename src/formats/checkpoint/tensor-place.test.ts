import { describe, expect, it, test } from 'vitest';
import { vitParameters } from '../../models/vit-parameters.ts';
import { recognise } from './architecture.ts';
import { blocks, outlineOf, VIT } from './outlines.testing.ts';
import { PUBLISHED } from './published.testing.ts';
import { placeOf } from './tensor-place.ts';

function placed(shapes: Readonly<Record<string, readonly number[]>>) {
  const architecture = recognise(outlineOf('a', shapes));
  return (name: string) => {
    const { depth, role, group } = placeOf(name, shapes[name] ?? [], architecture);
    return `${Number(depth.toFixed(2))} ${role} ${group}`;
  };
}

describe.each([
  ['llama', 'model.embed_tokens.weight', '0 embedding embedding'],
  ['llama', 'model.layers.1.self_attn.k_proj.weight', '0.5 linear attention'],
  ['llama', 'model.layers.2.mlp.down_proj.weight', '1 linear mlp'],
  ['llama', 'model.layers.0.input_layernorm.weight', '0 norm norm'],
  ['llama', 'model.norm.weight', '1 norm norm'],
  ['llama', 'lm_head.weight', '1 linear embedding'],
  ['gpt2', 'wpe.weight', '0 embedding embedding'],
  ['gpt2', 'h.1.attn.c_attn.bias', '0.5 bias attention'],
  ['gpt2', 'h.2.ln_1.bias', '1 norm norm'],
  ['gpt2', 'ln_f.weight', '1 norm norm'],
  ['gpt-neox', 'gpt_neox.embed_in.weight', '0 embedding embedding'],
  ['gpt-neox', 'embed_out.weight', '1 linear embedding'],
  ['bert', 'bert.embeddings.LayerNorm.weight', '0 norm norm'],
  ['bert', 'bert.encoder.layer.1.attention.output.dense.weight', '0.5 linear attention'],
  ['bert', 'bert.encoder.layer.1.output.dense.bias', '0.5 bias mlp'],
  ['bert', 'classifier.weight', '1 linear mlp'],
  ['vit', 'vit.embeddings.cls_token', '0 embedding embedding'],
  ['vit', 'vit.encoder.layer.2.layernorm_before.bias', '1 norm norm'],
  ['clip', 'vision_model.encoder.layers.1.mlp.fc1.weight', '1 linear mlp'],
  ['clip', 'vision_model.pre_layrnorm.weight', '0 norm norm'],
  ['clip', 'text_projection.weight', '1 linear mlp'],
  ['resnet', 'conv1.weight', '0 embedding embedding'],
  ['resnet', 'bn1.weight', '0 norm norm'],
  ['resnet', 'layer1.1.conv1.weight', '0.33 linear mlp'],
  ['resnet', 'layer2.0.downsample.1.bias', '0.67 norm norm'],
  ['resnet', 'layer2.1.bn1.running_mean', '1 norm norm'],
  ['resnet', 'fc.bias', '1 bias mlp'],
  ['whisper', 'model.encoder.conv1.weight', '0 embedding embedding'],
  ['whisper', 'model.encoder.layer_norm.weight', '0.33 norm norm'],
  ['whisper', 'model.decoder.layers.0.encoder_attn.q_proj.weight', '0.67 linear attention'],
  ['whisper', 'model.decoder.layer_norm.weight', '1 norm norm'],
  ['t5', 'shared.weight', '0 embedding embedding'],
  ['t5', 'decoder.block.1.layer.1.DenseReluDense.wi.weight', '1 linear mlp'],
  ['t5', 'encoder.final_layer_norm.weight', '0.33 norm norm'],
  ['unet', 'mid_block.resnets.0.conv1.weight', '0.5 linear mlp'],
  ['unet', 'up_blocks.1.attentions.0.transformer_blocks.0.ff.net.0.proj.weight', '1 linear mlp'],
  ['unet', 'up_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight', '0.75 linear attention'],
  ['unet-ldm', 'model.diffusion_model.input_blocks.1.0.in_layers.0.bias', '0.33 norm norm'],
  ['unet-ldm', 'model.diffusion_model.time_embed.0.weight', '0 embedding embedding'],
])('in %s', (id, name, place) => {
  it(`${name} is at ${place}`, () => {
    expect(placed(PUBLISHED[id] ?? {})(name)).toBe(place);
  });
});

test('depths of unknown networks are by the numbers in their names', () => {
  const at = placed({
    'in.weight': [4, 2],
    ...blocks(3, { 'trunk.#.up.weight': [8, 4], 'trunk.#.attn.weight': [4, 8] }),
  });
  expect([0, 1, 2].map((i) => at(`trunk.${i}.attn.weight`))).toEqual(
    [0, 0.5, 1].map((depth) => `${depth} linear attention`),
  );
});

test('a tensor of a block that the recognised model lacks stands inside', () => {
  const architecture = recognise(outlineOf('a', PUBLISHED.llama ?? {}));
  expect(placeOf('model.layers.70.mlp.up_proj.weight', [4, 4], architecture).depth).toBe(1);
});

test('networks of this studio are placed as their own tables of parameters say', () => {
  for (const count of [1, 2, 4]) {
    const table = vitParameters({ ...VIT, blocks: count });
    const architecture = recognise(outlineOf('a', Object.fromEntries(table.map(({ name, shape }) => [name, shape]))));
    expect(table.map(({ name, shape }) => ({ name, shape, ...placeOf(name, shape, architecture) }))).toEqual(table);
  }
});
