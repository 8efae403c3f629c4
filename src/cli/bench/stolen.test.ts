import { expect, it } from 'vitest';
import { readProcessorTime, stolenShare } from './stolen.ts';

const text = (idle: number, steal: number) =>
  `cpu  100 0 50 ${idle} 0 0 0 ${steal} 5 5\ncpu0 100 0 50 ${idle} 0 0 0 ${steal} 5 5\nintr 1`;

it('is the steal among all ticks of the processors', () => {
  const before = readProcessorTime(text(800, 50));
  expect(before).toEqual({ all: 1000, stolen: 50 });
  expect(stolenShare(before, readProcessorTime(text(850, 100)))).toBe(0.5);
  expect(stolenShare(before, before)).toBeUndefined();
});

it('is not known where the system does not tell', () => {
  expect(readProcessorTime('')).toBeUndefined();
  expect(readProcessorTime('cpu  1 2 3')).toBeUndefined();
  expect(stolenShare(undefined, undefined)).toBeUndefined();
});
