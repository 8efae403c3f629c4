import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readMergekit } from './template.ts';

const TEXT = `# our best merge so far
models:
  - model: org/base-7b   # the base needs no weight
  - model: org/math-7b
    parameters: { density: 0.50, weight: 0.30 } # from the sweep
  - model: "org/code 7b"
    parameters:
      density: [0.1, 0.9]

      weight:   .7   # per model
merge_method: ties
base_model: org/base-7b
parameters:
  normalize: true
  int8_mask: yes
dtype:  bfloat16
tokenizer_source: union
`;

function templateOf(text: string) {
  const template = readMergekit(text);
  if (template.kind === 'refused') throw new Error(template.problems.map(({ message }) => message).join());
  return template;
}

describe('a mergekit configuration as a template', () => {
  it('finds the weight of each model', () => {
    expect(templateOf(TEXT)).toMatchObject({
      method: 'ties',
      divides: false,
      coefficients: [
        { name: 'math-7b', value: 0.3, perModel: true },
        { name: 'code 7b', value: 0.7, perModel: true },
      ],
    });
  });

  it('changes the weights and no other character', () => {
    expect(templateOf(TEXT).write([-0.25, 1])).toBe(
      TEXT.replace('weight: 0.30 }', 'weight: -0.25 }').replace('weight:   .7', 'weight:   1'),
    );
  });

  it('reads back what it writes, whatever the numbers', () => {
    const { write } = templateOf(TEXT);
    const weight = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const values = templateOf(write([a, b])).coefficients.map(({ value }) => value);
        expect(Math.abs((values[0] ?? NaN) - a)).toBeLessThanOrEqual(5e-7 + 1e-15);
        expect(Math.abs((values[1] ?? NaN) - b)).toBeLessThanOrEqual(5e-7 + 1e-15);
        expect({ ...parse(write([a, b])), models: 0 }).toEqual({ ...parse(TEXT), models: 0 });
      }),
    );
  });

  it('varies t where the models have no weights', () => {
    const text = 'merge_method: slerp\nbase_model: a\nmodels:\n  - model: a\n  - model: b\nparameters:\n  t: 0.5\n';
    const template = templateOf(text);
    expect(template.coefficients).toEqual([{ name: 't', value: 0.5, perModel: false }]);
    expect(template.write([0.25])).toBe(text.replace('0.5', '0.25'));
  });

  it('knows where weights are divided by their sum', () => {
    const text = 'merge_method: linear\nmodels:\n  - {model: a, parameters: {weight: 1}}\n';
    expect(templateOf(text).divides).toBe(true);
    expect(templateOf(`${text}parameters: {normalize: false}\n`).divides).toBe(false);
  });

  it('tells models of one name apart', () => {
    const one = (model: string) => `  - {model: ${model}, parameters: {weight: 1}}\n`;
    const text = `merge_method: linear\nmodels:\n${['x/a', 'y/a', 'z/b/', 'z/c', 'z/c'].map(one).join('')}`;
    expect(templateOf(text).coefficients.map(({ name }) => name)).toEqual(['x/a', 'y/a', 'b', 'z/c (4)', 'z/c (5)']);
  });

  it.each([
    ['models: [\n', 2, 'no YAML: '],
    ['7', 1, 'got no mergekit configuration, wanted merge_method and models'],
    [
      '\nmodels:\n- {model: a, parameters: {weight: 1}}\n',
      2,
      'merge_method is missing: say how to merge, for example task_arithmetic',
    ],
    ['merge_method: ties\n', 1, 'models is missing or empty: list at least one model with its weight'],
    [
      'merge_method: ties\nslices:\n  - sources: []\n',
      3,
      'slices give each layer its own weights: write one list “models” instead',
    ],
    [
      'merge_method: ties\nmodels:\n- model: a\n',
      3,
      'the weight of “a” is missing: give it “parameters: { weight: 0.5 }”, so that it can be varied',
    ],
    ['merge_method: ties\nmodels:\n- name: a\n', 3, 'models[0]: got no “model: <path or hub id>”: write one'],
    [
      'merge_method: ties\nmodels:\n- model: a\n  parameters:\n    weight: 0,3\n',
      5,
      'the weight of “a”: got “0,3”, wanted a number such as 0.5',
    ],
    [
      'merge_method: ties\nmodels:\n- model: a\n  parameters:\n    weight: [0, 1]\n',
      5,
      'the weight of “a” is a list, one number per layer or filter: write one number',
    ],
    [
      'w: &w 1\nmerge_method: ties\nmodels:\n- {model: a, parameters: {weight: *w}}\n',
      4,
      'the weight of “a” is the reference *w: write the number itself',
    ],
    [
      'merge_method: ties\nmodels:\n- {model: a, parameters: {weight: &w 1, density: *w}}\n',
      3,
      'the weight of “a” is the anchor &w, and what refers to it would change too: write the numbers out',
    ],
    [
      'p: &p {weight: 1}\nmerge_method: ties\nmodels:\n- {model: a, parameters: *p}\n',
      4,
      'the weight of “a” stands behind the reference *p, which others share: write it out here',
    ],
    [
      'base_model: a\nmerge_method: passthrough\nmodels:\n- model: a\n',
      1,
      'passthrough: no model has a weight, so there is nothing to vary',
    ],
  ])('refuses by line what cannot be varied: %j', (text, line, message) => {
    const result = readMergekit(text);
    expect(result).toMatchObject({ kind: 'refused', problems: [{ line }] });
    expect(result.kind === 'refused' && result.problems[0]?.message).toContain(message);
  });

  it('never throws, whatever is damaged', () => {
    const piece = fc.constantFrom('', ':', '- ', '{', '&a ', '*a', '\n', '\t', '"', '0x', '!!str ', '\0', '<<: *a');
    fc.assert(
      fc.property(fc.nat(TEXT.length), fc.nat(20), piece, (at, removed, inserted) => {
        const result = readMergekit(TEXT.slice(0, at) + inserted + TEXT.slice(at + removed));
        expect(result.kind === 'template' ? result.coefficients.length : result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
