import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { design, scale } from '../design/design.ts';
import type { Outcome } from '../point.ts';
import { expectClose, solveDense } from '../quadratic.testing.ts';
import { featureCount, features } from './features.ts';
import { fromLink, type Metric, toLink } from './link.ts';
import type { Surrogate } from './predict.ts';
import { dot } from './regression.ts';
import { emptyFit, emptyFits, observe, observePoint, surrogateOf, surrogatesOf } from './surrogate.ts';
import { fromUnitBox, toUnitBox } from './unit-box.ts';

const METRICS: readonly Metric[] = [
  { link: 'identity' },
  { link: 'softplus' },
  { link: 'sigmoid', range: { min: 0, max: 4 } },
];
const BOX = [
  { min: -0.5, max: 1.5 },
  { min: 0, max: 64 },
];
const P = featureCount(BOX.length);

interface Measurement {
  readonly c: readonly number[];
  readonly outcome: { readonly value: number; readonly n: number };
}

/** Values of 7 to 18 merges of a mixed box, each on its own number of samples, and in which order they arrive. */
const studies = fc.record({
  metric: fc.constantFrom(...METRICS),
  points: fc
    .array(
      fc.record({
        value: fc.double({ min: 0.05, max: 3.95, noNaN: true }),
        n: fc.constantFrom(64, 256, 512),
      }),
      { minLength: P + 1, maxLength: 3 * P },
    )
    .map((outcomes) => {
      const cube = design(
        BOX.map(() => ({ min: 0, max: 1, perExpert: true })),
        outcomes.length,
        8,
      );
      const merges = scale(Float64Array.from(cube.flat()), BOX);
      return outcomes.map((outcome, i) => ({ c: merges[i] ?? [], outcome }));
    }),
  turn: fc.nat(),
});

function fitted(
  points: readonly { readonly c: readonly number[]; readonly outcome: Outcome }[],
  metric: Metric,
): Surrogate {
  const fit = emptyFit(BOX.length, { metric, box: BOX });
  for (const { c, outcome } of points) observe(fit, c, outcome);
  const surrogate = surrogateOf(fit);
  if (!surrogate) throw new Error(`${points.length} points are too few`);
  return surrogate;
}

/** Weighted ridge regression over the unit box, all rows at once; a row that is left out leaves the penalty as it is. */
function batch(points: readonly Measurement[], metric: Metric, without = -1): Float64Array {
  const rows = points.map(({ c, outcome }) => ({ phi: features(toUnitBox(c, BOX)), ...toLink(metric, outcome) }));
  const total = rows.reduce((sum, row) => sum + row.weight, 0);
  const used = rows.filter((_, i) => i !== without);
  const sum = (i: number, value: (row: (typeof rows)[number]) => number) =>
    used.reduce((all, row) => all + row.weight * (row.phi[i] ?? 0) * value(row), 0);
  const matrix = Array.from({ length: P }, (_, i) =>
    Array.from({ length: P }, (_, j) => sum(i, (row) => row.phi[j] ?? 0) + (i === j && i < P - 1 ? 1e-4 * total : 0)),
  );
  const right = Array.from({ length: P }, (_, i) => sum(i, (row) => row.z));
  return fromUnitBox(Float64Array.from(solveDense(matrix, right)), BOX);
}

describe('a stream of values over a mixed box', () => {
  it('gives what all of them at once give, to 1e-9, in any order and with rough values replaced on the way', () => {
    fc.assert(
      fc.property(studies, ({ metric, points, turn }) => {
        const wanted = batch(points, metric);
        const tolerance = 1e-9 * Math.max(1, ...wanted.map(Math.abs));
        expectClose(fitted(points, metric).beta, wanted, tolerance);
        const k = turn % points.length;
        const turned = [...points.slice(k), ...points.slice(0, k)].reverse();
        expectClose(fitted(turned, metric).beta, wanted, tolerance);
        const rough = points.slice(0, k).map(({ c, outcome }) => ({ c, outcome: { value: 4 - outcome.value, n: 16 } }));
        expectClose(fitted([...rough, ...points], metric).beta, wanted, tolerance);
      }),
    );
  });

  it('has the leave-one-out error of fits that never saw each point, in the unit of the metric', () => {
    fc.assert(
      fc.property(studies, ({ metric, points }) => {
        const missed = points.map(({ c, outcome }, i) => {
          const unseen = fromLink(metric, dot(features(c), batch(points, metric, i)));
          return (outcome.value - unseen) ** 2;
        });
        const rmse = Math.sqrt(missed.reduce((sum, x) => sum + x, 0) / points.length);
        const got = fitted(points, metric);
        expect(Math.abs(got.looRmse - rmse)).toBeLessThan(1e-6 * Math.max(1, rmse));
        const values = points.map(({ outcome }) => outcome.value);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        if (spread < 1e-6) return;
        const r2 = 1 - (rmse ** 2 * points.length) / spread;
        expect(Math.abs((got.looR2 ?? Number.NaN) - r2)).toBeLessThan(1e-6 * Math.max(1, Math.abs(r2)));
      }),
      { numRuns: 40 },
    );
  });
});

it('tasks of one study are fitted each by its own metric: accuracy in counts beside a loss in nats', () => {
  const fits = emptyFits(['kana', 'loss:kana'], 1, { metrics: { 'loss:kana': { link: 'identity' } } });
  for (const x of [0, 0.25, 0.5, 1]) {
    observePoint(fits, {
      coefficients: [x],
      calibration: { kana: { correct: 40 + 20 * x, n: 64 }, 'loss:kana': { value: 2 - x, n: 64 } },
    });
  }
  const surrogates = surrogatesOf(fits);
  expect([...surrogates].map(([task, { link }]) => [task, link])).toEqual([
    ['kana', 'sigmoid'],
    ['loss:kana', 'identity'],
  ]);
  const loss = surrogates.get('loss:kana');
  expect(loss && dot(features([0.5]), loss.beta)).toBeCloseTo(1.5, 2);
});
