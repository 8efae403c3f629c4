import { describe, expect, test } from 'vitest';
import { readSafetensors } from '../safetensors/file.ts';
import { type AdapterPlan, adapterLayout, type HeldModule } from './adapter-layout.ts';
import { tiedTo, wholeParts } from './whole-modules.ts';

const held = (module: string, count = 8): HeldModule => ({
  name: `${module}.weight`,
  module,
  shape: [8, 8],
  turned: false,
  count,
});

function planned(modules: readonly HeldModule[], names: readonly string[], left: readonly string[] = []): AdapterPlan {
  const from = new Map(names.map((name) => [name, { dtype: 'BF16', shape: [4] } as const]));
  const whole = { ...wholeParts({ left, names }), from };
  return { rank: 4, dtype: 'F32', baseName: 'base', held: modules, whole, names };
}

const configOf = (plan: AdapterPlan) => JSON.parse(adapterLayout(plan).config);

describe('the modules that an adapter targets', () => {
  test('are named in short where that means no others', () => {
    const names = ['layers.0.q.weight', 'layers.1.q.weight', 'layers.1.k.weight'];
    expect(configOf(planned([held('layers.0.q'), held('layers.1.q')], names)).target_modules).toEqual(['q']);
    expect(configOf(planned([held('layers.1.q')], names)).target_modules).toEqual(['layers.1.q']);
  });

  test('are named in full where a container has the same last name', () => {
    const names = ['mlp.0.weight', 'layers.0.norm.weight'];
    expect(configOf(planned([held('mlp.0')], names)).target_modules).toEqual(['mlp.0']);
  });

  test('have patterns for fewer directions, the longest name first, because the first that ends a name counts', () => {
    const { rank_pattern: ranks, alpha_pattern: alphas } = configOf(
      planned([held('head', 2), held('decoder.head'), held('body')], []),
    );
    expect(Object.entries(ranks)).toEqual([
      ['decoder\\.head', 4],
      ['head', 2],
    ]);
    expect(alphas).toEqual(ranks);
  });
});

describe('what has no factors', () => {
  const names = [
    'cls',
    'scales.0',
    'norm.weight',
    'norm.bias',
    'layers.0.q_norm.weight',
    'layers.0.q.weight',
    'layers.0.q.bias',
    'layers.0.k.bias',
    'embed.table',
    'embed.patch.weight',
  ];

  test('keeps its module; PEFT takes every module whose name ends alike, and everything in a module', () => {
    expect(wholeParts({ left: ['norm.weight'], names })).toEqual({
      modules: ['norm', 'layers.0.q_norm'],
      tensors: ['norm.weight', 'norm.bias', 'layers.0.q_norm.weight'],
      biases: [],
      nowhere: [],
    });
    expect(wholeParts({ left: ['embed.table'], names }).tensors).toEqual(['embed.table', 'embed.patch.weight']);
  });

  test('may be a bias, which needs no module, or have no place at all', () => {
    expect(wholeParts({ left: ['cls', 'scales.0', 'layers.0.q.bias'], names })).toEqual({
      modules: [],
      tensors: [],
      biases: ['layers.0.q.bias'],
      nowhere: ['cls', 'scales.0'],
    });
    expect(configOf(planned([held('layers.0.q')], names, ['layers.0.q.bias'])).bias).toBe('lora_only');
    expect(configOf(planned([held('layers.0.q')], names, ['layers.0.k.bias'])).bias).toBe('all');
  });

  test('takes the place of factors of its module', () => {
    const { entries, config, bytes, header } = adapterLayout(
      planned([held('embed.patch'), held('layers.0.q')], names, ['embed.table']),
    );
    expect(entries.map(({ name }) => name)).toEqual([
      'base_model.model.layers.0.q.lora_A.weight',
      'base_model.model.layers.0.q.lora_B.weight',
      'base_model.model.embed.table',
      'base_model.model.embed.patch.weight',
    ]);
    expect(JSON.parse(config).modules_to_save).toEqual(['embed']);
    const file = new Uint8Array(bytes);
    file.set(header);
    expect([...readSafetensors(file, 'adapter').tensors.keys()]).toEqual(entries.map(({ name }) => name));
  });

  test('is written under both names where input and output share a table', () => {
    const tied = ['model.embed_tokens.weight', 'model.layers.0.q.weight'];
    expect(tiedTo('model.embed_tokens.weight', tied)).toBe('lm_head.weight');
    expect(tiedTo('model.embed_tokens.weight', [...tied, 'lm_head.weight'])).toBeUndefined();
    expect(tiedTo('model.embed_tokens.weight', [...tied, 'score.weight'])).toBeUndefined();
    const plan = planned([held('model.layers.0.q')], tied, ['model.embed_tokens.weight']);
    expect(configOf(plan)).toMatchObject({ ensure_weight_tying: true, modules_to_save: ['model.embed_tokens'] });
    expect(adapterLayout(plan).entries.map(({ name }) => name)).toContain('base_model.model.lm_head.weight');
  });
});
