import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberIn, patternOf, tailsOf } from './name-pattern.ts';

test('numbers between dots become #, in any name', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.nat().map(String), fc.string({ maxLength: 4 })), { maxLength: 6 }), (parts) => {
      const name = parts.join('.');
      const wanted = name.split('.').map((part) => (/^[0-9]+$/.test(part) ? '#' : part));
      expect(patternOf(name)).toBe(wanted.join('.'));
    }),
  );
});

test.each([
  ['model.layers.12.mlp.weight', 'layers.#', 12],
  ['layers.3', 'layers.#', 3],
  ['sublayers.3.weight', 'layers.#', undefined],
  ['layers.3b.weight', 'layers.#', undefined],
  ['layers.norm.layers.4.weight', 'layers.#', 4],
  ['norm.4.weight', '#', undefined],
  ['unet.mid_block.weight', 'mid_block', 0],
  ['unet.mid_blocks.weight', 'mid_block', undefined],
  ['7.weight', '#', 7],
])('%s has %s at %s', (name, pattern, number) => {
  expect(numberIn(name, pattern)).toBe(number);
});

test('tails stand behind dots', () => {
  expect(tailsOf('a.b.c')).toEqual(['a.b.c', 'b.c', 'c']);
});
