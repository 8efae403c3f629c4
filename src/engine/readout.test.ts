import { expect, it } from 'vitest';
import { methodById } from '../methods/registry.ts';
import { readoutOf } from './readout.ts';

const merge = (id: string) => {
  const method = methodById(id);
  if (method.kind !== 'merge') throw new Error(`${id} does not merge`);
  return method;
};

it('puts the numbers of tensors in a row, without those that have none', () => {
  const pieces = [{ interference: 3 }, {}, { interference: 1 }];
  expect(readoutOf(merge('tsv-merge'), pieces, {})).toEqual({
    curves: [{ name: 'interference', values: [3, 1], along: 'matrices' }],
  });
  expect(readoutOf(merge('tsv-merge'), [{}], {})).toBeNull();
});

it('lets a method that sees the whole network speak for itself', () => {
  const readout = readoutOf(merge('opcm'), [{ scales: [1, 2], kept: [1, 0.5] }], {});
  expect(readout?.curves?.map(({ values }) => values)).toEqual([
    [1, 0.5],
    [1, 2],
  ]);
});

it('is nothing for a method that tells nothing', () => {
  expect(readoutOf(merge('weight-average'), [{}], {})).toBeNull();
});
