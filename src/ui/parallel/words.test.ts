import { expect, test } from 'vitest';
import { counted, spoken } from './words.ts';

test('a line is told axis by axis, gaps included', () => {
  const axis = (id: string, format: (value: number) => string) =>
    ({ id, name: id, kind: 'task', domain: [0, 1], format }) as const;
  const axes = [axis('λ Digits', (value) => value.toFixed(2)), axis('Digits', (value) => `${100 * value} %`)];
  expect(spoken(axes, { id: 'a', kind: 'measured', values: [0.3, 0.9] })).toBe('measured: λ Digits 0.30, Digits 90 %');
  expect(spoken(axes, { id: 'a', kind: 'estimated', values: [0.3, undefined] })).toBe(
    'estimated, not measured: λ Digits 0.30, Digits not measured',
  );
});

test('the selection is counted in words', () => {
  expect(counted([true, false, true])).toBe('2 of 3 merges in the selection');
  expect(counted([true])).toBe('1 of 1 merge in the selection');
});
