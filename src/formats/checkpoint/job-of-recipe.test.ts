import { describe, expect, it, test } from 'vitest';
import { tinyZoo } from '../../engine/testing/tiny-zoo.testing.ts';
import { tableOf } from '../../engine/zoo.ts';
import { metadata } from '../../methods/metadata.ts';
import { mergeStep, openingRecipe, type Recipe, withLayerGroups, withMethod } from '../recipe.ts';
import { withCurves, withFilter } from '../recipe-curves.ts';
import { spreadControls } from '../spread-controls.ts';
import { fitModels } from './fit.ts';
import type { Choices, Fit } from './fit-table.ts';
import { fittingMethods } from './fitting-methods.ts';
import type { MergeJob } from './job.ts';
import { type JobOptions, jobOfRecipe, refuseJob } from './job-of-recipe.ts';
import { llama, outlineOf, type Shapes } from './outlines.testing.ts';
import { PUBLISHED } from './published.testing.ts';

const { card } = tinyZoo();
const opening = openingRecipe(card, metadata);
const options = { dtype: 'as-base', metadata: {} } as const;

/** A method with its default controls, for so many experts. */
const recipeOf = (method: string, experts: number) =>
  withMethod({ ...opening, experts: opening.experts.slice(0, experts) }, metadata, method);

function laid(base: Shapes | null, experts: readonly Shapes[], choices: Choices = {}) {
  const outlines = experts.map((shapes, i) => outlineOf(`e${i}`, shapes));
  const ids = outlines.map(({ id }) => id);
  const own = base === null ? [] : [outlineOf('base', base)];
  return fitModels([...own, ...outlines], { base: base === null ? null : 'base', experts: ids, choices });
}

const jobFor = (fit: Fit, method = 'task-arithmetic', own: JobOptions = options) =>
  jobOfRecipe(recipeOf(method, fit.experts.length), fit, own, metadata);

describe('the zoo’s own files', () => {
  const table = tableOf(card);
  const shapes = Object.fromEntries(table.map(({ name, shape }) => [name, shape]));
  const outlines = ['base', ...card.experts.map(({ id }) => id)].map((id) => outlineOf(id, shapes));
  const fit = fitModels(outlines, { base: 'base', experts: opening.experts, choices: {} });
  const point = (first: number, last: number) => ({
    points: [first, last],
    groups: { attention: 1, mlp: 0.5, norm: 1, embedding: 1 },
  });
  const recipes: Readonly<Record<string, Recipe>> = {
    plain: opening,
    'in groups of layers': withLayerGroups(opening, metadata, 3),
    'with curves': withCurves(
      opening,
      metadata,
      'lambda',
      opening.experts.map((_id, i) => point(i / 4, 1)),
    ),
    'with a filter': withFilter(withLayerGroups(opening, metadata, 2), metadata, {
      without: ['bias'],
      names: '!*.attn.*',
    }),
  };

  it.each(Object.entries(recipes))('are merged with the controls of the page: %s', (_name, recipe) => {
    const job = jobOfRecipe(recipe, fit, options, metadata);
    const step = mergeStep(recipe, metadata);
    const method = metadata.methods.find(({ id }) => id === step.method);
    if (!method) throw new Error('no method');
    const spread = spreadControls(step, metadata, method, { table, blocks: card.model.blocks });
    expect(job.tensors.map(({ name }) => name)).toEqual(table.map(({ name }) => name));
    const own = job.tensors.map(({ making }) =>
      making.kind === 'copy' ? undefined : job.chains[making.chain]?.[0]?.controls,
    );
    expect(own).toEqual(table.map((_row, i) => spread.sets[spread.of[i] ?? 0]?.controls));
    expect(job.chains.flat().some(({ layerGroups, curves, filter }) => layerGroups ?? curves ?? filter)).toBe(false);
    expect(new Set(job.chains.map((chain) => JSON.stringify(chain))).size).toBe(job.chains.length);
  });
});

describe('jobs over files', () => {
  it('put the base’s weights in place of an expert that takes no part', () => {
    const up = 'model.layers.0.mlp.up_proj.weight';
    const choices = { shape: 'without', vocabulary: 'union' } as const;
    const job = jobFor(laid(llama(2, 32), [llama(2, 34), { ...llama(2, 32), [up]: [26, 8] }], choices));
    const making = (name: string) => job.tensors.find((tensor) => tensor.name === name)?.making;
    expect(making(up)).toMatchObject({
      base: { model: 'base' },
      experts: [{ model: 'e0' }, { model: 'base', tensor: up }],
    });
    expect(making('model.norm.weight')).toMatchObject({ experts: [{ model: 'e0' }, { model: 'e1' }] });
    expect(making('model.embed_tokens.weight')).toMatchObject({
      experts: [{ model: 'e0' }, { model: 'e1', rows: 'fit' }],
    });
  });

  it('take rows that differ as the vocabulary’s choice says', () => {
    const job = jobFor(laid(llama(2, 32), [llama(2, 34), llama(2, 32)], { vocabulary: 'union' }));
    expect(job.tensors[0]).toMatchObject({
      shape: [34, 8],
      making: {
        base: { model: 'base', rows: 'fit' },
        experts: [
          { model: 'e0', tensor: 'model.embed_tokens.weight' },
          { model: 'e1', rows: 'fit' },
        ],
      },
    });
    expect(job.remarks.join(' ')).toContain('matched by their number');
  });

  it('take the embedding where the output layer is tied, and own names where they carry a prefix', () => {
    const { 'lm_head.weight': _head, ...tied } = llama(2);
    const longer = Object.fromEntries(Object.entries(tied).map(([name, shape]) => [`module.${name}`, shape]));
    const job = jobFor(laid(llama(2), [longer, llama(2)]));
    expect(job.tensors.at(-1)).toMatchObject({
      name: 'lm_head.weight',
      making: { experts: [{ tensor: 'module.model.embed_tokens.weight' }, { tensor: 'lm_head.weight' }] },
    });
  });

  it('write every tensor once, copies in their own type or the one that is wanted', () => {
    const base = outlineOf('base', PUBLISHED.resnet ?? {});
    const half = base.tensors.map((tensor) =>
      tensor.dtype === 'F32' ? { ...tensor, dtype: 'BF16' as const } : tensor,
    );
    const outlines = [
      { ...base, tensors: half },
      { ...base, id: 'e0' },
      { ...base, id: 'e1' },
    ];
    const fit = fitModels(outlines, { base: 'base', experts: ['e0', 'e1'], choices: {} });
    const kinds = (job: MergeJob) =>
      [...new Set(job.tensors.map(({ making }) => `${making.kind} ${making.dtype}`))].sort();
    expect(kinds(jobFor(fit))).toEqual(['copy I64', 'merge BF16']);
    expect(kinds(jobFor(fit, 'task-arithmetic', { ...options, dtype: 'F16' }))).toEqual(['copy I64', 'merge F16']);
    expect(jobFor(fit).tensors.map(({ name }) => name)).toEqual(base.tensors.map(({ name }) => name));
  });

  it('have no base where no step asks for one', () => {
    const bases = (job: MergeJob) =>
      new Set(job.tensors.map(({ making }) => making.kind === 'merge' && making.base?.model));
    expect(bases(jobFor(laid(null, [llama(), llama()]), 'weight-average'))).toEqual(new Set([undefined]));
    expect(bases(jobFor(laid(llama(), [llama(), llama()]), 'weight-average'))).toEqual(new Set([undefined]));
    expect(bases(jobFor(laid(llama(), [llama(), llama()]), 'ties'))).toEqual(new Set(['base']));
  });

  it('are refused while a decision is open, with what can be chosen', () => {
    const fit = laid(llama(3, 32), [llama(3, 34)]);
    const [reason] = refuseJob(recipeOf('task-arithmetic', 1), fit, metadata);
    expect(reason).toMatch(/vocabularies differ.*Choose: the base’s rows, all rows, keep the base’s, keep e0’s\./);
    expect(() => jobFor(fit)).toThrow(/vocabularies differ/);
  });

  it('are refused where a filter keeps weights of a base that is not there, or nothing is left to merge', () => {
    const filtered = withFilter(recipeOf('weight-average', 2), metadata, { without: ['bias'], names: '' });
    expect(refuseJob(filtered, laid(null, [llama(), llama()]), metadata).join()).toContain('choose the base');
    const table = (rows: number) => ({ 'model.embed_tokens.weight': [rows, 2] });
    const kept = laid(table(4), [table(5)], { vocabulary: 'keep:base' });
    expect(refuseJob(recipeOf('task-arithmetic', 1), kept, metadata)).toEqual(['No tensor is left to merge.']);
    const grouped = withLayerGroups(recipeOf('task-arithmetic', 1), metadata, 4);
    expect(refuseJob(grouped, laid(llama(2), [llama(2)]), metadata).join()).toContain('choose at most 3');
  });
});

test('every method says whether it can merge these files, and what to do where it cannot', () => {
  const refusalOf = (id: string, cast: Pick<Fit, 'base' | 'experts'>) =>
    fittingMethods(cast, metadata).find((method) => method.id === id)?.refusal;
  const two = ['a', 'b'];
  expect(refusalOf('task-arithmetic', { base: null, experts: two })).toContain('choose the base');
  expect(refusalOf('weight-average', { base: null, experts: two })).toBeNull();
  expect(refusalOf('slerp', { base: 'base', experts: ['a', 'b', 'c'] })).toContain('leave 1 out');
  expect(refusalOf('adamerging', { base: 'base', experts: two })).toContain('runs the network on data');
  expect(refusalOf('passthrough', { base: 'base', experts: two })).toContain('slices');
  expect(refusalOf('dare-ties', { base: null, experts: two })).toContain('choose the base');
  const known = [...metadata.methods, ...metadata.presets].map(({ id }) => id);
  expect(fittingMethods({ base: 'base', experts: two }, metadata).map(({ id }) => id)).toEqual(known);
});
