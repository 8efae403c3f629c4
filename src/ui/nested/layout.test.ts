import { expect, it } from 'vitest';
import { layoutOf } from './layout.ts';

const node = (left: string, right: string) => ({ id: `(${left},${right})`, left, right });

it('sets experts in the order of the tree, and every merge below what it merges', () => {
  const { order, places, levels } = layoutOf([node('0', '2'), node('1', '3'), node('(0,2)', '(1,3)')], 4);
  expect(order).toEqual([0, 2, 1, 3]);
  expect(places.get('2')).toEqual({ id: '2', from: 1, span: 1, level: 0 });
  expect(places.get('(1,3)')).toEqual({ id: '(1,3)', from: 2, span: 2, level: 1 });
  expect(places.get('((0,2),(1,3))')).toEqual({ id: '((0,2),(1,3))', from: 0, span: 4, level: 2 });
  expect(levels).toBe(2);
});

it('sets a chain deeper at every merge', () => {
  const { places, levels } = layoutOf([node('0', '1'), node('(0,1)', '2'), node('((0,1),2)', '3')], 4);
  expect(levels).toBe(3);
  expect(places.get('((0,1),2)')).toMatchObject({ from: 0, span: 3, level: 2 });
});

it('sets side by side what is not merged yet', () => {
  const { order, levels } = layoutOf([node('1', '3')], 4);
  expect(order).toEqual([0, 1, 3, 2]);
  expect(levels).toBe(1);
  expect(layoutOf([], 3)).toMatchObject({ order: [0, 1, 2], levels: 0 });
});
