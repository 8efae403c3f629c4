import { describe, expect, it } from 'vitest';
import {
  chainName,
  type Entry,
  entries,
  families,
  neighbour,
  type Recipe,
  sameControls,
  whyNot,
  withDefaults,
} from './methods.ts';

function entry(id: string): Entry {
  const found = entries.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no entry "${id}" among ${entries.map((known) => known.id).join(', ')}`);
  return found;
}

const recipe = (experts: readonly string[], ...methods: readonly string[]): Recipe =>
  withDefaults({
    family: 'glyph-vit',
    experts,
    chain: methods.map((method) => ({ method, controls: {} })),
    seed: 1,
  });

describe('the list of methods', () => {
  it('has every entry on a shelf that is shown', () => {
    for (const { id, family } of entries) expect(families, id).toContain(family);
  });

  it('has methods and presets under their own names', () => {
    expect(entry('task-arithmetic').steps).toHaveLength(1);
    expect(entry('dare-ties').steps.map((step) => step.id)).toEqual(['dare', 'ties']);
  });

  it('says in words why a method does not fit, and what would help', () => {
    expect(whyNot(entry('slerp'), 4)).toBe('needs exactly two experts; four are in the mix: leave two out');
    expect(whyNot(entry('slerp'), 1)).toBe('needs exactly two experts; one is in the mix: add one');
    expect(whyNot(entry('slerp'), 2)).toBeUndefined();
    expect(whyNot(entry('task-analogy'), 4)).toBe('needs exactly three experts; four are in the mix: leave one out');
  });
});

describe('a chain', () => {
  it('is called by its preset, or by its steps', () => {
    expect(chainName(recipe(['digits', 'kana'], 'dare', 'ties'))).toBe('DARE-TIES');
    expect(chainName(recipe(['digits', 'kana'], 'dare', 'iso-c'))).toBe('DARE + Iso-C');
  });

  it('is called by its method where a preset is only a setting of it', () => {
    expect(chainName(recipe(['digits', 'kana'], 'task-arithmetic'))).toBe('Task Arithmetic');
    expect(entries.map(({ id }) => id)).toContain('task-negation');
  });

  it('has its preset’s defaults, one coefficient per expert', () => {
    const [, ties] = recipe(['digits', 'kana'], 'dare', 'ties').chain;
    expect(ties?.controls).toMatchObject({ density: 1, weight: [1, 1] });
  });

  it('differs from its defaults once a control does', () => {
    const before = recipe(['digits', 'kana'], 'task-arithmetic');
    const [step] = before.chain;
    if (!step) throw new Error('the chain is empty');
    const after = { ...before, chain: [{ ...step, controls: { lambda: [0.3, 0.4] } }] };
    expect(sameControls(before, withDefaults(before))).toBe(true);
    expect(sameControls(after, withDefaults(after))).toBe(false);
    const divided = { ...before, chain: [{ ...step, layerGroups: 2, controls: { lambda: [0.3, 0.3, 0.3, 0.3] } }] };
    expect(sameControls(divided, withDefaults(divided))).toBe(false);
    expect(withDefaults(divided)).toEqual(withDefaults(before));
  });
});

describe('the next method', () => {
  it('skips what does not fit, and comes round', () => {
    const four = ['digits', 'upper', 'greek', 'kana'];
    const seen: string[] = [];
    let id = 'task-arithmetic';
    do {
      seen.push(id);
      const next = neighbour(recipe(four, ...entry(id).steps.map((step) => step.id)), 1);
      if (next === undefined) throw new Error(`nothing follows ${id}`);
      id = next;
    } while (id !== 'task-arithmetic' && seen.length <= entries.length);
    expect(seen.length).toBe(new Set(seen).size);
    expect(seen).toContain('dare-ties');
    expect(seen).not.toContain('slerp');
    expect(seen).not.toContain('dare');
    expect(seen).not.toContain('task-negation');
  });
});
