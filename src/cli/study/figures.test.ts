import { expect, it } from 'vitest';
import { fitFigures, grouped, shareOf, verdicts } from './figures.ts';
import type { FitResult } from './fit-study.ts';
import type { FrontResult } from './front-study.ts';

const scored = (r2: number | undefined, looR2 = 0.5, rmse = 0.02) => ({ r2, looR2, rmse, deviation: 0.1 });
const results: readonly FitResult[] = [0.9, 0.7].map((r2, i) => ({
  experts: ['a', 'b'],
  seed: i + 1,
  fitted: 12,
  heldOut: 100,
  tasks: [
    { task: 'a', calibration: scored(r2), test: scored(r2 - 0.1) },
    { task: 'b', calibration: scored(undefined), test: scored(undefined) },
  ],
}));

const same = (share: number) => ({ calibration: share, test: share - 0.01 });
const front: FrontResult = {
  experts: ['a', 'b'],
  seeds: [1, 2],
  goal: 0.97,
  budget: 32,
  reference: {
    kind: 'grid',
    merges: 441,
    front: 12,
    worst: [0.1, 0.2],
    volumes: { zero: same(0.8), worst: same(0.6) },
  },
  ways: [
    { name: 'map-batches', merges: 32, runs: [0.97, 0.99].map((share) => ({ zero: same(share), worst: same(share) })) },
    { name: 'random', merges: 32, runs: [{ zero: same(0.9), worst: same(0.8) }] },
  ],
};

it('takes means over tasks and designs, without tasks that have no R²', () => {
  const { sets, designs, r2, testR2 } = fitFigures(results);
  expect([sets, designs]).toEqual([1, 2]);
  expect(r2).toEqual({ mean: 0.8, min: 0.7, max: 0.9 });
  expect(testR2.mean).toBeCloseTo(0.7, 12);
});

it('takes means over the runs of one way', () => {
  expect(shareOf([front], 'map-batches', 'zero', 'calibration').mean).toBeCloseTo(0.98, 12);
  expect(shareOf([front], 'random', 'worst', 'test').mean).toBeCloseTo(0.79, 12);
});

it('judges the goals by the means, and R² of no more than four experts', () => {
  const many = results.map((result) => ({ ...result, experts: [...'abcde'] }));
  const judged = verdicts([...results, ...many], [front]);
  expect(judged.map(({ what, met }) => [what, met])).toEqual([
    ['hold-out R² per task, 2 experts', false],
    ['hypervolume, 2 experts, 32 merges, as a share of a 21 × 21 grid’s', true],
  ]);
});

it('groups in the order of the first', () => {
  expect(grouped([3, 1, 5, 2], (x) => x % 2)).toEqual([
    [1, [3, 1, 5]],
    [0, [2]],
  ]);
});
