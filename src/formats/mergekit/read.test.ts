import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ModelOutline } from '../checkpoint/outline.ts';
import type { Settings } from './configuration.ts';
import { jobOfMergekit } from './job.ts';
import { readMergekitConfig } from './read.ts';
import { valueAt } from './setting.ts';
import { settingOver } from './settings-over.ts';

const problemsOf = (text: string) => {
  const read = readMergekitConfig(text);
  return read.kind === 'refused' ? read.problems.map(({ line, message }) => `${line}: ${message}`) : [];
};

describe('a configuration', () => {
  it('is read with references, adapters and aliases, as YAML 1.1', () => {
    const text = `
merge_method: linear
models:
  - model: a+lora
    parameters: &shared { weight: 0.5 }
  - model: { model: { path: b }, lora: { path: c } }
    parameters: { <<: *shared, density: 0.1 }
parameters: { normalize: off }
tokenizer_source: union
`;
    expect(problemsOf(text)).toEqual([]);
    expect(readMergekitConfig(text)).toMatchObject({
      kind: 'config',
      method: 'linear',
      references: [
        { text: 'a+lora', model: 'a', lora: 'lora' },
        { text: 'b+c', model: 'b', lora: 'c' },
      ],
      slices: [{ sources: [{ parameters: { weight: 0.5 } }, { parameters: { weight: 0.5, density: 0.1 } }] }],
      parameters: { normalize: false },
      tokens: { source: 'union', tokens: [], padTo: null, line: 9 },
      remarks: [],
    });
  });

  it('is read with what it says about single tokens', () => {
    const text = `
merge_method: linear
models: [{ model: a }, { model: b+c }]
tokenizer:
  source: b+c
  pad_to_multiple_of: 64
  tokens:
    <s>: { source: { kind: zero } }
    <pad>: { source: b+c, force: true }
    x: { source: { kind: model_token, model: a, token_id: 7 } }
    y: { source: { kind: model_token, model: { model: { path: a } }, token: z } }
`;
    const a = { text: 'a', model: 'a' };
    const adapted = { text: 'b+c', model: 'b', lora: 'c' };
    expect(readMergekitConfig(text)).toMatchObject({
      tokens: {
        source: adapted,
        padTo: 64,
        tokens: [
          { token: '<s>', source: { kind: 'zero' }, force: false, line: 8 },
          { token: '<pad>', source: { kind: 'model', model: adapted }, force: true },
          { token: 'x', source: { kind: 'row', model: a, token: 7 } },
          { token: 'y', source: { kind: 'row', model: a, token: 'z' } },
        ],
      },
    });
  });

  it.each([
    ['tokenizer: union', /4: tokenizer: got no “source: …”/],
    ['tokenizer: {source: union}\ntokenizer_source: base', /4: got both tokenizer_source and tokenizer/],
    ['tokenizer: {pad_to_multiple_of: 0}', /4: tokenizer.pad_to_multiple_of: wanted a whole number/],
    ['tokenizer: {tokens: [a]}', /4: tokenizer.tokens: wanted at most 10000 tokens/],
    ['tokenizer: {tokens: {a: b}}', /4: tokenizer.tokens: .a.: got no “source: …”/],
    ['tokenizer: {tokens: {a: {force: 1}}}', /4: tokenizer.tokens: .a.: force: wanted true or false/],
    [
      'tokenizer: {tokens: {a: {source: {kind: model_token, model: m}}}}',
      /4: tokenizer.tokens: .a.: source: wanted a model/,
    ],
    ['tokenizer: {tokens: {a: {source: {kind: other}}}}', /4: .*source: wanted a model, “kind: zero”/],
  ])('refuses %j with its line', (more, message) => {
    expect(problemsOf(`merge_method: linear\nmodels: [{model: m}]\n\n${more}`)[0]).toMatch(message);
  });

  it.each([
    ['', /1: .*merge_method|1: the text is empty|1: got no mergekit configuration/],
    ['models:\n  - model: a', /1: merge_method is missing/],
    ['merge_method: linear', /1: models is missing or empty/],
    ['merge_method: linear\nmodels:\n  - model: 1', /3: model: got “1”, wanted the path/],
    [
      'merge_method: linear\nmodels:\n  - model: a\n    parameters: {weight: .inf}',
      /4: parameters.weight: got “Infinity”/,
    ],
    [
      'merge_method: linear\nmodels:\n  - model: a\nslices:\n  - sources: [{model: a, layer_range: [0, 1]}]',
      /got both/,
    ],
    ['merge_method: passthrough\nslices:\n  - sources: [{model: a, layer_range: [3, 1]}]', /3: layer_range: wanted/],
    ['merge_method: linear\n---\nmerge_method: linear', /2: a second document|3: a second document/],
    ['- merge_method: linear\n- merge_method: ties', /1: got a list of configurations/],
    ['a: &a [*a, *a]', /nested more than 50 deep|no YAML/],
    ['merge_method: linear\nmodels: [', /no YAML/],
  ])('is refused in words: %s', (text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('never throws, whatever it is', () => {
    const part = fc.constantFrom(
      'merge_method: ',
      'linear',
      'models:',
      '\n  - ',
      'model: ',
      'a',
      '[',
      '{',
      ': ',
      '&x ',
      '*x',
      '\n',
      '<<: ',
      '0.5',
      '---\n',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        expect(['config', 'refused']).toContain(readMergekitConfig(parts.join('')).kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what a parameter says to a tensor', () => {
  const at = (settings: readonly Settings[], name: string, t = 0) => valueAt('x', 'number', settings, { name, t });

  it('is what the most particular level says, if it says anything about this tensor', () => {
    const settings = [{ x: [{ filter: 'mlp', value: 1 }] }, {}, { x: [2, 4] }];
    expect(at(settings, 'layers.0.mlp.up')).toBe(1);
    expect(at(settings, 'layers.0.attn', 0.25)).toBe(2.5);
    expect(at([{ x: [] }], 'any')).toBeUndefined();
  });

  it('takes texts for numbers and steps between switches, as mergekit does', () => {
    expect(at([{ x: '1e-3' }], 'any')).toBe(0.001);
    expect(valueAt('x', 'boolean', [{ x: [true, false] }], { name: 'any', t: 0.9 })).toBe(true);
    expect(() => at([{ x: 'much' }], 'any')).toThrow('parameters.x: got “much”, wanted a number');
  });

  it('survives being written for every tensor, and read again', () => {
    const names = [
      'embed',
      'norm',
      ...[0, 1, 2].flatMap((i) => [`h.${i}.attn.w`, `h.${i}.mlp.w`, `h.${i}.mlp.norm.w`]),
    ];
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: names.length, maxLength: names.length }),
        (values) => {
          const wanted = new Map(names.map((name, i) => [name, values[i] ?? 0]));
          const setting = settingOver(wanted);
          if (setting === undefined) return;
          for (const [name, value] of wanted) {
            const layer = /\.(\d)\./.exec(name)?.[1];
            expect(at([{ x: setting }], name, layer === undefined ? 0 : Number(layer) / 2)).toBeCloseTo(value, 9);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a configuration over models that do not suit it', () => {
  const outline = (id: string, rows = 4, layers = 2): ModelOutline => ({
    id,
    name: id,
    kind: 'weights',
    tensors: [
      { name: 'model.embed_tokens.weight', shape: [rows, 2], dtype: 'F32' },
      ...Array.from(
        { length: layers },
        (_, i) => ({ name: `model.layers.${i}.mlp.up_proj.weight`, shape: [2, 2], dtype: 'F32' }) as const,
      ),
    ],
    metadata: {},
    config: null,
    bytes: 0,
  });
  const models = new Map([
    ['a', outline('a')],
    ['b', outline('b')],
    ['wide', outline('wide', 5)],
    ['deep', outline('deep', 4, 3)],
  ]);
  const list = (...names: string[]) =>
    `models:\n${names.map((name) => `  - model: ${name}\n    parameters: {weight: 1}\n`).join('')}`;
  const made = (text: string) => {
    const read = readMergekitConfig(text);
    return read.kind === 'refused' ? read : jobOfMergekit(read, models, { catalogue, mergekit });
  };

  it.each([
    [
      `merge_method: nonesuch\n${list('a')}`,
      /got “nonesuch”, which has no counterpart here; known: arcee_fusion, breadcrumbs,/,
    ],
    [`merge_method: linear\n${list('a', 'lost')}`, /no model “lost” is open/],
    [
      `merge_method: linear\n${list('a', 'wide')}`,
      /embed_tokens.weight: got \[4, 2\] in “a” and \[5, 2\] in “wide”, wanted one shape/,
    ],
    [`merge_method: linear\n${list('a', 'a')}`, /“a” is listed twice/],
    [`merge_method: ties\n${list('a', 'b')}`, /base_model is missing/],
    [`merge_method: slerp\nbase_model: a\n${list('a', 'b', 'deep')}parameters: {t: 0.5}`, /got 3 models, wanted 2/],
    [`merge_method: slerp\nbase_model: a\n${list('a', 'b')}`, /t is missing, and mergekit has no default of it/],
    [`merge_method: linear\ndtype: int8\n${list('a', 'b')}`, /dtype: got “int8”, wanted float32/],
    [
      'merge_method: passthrough\nslices:\n  - sources: [{model: a, layer_range: [0, 9]}]',
      /“a” has 2 layers, and layer_range goes to 9/,
    ],
  ])('is refused in words: %s', (text, message) => {
    const job = made(text);
    expect(job.kind === 'refused' ? job.problems.map((each) => each.message).join('\n') : job.kind).toMatch(message);
  });

  it('names tensors that not every model has, and parameters without effect', () => {
    const job = made(`merge_method: linear\n${list('a', 'deep')}parameters: {int8_mask: true}`);
    expect(job.kind === 'job' && job.job.remarks).toEqual([
      'parameters.int8_mask has no effect on linear, and none here.',
      'Not in every model, so made of those that have them: model.layers.2.mlp.up_proj.weight.',
    ]);
  });
});
