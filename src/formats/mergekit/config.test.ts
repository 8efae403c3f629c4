import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseLink } from '../link.ts';
import { testCard } from '../recipe.testing.ts';
import { type MergekitNames, mergekitConfig } from './config.ts';
import { roundedForYaml } from './values.ts';

function configOf(link: string, names: MergekitNames = {}) {
  const opened = parseLink(link, catalogue, testCard);
  if (opened.kind === 'refused') throw new Error(opened.reason);
  expect(opened.notes).toEqual([]);
  return mergekitConfig(opened.recipe, { catalogue, mergekit }, names);
}

it('is refused where groups of layers have coefficients of their own', () => {
  const result = configOf('#v=1&e=digits,kana&l=.3/.5,.3/.5');
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining('2 coefficients per expert') });
});

describe('a recipe as a mergekit configuration', () => {
  it.each([
    {
      link: '#v=1&e=digits,kana&m=task-arithmetic&l=.3,-.5',
      text: `merge_method: task_arithmetic
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      weight: 0.3
  - model: ./experts/kana
    parameters:
      weight: -0.5
parameters:
  normalize: false
  lambda: 1
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=weight-average&l=1,.5',
      text: `merge_method: linear
models:
  - model: ./experts/digits
    parameters:
      weight: 1
  - model: ./experts/kana
    parameters:
      weight: 0.5
parameters:
  normalize: true
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=slerp&p.t=.25',
      text: `merge_method: slerp
base_model: ./experts/digits
models:
  - model: ./experts/digits
  - model: ./experts/kana
parameters:
  t: 0.25
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=slerp&p.t=.3&p.space=task-vectors',
      text: `merge_method: nuslerp
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      weight: 0.7
  - model: ./experts/kana
    parameters:
      weight: 0.3
dtype: bfloat16
`,
      inexact: [
        'Changes whose directions are nearly the same are joined on a straight line above a cosine of 0.9995; mergekit’s nuslerp does so only where they are parallel.',
      ],
    },
    {
      link: '#v=1&e=digits,kana&m=ties&p.density=.4&p.trim=tensor&p.weighting=before-election&l=1,.5&p.lambda=1.2',
      text: `merge_method: ties
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      density: 0.4
      weight: 1
  - model: ./experts/kana
    parameters:
      density: 0.4
      weight: 0.5
parameters:
  normalize: true
  lambda: 1.2
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=dare-linear&p.p=.9&p.rescale=l1&l=.3,.4',
      text: `merge_method: dare_linear
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      density: 0.1
      weight: 0.3
  - model: ./experts/kana
    parameters:
      density: 0.1
      weight: 0.4
parameters:
  normalize: false
  lambda: 1
  rescale: true
dtype: bfloat16
`,
      inexact: ['The dropped weights differ: mergekit draws its own random numbers, here the seed decides.'],
    },
    {
      link: '#v=1&e=digits,kana&m=dare-ties&p.p=.5&p.merge=sum',
      text: `merge_method: dare_ties
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      density: 0.5
      weight: 1
  - model: ./experts/kana
    parameters:
      density: 0.5
      weight: 1
parameters:
  normalize: false
  lambda: 1
  rescale: true
dtype: bfloat16
`,
      inexact: [
        'Where changes cancel exactly, mergekit elects +, here the sign that most weights elected.',
        'The dropped weights differ: mergekit draws its own random numbers, here the seed decides.',
        'mergekit enlarges what is kept to the old size of each tensor, here it is divided by 1 − p.',
      ],
    },
    {
      link: '#v=1&e=digits,kana&m=nuslerp&l=.7,.3&p.vectors=out',
      text: `merge_method: nuslerp
base_model: ./base
models:
  - model: ./experts/digits
    parameters:
      weight: 0.7
  - model: ./experts/kana
    parameters:
      weight: 0.3
parameters:
  nuslerp_row_wise: true
  nuslerp_flatten: false
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=multislerp&p.space=weights&l=1,.5&p.normalize=no',
      text: `merge_method: multislerp
models:
  - model: ./experts/digits
    parameters:
      weight: 1
  - model: ./experts/kana
    parameters:
      weight: 0.5
parameters:
  normalize_weights: false
dtype: bfloat16
`,
      inexact: [],
    },
    {
      link: '#v=1&e=digits,kana&m=arcee-fusion&p.c=2',
      text: `merge_method: arcee_fusion
base_model: ./experts/digits
models:
  - model: ./experts/digits
  - model: ./experts/kana
dtype: bfloat16
`,
      inexact: ['The threshold 2 is left out: mergekit fixes it at 1.5.'],
    },
    {
      link: '#v=1&e=digits,kana&m=long-to-short&p.alpha=.6',
      text: `merge_method: linear
models:
  - model: ./experts/digits
    parameters:
      weight: 0.4
  - model: ./experts/kana
    parameters:
      weight: 0.6
parameters:
  normalize: false
dtype: bfloat16
`,
      inexact: [],
    },
  ])('$link', ({ link, text, inexact }) => {
    expect(configOf(link)).toEqual({ kind: 'config', text, inexact });
  });

  it.each([
    ['#v=1&m=ties', 'mergekit trims each tensor by itself, here one threshold holds for the whole network.'],
    ['#v=1&m=ties&p.merge=max', 'Joining by the largest change is not in mergekit; the mean is written instead.'],
    [
      '#v=1&m=dare+ties&p.density=.3',
      'The trimming to 0.3 is left out: mergekit makes changes sparse once, in the step before.',
    ],
  ])('says what it cannot say: %s', (link, sentence) => {
    const config = configOf(link);
    expect(config.kind === 'config' && config.inexact).toContain(sentence);
  });

  it.each([
    ['#v=1&m=iso-c', expect.stringMatching(/^mergekit has no counterpart of Iso-C: choose one of .*TIES/)],
    [
      '#v=1&m=dare+weight-average',
      'mergekit cannot have DARE before Weight averaging: leave that step out, or choose another merge.',
    ],
    [
      '#v=1&m=karcher-mean',
      'mergekit has Karcher mean, but not as it is set here: set “what is averaged” to “whole weights”.',
    ],
  ])('refuses in words what it cannot write: %s', (link, reason) => {
    expect(configOf(link)).toEqual({ kind: 'refused', reason });
  });

  it('names models as they are given, quoted where YAML 1.1 would read something else', () => {
    const names = { models: { digits: 'on', kana: 'org/kana: v2 #1' }, base: '1e3', dtype: 'float16' };
    const config = configOf('#v=1&e=digits,kana&m=task-arithmetic', names);
    const text = config.kind === 'config' ? config.text : '';
    expect(parse(text, { version: '1.1' })).toMatchObject({
      base_model: '1e3',
      models: [{ model: 'on' }, { model: 'org/kana: v2 #1' }],
      dtype: 'float16',
    });
    expect(text).toContain('model: "on"');
  });

  it('writes no number that PyYAML takes for a text', () => {
    expect([1e-7, -1e-7, 0.1 + 0.2, 2 / 3, 1e-6].map((value) => String(roundedForYaml(value)))).toEqual([
      '0',
      '0',
      '0.3',
      '0.666667',
      '0.000001',
    ]);
  });
});
