import { expect, it } from 'vitest';
import { versus, versusAverage } from './versus.ts';

const of = (correct: number, n = 100) => ({ correct, n });

it('tells a task’s difference, and whether chance explains it', () => {
  expect(versus(of(80), of(60))).toEqual({ delta: expect.closeTo(0.2, 12), beyondNoise: true });
  expect(versus(of(62), of(60))).toEqual({ delta: expect.closeTo(0.02, 12), beyondNoise: false });
  expect(versus(of(0, 0), of(60))).toBeUndefined();
  expect(versus(undefined, of(60))).toBeUndefined();
});

it('averages over the tasks that both have, and judges by all their answers', () => {
  const here = { a: of(80), b: of(70), c: of(1) };
  const there = { a: of(70), b: of(60), d: of(99) };
  expect(versusAverage(here, there)).toEqual({ delta: expect.closeTo(0.1, 12), beyondNoise: true, tasks: 2 });
  expect(versusAverage({ c: of(1) }, there)).toBeUndefined();
});
