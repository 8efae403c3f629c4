import { describe, expect, it } from 'vitest';
import { identifierOf } from './identifier.ts';
import { layoutOf, withAttentionHeads } from './layout.ts';

const header = (
  shapes: Readonly<Record<string, readonly number[]>>,
  metadata: Readonly<Record<string, string>> = {},
) => ({
  tensors: new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape }])),
  metadata,
});
const MLP = { 'layers.0.weight': [8, 20], 'layers.0.bias': [8], 'layers.1.weight': [4, 8], 'layers.1.bias': [4] };
const VIT = {
  'patch_embed.weight': [64, 49],
  pos_embed: [16, 64],
  'blocks.0.mlp.fc1.weight': [128, 64],
  'blocks.1.x': [1],
};

describe('layouts', () => {
  it('of perceptrons are read from shapes, with names of classes', () => {
    const found = layoutOf(
      header(
        { ...MLP, 'heads.pets.weight': [2, 4], 'heads.pets.bias': [2] },
        { 'classes.pets': '["cat","dog"]', activation: 'gelu' },
      ),
    );
    expect(found).toEqual({
      kind: 'network',
      notes: [],
      possibleHeads: [],
      heads: [{ task: 'pets', classes: ['cat', 'dog'], bias: true }],
      model: {
        architecture: 'mlp',
        inputs: 20,
        widths: [8, 4],
        blocks: 2,
        dim: 4,
        activation: 'gelu',
        classifier: 'linear',
        logitScale: 1,
      },
    });
  });

  it('of transformers are read from shapes; what is assumed is said', () => {
    const found = layoutOf(header(VIT));
    if (found.kind !== 'network') throw new Error(JSON.stringify(found));
    expect(found.model).toMatchObject({
      imageSize: 28,
      patchSize: 7,
      blocks: 2,
      heads: 2,
      hidden: 128,
      logitScale: 16,
    });
    expect(found.notes).toHaveLength(1);
    expect(found.possibleHeads).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(layoutOf(header(VIT, { attention_heads: '4', logit_scale: '10' }))).toMatchObject({
      model: { heads: 4, logitScale: 10 },
      notes: [],
      possibleHeads: [],
    });
  });

  it('of transformers whose width is no multiple of 32 assume the nearest number of heads that divides it', () => {
    const found = layoutOf(header({ ...VIT, 'patch_embed.weight': [80, 49], pos_embed: [16, 80] }));
    expect(found).toMatchObject({ model: { heads: 2 }, possibleHeads: [1, 2, 4, 5, 8, 10, 16, 20, 40, 80] });
  });

  it('of transformers take the number of heads that is chosen where the file is silent, and only then', () => {
    const silent = layoutOf(header(VIT));
    const told = layoutOf(header(VIT, { attention_heads: '4' }));
    if (silent.kind !== 'network' || told.kind !== 'network') throw new Error('no networks');
    expect(withAttentionHeads(silent, 8).model).toMatchObject({ heads: 8 });
    expect(withAttentionHeads(silent, null).model).toMatchObject({ heads: 2 });
    expect(withAttentionHeads(told, 8).model).toMatchObject({ heads: 4 });
    expect(() => withAttentionHeads(silent, 5)).toThrow(
      '5 attention heads do not divide 64 features; possible are 1, 2, 4',
    );
  });

  it('of heads alone are heads', () => {
    expect(layoutOf(header({ 'heads.a.weight': [3, 4] }))).toMatchObject({ kind: 'heads', heads: [{ task: 'a' }] });
  });

  it.each([
    ['another network', { 'model.embed': [4] }, {}, 'model.embed, which belongs to no network'],
    [
      'layers that do not fit',
      { ...MLP, 'layers.1.weight': [4, 9] },
      {},
      'layers.1.weight has shape [4, 9], wanted [width, 8]',
    ],
    ['a missing bias', { 'layers.0.weight': [8, 20] }, {}, 'layers.0.bias is missing'],
    ['a head of other features', { ...MLP, 'heads.a.weight': [3, 5] }, {}, 'reads 5 features, the network has 4'],
    ['a head of one class', { ...MLP, 'heads.a.weight': [1, 4] }, {}, 'wanted [classes, features] with 2'],
    ['an unknown activation', MLP, { activation: 'tanh' }, 'activation “tanh”'],
    ['heads that do not divide', VIT, { attention_heads: '5' }, '5 attention heads do not divide 64'],
  ])('%s is told', (_name, shapes, metadata, reason) => {
    const found = layoutOf(header(shapes, metadata));
    expect(found.kind === 'unknown' ? found.reason : found.kind).toContain(reason);
  });
});

it('names become ones that a link can hold', () => {
  expect(identifierOf('My Task_v2', [])).toBe('my-task-v2');
  expect(identifierOf('базa', ['a'])).toBe('a-2');
  expect(identifierOf('base', [])).toBe('base-2');
  expect(identifierOf('…', [])).toBe('expert');
});
