import { expect, test } from 'vitest';
import { vitParameters } from '../../models/vit-parameters.ts';
import { recognise } from './architecture.ts';
import { outlineOf } from './outlines.testing.ts';
import { placeOf } from './tensor-place.ts';

test('a network of this studio is placed as its own table of parameters says', () => {
  for (const blocks of [1, 2, 4]) {
    const table = vitParameters({
      architecture: 'vit',
      imageSize: 8,
      patchSize: 4,
      dim: 8,
      blocks,
      heads: 2,
      hidden: 12,
      logitScale: 16,
    });
    const outline = outlineOf('vit', Object.fromEntries(table.map(({ name, shape }) => [name, shape])));
    const architecture = recognise(outline);
    expect(table.map(({ name, shape }) => ({ name, shape, ...placeOf(name, shape, architecture) }))).toEqual(table);
  }
});
