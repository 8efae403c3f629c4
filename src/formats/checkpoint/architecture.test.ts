import { describe, expect, it, test } from 'vitest';
import { recognise } from './architecture.ts';
import { ARCHITECTURES } from './architecture-table.ts';
import { blocks, llama, outlineOf } from './outlines.testing.ts';
import { PUBLISHED } from './published.testing.ts';

describe('recognising networks by their tensors', () => {
  it.each(Object.entries(PUBLISHED))('%s', (id, shapes) => {
    const outline = outlineOf('model', shapes);
    const found = recognise(outline);
    expect(found.id).toBe(id);
    expect(found.layers).toBeGreaterThan(1);
    if (id !== 'studio-mlp') expect(found.hidden ?? (id === 'distilbert' ? 0 : null)).not.toBeNull();
    // Names decide, not their order.
    const turned = { ...outline, tensors: [...outline.tensors].reverse() };
    expect(recognise(turned)).toEqual(found);
  });

  it('has a published example of every row of the table', () => {
    // Mistral and Qwen's mixture of experts are named like others in the examples.
    const untold = ['mistral', 'qwen3-moe'];
    expect(
      ARCHITECTURES.map(({ id }) => id)
        .filter((id) => !untold.includes(id))
        .sort(),
    ).toEqual(Object.keys(PUBLISHED).sort());
  });

  it('tells width, vocabulary, layers and weights', () => {
    const found = recognise(outlineOf('a', llama(5, 40)));
    expect(found).toMatchObject({ layers: 5, hidden: 8, vocabulary: 40, tied: false, head: 'lm_head.weight' });
    const block = 8 * 8 * 2 + 4 * 8 * 2 + 3 * 24 * 8 + 2 * 8;
    expect(found.parameters).toBe(2 * 40 * 8 + 5 * block + 8);
  });

  it('does not count masks, indices and counts as weights', () => {
    const { parameters } = recognise(outlineOf('a', PUBLISHED.gpt2 ?? {}));
    const unmasked = Object.fromEntries(
      Object.entries(PUBLISHED.gpt2 ?? {}).filter(([name]) => !name.endsWith('.attn.bias')),
    );
    expect(parameters).toBe(recognise(outlineOf('a', unmasked)).parameters);
  });

  it('takes config.json’s word among networks that are named alike, and says where it contradicts the names', () => {
    const mistral = recognise(outlineOf('a', llama(), { config: { model_type: 'mistral' } }));
    expect(mistral).toMatchObject({ id: 'mistral', reason: expect.stringContaining('config.json says so too') });
    const untold = recognise(outlineOf('a', llama()));
    expect(untold).toMatchObject({ id: 'llama', reason: expect.stringContaining('Mistral is named alike') });
    const wrong = recognise(outlineOf('a', llama(), { config: { model_type: 'bert', num_hidden_layers: 9 } }));
    expect(wrong.id).toBe('llama');
    expect(wrong.reason).toContain('config.json says “bert”');
    expect(wrong.reason).toContain('config.json says 9 layers, the files hold 3');
  });

  it('ties the output layer to the embedding where there is none, unless config.json denies it', () => {
    const { 'lm_head.weight': _head, ...rest } = llama();
    expect(recognise(outlineOf('a', rest)).tied).toBe(true);
    expect(recognise(outlineOf('a', rest, { config: { tie_word_embeddings: false } })).tied).toBe(false);
  });
});

test('of an unknown network the numbers in its names are its blocks', () => {
  const found = recognise(
    outlineOf('a', {
      'in.weight': [4, 2],
      ...blocks(6, { 'trunk.#.up.weight': [8, 4], 'trunk.#.down.weight': [4, 8] }),
    }),
  );
  expect(found).toMatchObject({ id: 'generic', layers: 6, hidden: null, vocabulary: null });
  expect(recognise(outlineOf('a', {}))).toMatchObject({ id: 'generic', layers: 0, parameters: 0 });
});
