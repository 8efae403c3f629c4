/** Random small networks for the laws. */
import fc from 'fast-check';
import { sizeOf } from '../../models/parameter.ts';
import type { Method } from '../define.ts';
import type { Models } from './run.testing.ts';

/**
 * Weights on a grid of eighths: sums and differences are exact in float32, so equal magnitudes and changes that cancel
 * really occur, and every backend elects the same signs. −0 is one of them.
 */
const weight = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -24, max: 24 }).map((n) => n / 8) },
  { weight: 1, arbitrary: fc.constant(-0) },
);

const SHAPES: readonly (readonly number[])[] = [[3], [1], [2, 3], [4, 2], [2, 2], [5]];
const shape = fc.constantFrom(...SHAPES);

const changeOf = (length: number) => fc.array(weight, { minLength: length, maxLength: length });

/** Networks of one to three tensors, at least 4 weights, with as many experts as the method takes. */
export function networks(method: Method): fc.Arbitrary<Models> {
  const { min, max } = method.needs.experts;
  const experts = fc.integer({ min: Math.max(1, min), max: Math.min(4, max ?? 4) });
  const shapes = fc
    .array(shape, { minLength: 0, maxLength: 2 })
    .map((more): (readonly number[])[] => [[2, 2], ...more]);
  return fc.tuple(shapes, experts).chain(([sizes, count]) => {
    const length = sizes.reduce((total, each) => total + sizeOf(each), 0);
    return fc
      .tuple(changeOf(length), fc.array(changeOf(length), { minLength: count, maxLength: count }))
      .map(([base, changes]) => ({
        shapes: sizes,
        base,
        experts: changes.map((change) => change.map((value, i) => moved(base[i] ?? 0, value))),
      }));
  });
}

/** −0 + 0 would be 0: a weight that is not changed keeps its bits. */
const moved = (start: number, change: number) => (change === 0 ? start : start + change);

/** The same base with task vectors `factor` times as long. */
export const scaled = (models: Models, factor: number): Models => ({
  ...models,
  experts: models.experts.map((expert) =>
    expert.map((value, i) => moved(models.base[i] ?? 0, factor * (value - (models.base[i] ?? 0)))),
  ),
});
