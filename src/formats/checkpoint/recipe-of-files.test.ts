/** What a recipe says about the files that it was made with, there and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recipe } from '../recipe.ts';
import { otherBytes, type RecipeOfFiles, readRecipeOfFiles, writeRecipeOfFiles } from './recipe-of-files.ts';

const recipe: Recipe = { family: 'files', experts: ['a'], chain: [{ method: 'ties', controls: {} }], seed: 1 };
const PRINT = '0123456789abcdef';
const more: RecipeOfFiles = {
  files: [
    { model: 'big', part: 'base', name: 'model-1.safetensors', bytes: 12, print: PRINT },
    { model: 'a', part: 'expert', name: 'a.safetensors', bytes: 7, print: PRINT.repeat(4) },
  ],
  dtype: 'BF16',
  network: 'a',
  choices: { vocabulary: 'union', head: 'keep:a' },
};

test('all that is said comes back, beside the recipe', () => {
  const text = writeRecipeOfFiles(recipe, more);
  expect(readRecipeOfFiles(text)).toEqual(more);
  expect(JSON.parse(text)).toMatchObject({ version: 1, ...recipe });
});

test('a recipe without files says nothing about them', () => {
  const nothing = { files: [], dtype: 'as-base', network: null, choices: {} };
  expect(readRecipeOfFiles('{"version": 1}')).toEqual(nothing);
});

test.each([
  [{ files: [{ ...more.files[0], print: 'xyz' }] }, /^files\.0\.print: /],
  [{ files: [{ ...more.files[0], bytes: -1 }] }, /^files\.0\.bytes: /],
  [{ files: [{ ...more.files[0], part: 'both' }] }, /^files\.0\.part: /],
  [{ dtype: 'F64' }, /^dtype: got "F64"/],
  [{ choices: { vocabulary: 'some' } }, /^choices\.vocabulary: .*wanted a choice/],
  [{ network: 7 }, /^network: got 7/],
])('%j is refused with its place', (wrong, message) => {
  const read = readRecipeOfFiles(JSON.stringify({ ...more, ...wrong }));
  expect('refusal' in read ? read.refusal : '').toMatch(message);
});

test('3000 damaged texts are read or refused in words', () => {
  const text = writeRecipeOfFiles(recipe, more);
  const damage = fc.tuple(fc.nat(text.length), fc.nat(5), fc.string({ maxLength: 5 }));
  fc.assert(
    fc.property(damage, ([at, cut, put]) => {
      const read = readRecipeOfFiles(text.slice(0, at) + put + text.slice(at + cut));
      if ('refusal' in read) expect(read.refusal.length).toBeGreaterThan(5);
      else expect(read.files.length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 3000, seed: 1 },
  );
});

test('another file of the same name is told from the one that is wanted', () => {
  const [wanted] = more.files;
  if (!wanted) throw new Error('no file');
  const given = (size: number, print: string, path = 'x/model-1.safetensors') => [{ files: [{ path, size, print }] }];
  expect(otherBytes(wanted, given(12, `${PRINT}ffff`))).toBeUndefined();
  expect(otherBytes(wanted, given(12, `${PRINT}ffff`, 'renamed'))).toBeUndefined();
  expect(otherBytes(wanted, given(13, 'f'.repeat(64)))).toContain('got 13 bytes, wanted 12');
  expect(otherBytes(wanted, given(12, 'f'.repeat(64)))).toContain(
    `got checksum ${'f'.repeat(12)}, wanted ${PRINT.slice(0, 12)}`,
  );
  expect(otherBytes(wanted, given(12, 'f'.repeat(64), 'other'))).toBeUndefined();
});
