import catalogue from 'virtual:catalogue';
import mergekit from 'virtual:mergekit';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Shape } from '../curves.ts';
import { parseLink } from '../link.ts';
import { testCard } from '../recipe.testing.ts';
import { withShape } from '../recipe-curves.ts';
import { mergekitConfig } from './config.ts';

describe('curves and filters as a mergekit configuration', () => {
  const flat = { attention: 1, mlp: 1, norm: 1, embedding: 1 };
  const shaped = (link: string, shape: Shape) => {
    const opened = parseLink(link, catalogue, testCard);
    if (opened.kind === 'refused') throw new Error(opened.reason);
    const config = mergekitConfig(withShape(opened.recipe, catalogue, shape), { catalogue, mergekit });
    if (config.kind === 'refused') throw new Error(config.reason);
    return { ...parse(config.text), remarks: config.inexact };
  };

  it('lists one number per point, which mergekit interpolates over depth as we do', () => {
    const curves = { lambda: [{ points: [0, 0.5, 1], groups: flat }] };
    const { models, remarks } = shaped('#v=1&e=digits,kana&l=.4,.6', { curves });
    expect(models.map(({ parameters }: { parameters: unknown }) => parameters)).toEqual([
      { weight: [0, 0.2, 0.4] },
      { weight: 0.6 },
    ]);
    expect(remarks).toEqual([expect.stringMatching(/first number of a list to all that is no layer/)]);
  });

  it('writes factors of groups and left-out tensors as filters, the first of which counts', () => {
    const curves = { lambda: [{ points: [1, 2], groups: { ...flat, mlp: 0.5 } }] };
    const filter = { without: ['bias', 'linear'], names: '!*head*' } as const;
    const { parameters, remarks } = shaped('#v=1&e=digits,kana&m=ties', { curves, filter });
    expect(parameters.lambda).toEqual([
      { filter: '.bias', value: 0 },
      { filter: 'head', value: 0 },
      { filter: 'norm', value: [1, 2] },
      { filter: 'attn', value: [1, 2] },
      { filter: 'mlp', value: [0.5, 1] },
      { filter: 'embed', value: [1, 2] },
      { value: [1, 2] },
    ]);
    expect(remarks.join()).toMatch(/parts of their names.*only written in part/);
  });

  it('keeps the sum of both weights of a SLERP at 1, and tells that it cannot filter', () => {
    const curves = { t: [{ points: [0, 1, 2], groups: flat }] };
    const filter = { without: ['norm'], names: '' } as const;
    const { models, remarks } = shaped('#v=1&e=digits,kana&m=slerp&p.t=.5&p.space=task-vectors', { curves, filter });
    expect(models.map(({ parameters }: { parameters: unknown }) => parameters)).toEqual([
      { weight: [1, 0.5, 0] },
      { weight: [0, 0.5, 1] },
    ]);
    expect(remarks.join()).toMatch(/filter is left out/);
    expect(shaped('#v=1&e=digits,kana&m=slerp', { curves }).parameters.t).toEqual([0, 0.5, 1]);
  });
});
