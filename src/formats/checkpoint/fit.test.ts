import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { fitModels } from './fit.ts';
import type { Choice, Choices, Mismatch } from './fit-table.ts';
import type { ModelOutline } from './outline.ts';
import { bert, llama, outlineOf, type Shapes } from './outlines.testing.ts';
import { PUBLISHED } from './published.testing.ts';

const without = (shapes: Shapes, ...names: readonly string[]): Shapes =>
  Object.fromEntries(Object.entries(shapes).filter(([name]) => !names.includes(name)));
const renamed = (shapes: Shapes, rename: (name: string) => string): Shapes =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [rename(name), shape]));

function laid(base: Shapes | null, experts: readonly Shapes[], choices: Choices = {}) {
  const own = base === null ? [] : [outlineOf('base', base)];
  const outlines = [...own, ...experts.map((shapes, i) => outlineOf(`e${i}`, shapes))];
  return fitModels(outlines, {
    base: base === null ? null : 'base',
    experts: experts.map((_shapes, i) => `e${i}`),
    choices,
  });
}

describe('any known network', () => {
  it.each(Object.entries(PUBLISHED))('%s fits itself', (_id, shapes) => {
    const found = laid(shapes, [shapes, shapes]);
    expect(found.decisions).toEqual([]);
    expect(found.refusals).toEqual([]);
    expect(found.rows.map(({ name }) => name)).toEqual(Object.keys(shapes));
    expect(found.rows.every(({ fate, buffer }) => fate.kind === (buffer ? 'copy' : 'merge'))).toBe(true);
    expect(found.parameters).toBe(found.models[0]?.parameters);
    expect(found.summary).toMatch(/^All \d+ tensors fit: 2 experts and the base/);
  });
});

describe('what differs is said, with choices that settle it', () => {
  const head = 'lm_head.weight';
  const cases: readonly (readonly [Mismatch, string, Shapes, Shapes, RegExp])[] = [
    [
      'vocabulary',
      'more rows',
      llama(3, 32),
      llama(3, 34),
      /vocabularies differ: .*: 34 rows in e0, 32 in base \(2 tensors\)/,
    ],
    ['shape', 'another width', llama(), { ...llama(), 'model.norm.weight': [9] }, /\[9\] in e0, \[8\] in base/],
    [
      'shape',
      'a transposed matrix',
      llama(),
      { ...llama(), 'model.layers.0.mlp.up_proj.weight': [8, 24] },
      /\[8, 24\] in e0, \[24, 8\] in base; perhaps stored transposed/,
    ],
    ['lacking', 'a missing tensor', llama(), without(llama(), 'model.norm.weight'), /missing: e0 has no such tensor/],
    ['extra', 'one tensor more', llama(), { ...llama(), 'model.extra.weight': [3] }, /base has no such tensor/],
    ['tied', 'an output layer of its own', without(llama(), head), llama(), /tied embeddings/],
    [
      'head',
      'another classifier',
      PUBLISHED.vit ?? {},
      { ...PUBLISHED.vit, 'classifier.weight': [5, 8], 'classifier.bias': [5] },
      /the head of another task: \[5, 8\] in e0, \[10, 8\] in base/,
    ],
    [
      'head',
      'a classifier that the base lacks',
      bert(),
      { ...bert(), 'classifier.weight': [5, 8] },
      /base has no such tensor/,
    ],
  ];

  it.each(cases)('%s: %s', (mismatch, _what, base, expert, says) => {
    const open = laid(base, [base, expert].slice(1));
    expect(open.decisions.map((decision) => decision.mismatch)).toEqual([mismatch]);
    const [decision] = open.decisions;
    expect(decision?.says).toMatch(says);
    expect(decision?.chosen).toBeNull();
    expect(open.rows.filter(({ fate }) => fate.kind === 'open')).toHaveLength(decision?.tensors.length ?? -1);
    for (const { value } of decision?.options ?? []) {
      const settled = laid(base, [expert], { [mismatch]: value });
      expect(settled.rows.filter(({ fate }) => fate.kind === 'open')).toEqual([]);
      expect(settled.decisions[0]?.chosen).toBe(value);
    }
    expect(decision?.options.length).toBeGreaterThan(1);
  });

  it('vocabularies take the base’s rows, all rows, or one model’s', () => {
    const shapeOf = (choice: Choice) =>
      laid(llama(3, 32), [llama(3, 34), llama(3, 32)], { vocabulary: choice }).rows[0];
    expect(shapeOf('base')?.shape).toEqual([32, 8]);
    expect(shapeOf('union')?.shape).toEqual([34, 8]);
    expect(shapeOf('keep:e0')).toMatchObject({ shape: [34, 8], fate: { kind: 'copy', model: 'e0' } });
  });

  it('other tokens and other widths are chosen about one by one, each with its reason', () => {
    const up = 'model.layers.0.mlp.up_proj.weight';
    const wide = { ...llama(), [up]: [26, 8], 'lm_head.weight': [34, 9] };
    const open = laid(llama(), [llama(3, 34), wide]);
    expect(open.decisions.map(({ mismatch, tensors }) => [mismatch, tensors])).toEqual([
      ['vocabulary', ['model.embed_tokens.weight', 'lm_head.weight']],
      ['shape', [up, 'lm_head.weight']],
    ]);
    expect(open.decisions[0]?.says).toContain('34 rows in e0, 32 in base');
    expect(open.decisions[1]?.says).toContain('[26, 8] in e1, [24, 8] in base');
    expect(open.rows.at(-1)?.cells[2]?.reason).toMatch(/^shape: \[34, 9\] in e1.*; vocabulary: 34 rows in e1/);
    // One choice does not make the other.
    expect(laid(llama(), [llama(3, 34), wide], { vocabulary: 'union' }).rows.at(-1)?.fate.kind).toBe('open');
    // What the first choice keeps is nothing to decide about any more.
    const kept = laid(llama(), [llama(3, 34), wide], { shape: 'keep:base' });
    expect(kept.decisions[0]?.tensors).toEqual(['model.embed_tokens.weight']);
    const settled = laid(llama(), [llama(3, 34), wide], { shape: 'without', vocabulary: 'union' });
    expect(settled.rows.at(-1)).toMatchObject({ shape: [34, 8], fate: { kind: 'merge', without: ['e1'] } });
    expect(settled.rows[0]).toMatchObject({ shape: [34, 8], fate: { kind: 'merge' } });
    expect(settled.summary).toMatch(/vocabulary \(decided\).*shape \(decided\)/);
  });

  it('experts that lack a tensor take no part in it, and the base’s stays where nobody has it', () => {
    const norm = 'model.norm.weight';
    const fateWith = (...experts: readonly Shapes[]) =>
      laid(llama(), experts, { lacking: 'without' }).rows.find(({ name }) => name === norm)?.fate;
    expect(fateWith(llama(), without(llama(), norm))).toEqual({ kind: 'merge', without: ['e1'] });
    const both = laid(llama(), [without(llama(), norm), without(llama(), norm)]);
    expect(both.decisions[0]?.options.map(({ value }) => value)).not.toContain('without');
    const alone = laid(null, [llama(), without(llama(), norm)]);
    expect(alone.decisions[0]?.options.map(({ value }) => value)).not.toContain('without');
  });

  it('no choice takes back another one', () => {
    const up = 'model.layers.0.mlp.up_proj.weight';
    const norm = 'model.norm.weight';
    const experts = [without({ ...llama(), [up]: [26, 8] }, norm), without(llama(), up)];
    expect(laid(llama(), experts, { lacking: 'keep:e0' }).decisions.map(({ chosen }) => chosen)).toContain('keep:e0');
    const settled = laid(llama(), experts, { shape: 'skip', lacking: 'keep:e0' });
    expect(settled.rows.find(({ name }) => name === up)?.fate.kind).toBe('left out');
    expect(settled.rows.find(({ name }) => name === norm)?.fate).toMatchObject({ kind: 'copy', model: 'base' });
  });

  it('a choice that is not offered leaves the decision open', () => {
    expect(laid(llama(), [llama(3, 34)], { vocabulary: 'keep:nobody' }).decisions[0]?.chosen).toBeNull();
  });

  it('without a base rows that are lacking can be taken from nowhere', () => {
    const outlines = [outlineOf('a', llama(3, 34)), outlineOf('b', llama(3, 32))];
    const { decisions } = fitModels(outlines, { base: null, experts: ['a', 'b'], choices: {} });
    expect(decisions[0]?.options.map(({ value }) => value)).toEqual(['keep:a', 'keep:b']);
  });

  it('a head is kept whole from one model and the others’ are listed as left out', () => {
    const expert = { ...bert(), 'classifier.weight': [5, 8], 'qa_outputs.weight': [2, 8] };
    const other = { ...bert(), 'classifier.weight': [7, 8] };
    const { rows, remarks } = laid(bert(), [expert, other], { head: 'keep:e1' });
    const fates = rows
      .filter(({ mismatches }) => mismatches.includes('head'))
      .map(({ name, fate }) => [name, fate.kind]);
    expect(fates).toEqual([
      ['classifier.weight', 'copy'],
      ['qa_outputs.weight', 'left out'],
    ]);
    expect(remarks.join(' ')).toContain('1 tensor is left out: qa_outputs.weight');
  });
});

describe('what needs no decision is matched and said', () => {
  it.each(['model.', 'module.', 'base_model.model.'])('names with “%s” in front', (prefix) => {
    const longer = renamed(llama(), (name) => `${prefix}${name}`);
    for (const [base, expert] of [
      [llama(), longer],
      [longer, llama()],
    ] as const) {
      const found = laid(base, [expert]);
      expect(found.decisions).toEqual([]);
      expect(found.remarks.join(' ')).toContain(`“${prefix}” in front: they are matched`);
      expect(found.rows.every(({ cells }) => cells[1]?.tensor !== null)).toBe(true);
    }
  });

  it('an encoder beside one with a head', () => {
    const found = laid(bert(''), [{ ...bert(), 'classifier.weight': [2, 8] }]);
    expect(found.decisions.map(({ mismatch, tensors }) => [mismatch, tensors])).toEqual([
      ['head', ['classifier.weight']],
    ]);
  });

  it('a tied expert counts with its embedding', () => {
    const found = laid(llama(), [without(llama(), 'lm_head.weight')]);
    expect(found.decisions).toEqual([]);
    expect(found.rows.at(-1)?.cells[1]).toMatchObject({ tensor: 'model.embed_tokens.weight', fits: true });
    expect(found.remarks.join(' ')).toContain('lm_head.weight: models with tied embeddings count with their embedding');
  });

  it('other number types, buffers and running statistics', () => {
    const base = outlineOf('base', PUBLISHED.resnet ?? {});
    const half = {
      ...base,
      id: 'half',
      tensors: base.tensors.map((t) => (t.dtype === 'F32' ? { ...t, dtype: 'F16' as const } : t)),
    };
    const found = fitModels([base, half], { base: 'base', experts: ['half'], choices: {} });
    expect(found.decisions).toEqual([]);
    expect(found.remarks.join(' ')).toMatch(/as F16 where base has F32.*num_batches_tracked.*running statistics/);
  });
});

test('models that cannot be merged whatever is chosen are refused in words', () => {
  const adapter: ModelOutline = outlineOf('lora', { 'q.lora_A.weight': [4, 8] }, { kind: 'adapter' });
  const packed = outlineOf('packed', { ...llama(), 'model.layers.0.mlp.up_proj.qweight': [4, 4] });
  const all = [adapter, packed, outlineOf('base', llama()), outlineOf('other', PUBLISHED.gpt2 ?? {})];
  const refusals = (base: string | null, ...experts: string[]) =>
    fitModels(all, { base, experts, choices: {} }).refusals.join(' ');
  expect(refusals(null, 'lora')).toContain('choose the base that it was trained on');
  expect(refusals('lora', 'base')).toContain('cannot be the base');
  expect(refusals('base', 'packed')).toContain('quantised weights (model.layers.0.mlp.up_proj.qweight)');
  expect(refusals('base', 'other')).toContain('other shares no tensor with base');
  const wider = (shapes: Shapes) =>
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, shape.map((side) => side + 1)]));
  expect(laid(llama(), [llama(), wider(llama())]).refusals).toEqual([
    expect.stringContaining('e1 does not fit base in a single tensor (model.embed_tokens.weight: shape: [33, 9] in e1'),
  ]);
  expect(refusals('base')).toContain('No expert is chosen');
  expect(refusals('base', 'base')).toContain('chosen twice');
  expect(fitModels(all, { base: null, experts: [], choices: {} }).refusals).not.toEqual([]);
});

const mutation = fc.constantFrom<(shapes: Shapes, name: string) => Shapes>(
  (shapes, name) => without(shapes, name),
  (shapes, name) => ({ ...shapes, [name]: [3, ...(shapes[name] ?? [])] }),
  (shapes, name) => ({ ...shapes, [`${name}.more`]: [2] }),
  (shapes, name) => ({ ...without(shapes, name), [`module.${name}`]: shapes[name] ?? [] }),
  (shapes, name) => ({ ...shapes, [name]: (shapes[name] ?? []).map((side, axis) => (axis === 0 ? side + 1 : side)) }),
);
const model = fc
  .tuple(
    fc.constantFrom(llama(), bert(), PUBLISHED.gpt2 ?? {}),
    fc.array(fc.tuple(mutation, fc.nat()), { maxLength: 4 }),
  )
  .map(([shapes, changes]) =>
    changes.reduce((own, [change, at]) => {
      const names = Object.keys(own);
      return change(own, names[at % names.length] ?? 'x');
    }, shapes),
  );

test('no tensor vanishes, every difference can be settled, and the order of tensors does not matter', () => {
  fc.assert(
    fc.property(model, fc.array(model, { minLength: 1, maxLength: 3 }), fc.nat(), (base, experts, pick) => {
      const open = laid(base, experts);
      const used = open.models.map((_model, i) => new Set(open.rows.map(({ cells }) => cells[i]?.tensor)));
      const vanished = [base, ...experts].flatMap((shapes, i) =>
        Object.keys(shapes).filter((name) => !used[i]?.has(name)),
      );
      expect(vanished).toEqual([]);
      const silent = open.rows.filter(
        ({ cells, mismatches }) =>
          cells.some((cell) => !cell.fits && cell.reason === '') ||
          (mismatches.length === 0 && cells.some((cell) => !cell.fits)),
      );
      expect(silent).toEqual([]);
      const choices = Object.fromEntries(
        open.decisions.map(({ mismatch, options }) => [mismatch, options[pick % options.length]?.value]),
      );
      const settled = laid(base, experts, choices);
      expect(settled.rows.filter(({ fate }) => fate.kind === 'open')).toEqual([]);
      const turned = laid(
        Object.fromEntries(Object.entries(base).reverse()),
        experts.map((shapes) => Object.fromEntries(Object.entries(shapes).reverse())),
        choices,
      );
      const byName = (rows: typeof settled.rows) => [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(byName(turned.rows)).toEqual(byName(settled.rows));
    }),
    { numRuns: 150 },
  );
});
