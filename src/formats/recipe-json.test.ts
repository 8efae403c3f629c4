import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clampCurve, flatCurve } from './curves.ts';
import { canonicalRecipe } from './merge-id.ts';
import { anyRecipe, testCard, testCatalogue } from './recipe.testing.ts';
import { mergeStep } from './recipe.ts';
import { readRecipeJson, writeRecipeJson } from './recipe-json.ts';

function read(json: unknown) {
  const result = readRecipeJson(typeof json === 'string' ? json : JSON.stringify(json), testCatalogue, testCard);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result;
}

const plain = { version: 1, family: 'glyph-vit', experts: ['digits', 'kana'], chain: [{ method: 'task-arithmetic' }] };

it('is the same merge after writing and reading, whatever the recipe', () => {
  fc.assert(
    fc.property(anyRecipe, (recipe) => {
      const { recipe: again, notes } = read(writeRecipeJson(recipe));
      expect(canonicalRecipe(again, testCatalogue)).toBe(canonicalRecipe(recipe, testCatalogue));
      expect(notes).toEqual([]);
    }),
  );
});

it('may leave out what has its default, and groups of a curve that are 1', () => {
  const curves = { lambda: [{ points: [0, 1], groups: { mlp: 0.5 } }, { points: [1, 1] }] };
  const { recipe, notes } = read({
    ...plain,
    chain: [{ method: 'task-arithmetic', curves, filter: { without: ['bias'] } }],
  });
  const step = mergeStep(recipe, testCatalogue);
  expect(step.controls.lambda).toEqual([0.3, 0.3]);
  const half = clampCurve({ points: [0, 1], groups: { ...flatCurve(1).groups, mlp: 0.5 } });
  expect([step.curves?.lambda, step.filter]).toEqual([[half, flatCurve(2)], { without: ['bias'], names: '' }]);
  expect(notes).toEqual([]);
});

it('tells what it moves or leaves out', () => {
  const step = {
    method: 'task-arithmetic',
    controls: { lambda: [9, 0.2], rank: 3 },
    curves: { lambda: [{ points: ['a'] }, 7] },
    filter: { without: ['ears'], names: 'a(b)' },
  };
  const { recipe, notes } = read({ ...plain, seed: 0.5, chain: [step] });
  expect(mergeStep(recipe, testCatalogue)).toEqual({ method: 'task-arithmetic', controls: { lambda: [3, 0.2] } });
  expect(notes).toHaveLength(6);
});

it.each([
  ['not JSON', '{', /no JSON/],
  ['another version', { ...plain, version: 2 }, /got version “2”, wanted 1/],
  ['another family', { ...plain, family: 'gpt' }, /family “gpt”/],
  ['an unknown expert', { ...plain, experts: ['digits', 'nobody'] }, /experts: got .*nobody/],
  ['an unknown method', { ...plain, chain: [{ method: 'alchemy' }] }, /no method “alchemy”/],
  ['a preset as a step', { ...plain, chain: [{ method: 'dare-ties' }] }, /no method “dare-ties”/],
  ['no merge', { ...plain, chain: [] }, /does not say how to merge/],
])('refuses %s in words', (_name, json, reason) => {
  expect(() => read(json)).toThrow(reason);
});

it('never throws, whatever stands in the file', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const step = { method: 'ties', controls: a, curves: b, filter: a, layerGroups: b };
      for (const json of [a, { ...plain, chain: a }, { ...plain, chain: [step], seed: b }])
        expect(() => readRecipeJson(JSON.stringify(json), testCatalogue, testCard)).not.toThrow();
    }),
  );
});
