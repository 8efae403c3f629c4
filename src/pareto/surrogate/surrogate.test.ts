import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sobol } from '../../core/random/sobol.ts';
import { design, scale } from '../design/design.ts';
import type { Score } from '../point.ts';
import { accuracyAt, BETAS, expectClose, solveDense } from '../quadratic.testing.ts';
import { featureCount, features, quadraticOf } from './features.ts';
import { predict, type Surrogate, sigmoid } from './predict.ts';
import { dot } from './regression.ts';
import { emptyFit, emptyFits, observe, observePoint, surrogateOf, surrogatesOf } from './surrogate.ts';

interface Measurement {
  readonly c: readonly number[];
  readonly score: Score;
}

function fitted(points: readonly Measurement[], n: number): Surrogate {
  const fit = emptyFit(n);
  for (const { c, score } of points) observe(fit, c, score);
  const surrogate = surrogateOf(fit);
  if (!surrogate) throw new Error(`${points.length} points are too few`);
  return surrogate;
}

/** Random measurements of N = 1 to 4 coefficients, p to 3p of them, each on its own number of samples. */
const measurements = fc.integer({ min: 1, max: 4 }).chain((n) =>
  fc
    .record({
      seed: fc.nat({ max: 9999 }),
      extra: fc.integer({ min: 1, max: 2 * featureCount(n) }),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 45, maxLength: 45 }),
      sizes: fc.array(fc.constantFrom(64, 256, 512), { minLength: 45, maxLength: 45 }),
    })
    .map(({ seed, extra, shares, sizes }) => {
      const axes = Array.from({ length: n }, () => ({ min: -0.5, max: 1.5, perExpert: true }));
      const points = design(axes, featureCount(n) + extra, seed).map((c, i) => {
        const size = sizes[i] ?? 64;
        return { c, score: { correct: Math.round((shares[i] ?? 0) * size), n: size } };
      });
      return { n, points };
    }),
);

/** The specification's S2 word for word: weights scaled to mean 1, penalty 1e-4·K, no penalty on the constant. */
function batch(points: readonly Measurement[], n: number, without = -1) {
  const rows = points.map(({ c, score }) => {
    const q = (score.correct + 0.5) / (score.n + 1);
    return { phi: [...features(c)], z: Math.log(q / (1 - q)), weight: score.n * q * (1 - q) };
  });
  const mean = rows.reduce((sum, row) => sum + row.weight, 0) / rows.length;
  const used = rows.filter((_, i) => i !== without);
  const p = featureCount(n);
  const sum = (i: number, value: (row: (typeof rows)[number]) => number) =>
    used.reduce((total, row) => total + (row.weight / mean) * (row.phi[i] ?? 0) * value(row), 0);
  const matrix = Array.from({ length: p }, (_, i) =>
    Array.from(
      { length: p },
      (_, j) => sum(i, (row) => row.phi[j] ?? 0) + (i === j && i < p - 1 ? 1e-4 * rows.length : 0),
    ),
  );
  const beta = solveDense(
    matrix,
    Array.from({ length: p }, (_, i) => sum(i, (row) => row.z)),
  );
  return { beta, rows };
}

describe('the fit', () => {
  it('equals the batch solution of the specification to 1e-9', () => {
    fc.assert(
      fc.property(measurements, ({ n, points }) => {
        const { beta } = batch(points, n);
        const size = Math.max(1, ...beta.map(Math.abs));
        expectClose(fitted(points, n).beta, beta, 1e-9 * size);
      }),
    );
  });

  it('does not depend on the order of arrival', () => {
    fc.assert(
      fc.property(measurements, fc.nat(), ({ n, points }, turn) => {
        const k = turn % points.length;
        const other = [...points.slice(k), ...points.slice(0, k)].reverse();
        const [a, b] = [fitted(points, n), fitted(other, n)];
        expectClose(b.beta, a.beta, 1e-9 * Math.max(1, ...a.beta.map(Math.abs)));
        expect(b.looRmse).toBeCloseTo(a.looRmse, 9);
      }),
    );
  });

  it('replaces a point that is measured again on more samples, and ignores fewer', () => {
    fc.assert(
      fc.property(measurements, ({ n, points }) => {
        const rough = points.map(({ c, score }) => ({ c, score: { correct: Math.min(score.correct, 16), n: 16 } }));
        const wanted = fitted(points, n).beta;
        const tolerance = 1e-8 * Math.max(1, ...wanted.map(Math.abs));
        expectClose(fitted([...rough, ...points], n).beta, wanted, tolerance);
        expectClose(fitted([...points, ...rough], n).beta, wanted, tolerance);
      }),
    );
  });

  it('tells the leave-one-out error that refitting without each point finds', () => {
    fc.assert(
      fc.property(measurements, ({ n, points }) => {
        const { rows } = batch(points, n);
        const missed = points.map(({ score }, i) => {
          const unseen = dot(rows[i]?.phi ?? [], batch(points, n, i).beta);
          return (score.correct / score.n - sigmoid(unseen)) ** 2;
        });
        const rmse = Math.sqrt(missed.reduce((sum, x) => sum + x, 0) / points.length);
        expect(fitted(points, n).looRmse).toBeCloseTo(rmse, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('permutes with the experts', () => {
    fc.assert(
      fc.property(measurements, ({ n, points }) => {
        const turned = points.map(({ c, score }) => ({ c: [...c].reverse(), score }));
        const a = quadraticOf(fitted(points, n).beta, n);
        const b = quadraticOf(fitted(turned, n).beta, n);
        const size = Math.max(1, ...a.a.map(Math.abs));
        expectClose([...b.a].reverse(), a.a, 1e-8 * size);
        expectClose([...b.b].reverse(), a.b, 1e-8 * size);
      }),
    );
  });
});

describe('what is said about the fit', () => {
  const score = (accuracy: number, n = 256) => ({ correct: Math.round(accuracy * n), n });
  const sampled = (count: number) =>
    scale(sobol(2, count, 7), [
      { min: 0, max: 1 },
      { min: 0, max: 1 },
    ]).map((c) => ({ c, score: score(accuracyAt(BETAS[0], c)) }));

  it('is nothing below p points, an open band at p, and a narrowing one above', () => {
    const fit = emptyFit(2);
    for (const { c, score } of sampled(5)) observe(fit, c, score);
    expect(surrogateOf(fit)).toBeUndefined();
    expect(predict(fitted(sampled(6), 2), [0.5, 0.5])).toMatchObject({ low: 0, high: 1 });
    const band = (count: number) => {
      const { low, high } = predict(fitted(sampled(count), 2), [0.5, 0.5]);
      return high - low;
    };
    expect(band(24)).toBeLessThan(0.05);
    expect(band(96)).toBeLessThan(band(24));
  });

  it('is a leave-one-out R² near 1 for a true quadratic on many samples', () => {
    const surrogate = fitted(sampled(24), 2);
    expect(surrogate.looR2).toBeGreaterThan(0.98);
    expect(surrogate.looRmse).toBeLessThan(0.02);
  });

  it('is no R² when all accuracies are equal', () => {
    const flat = sampled(12).map(({ c }) => ({ c, score: score(0.5) }));
    expect(fitted(flat, 2).looR2).toBeUndefined();
    expect(predict(fitted(flat, 2), [0.2, 0.9]).mean).toBeCloseTo(0.5, 6);
  });

  it('stays finite for scores of nothing and of everything right', () => {
    const extreme = sampled(12).map(({ c }, i) => ({ c, score: { correct: i % 2 ? 64 : 0, n: 64 } }));
    const { mean, low, high } = predict(fitted(extreme, 2), [0.5, 0.5]);
    expect([mean, low, high].every((x) => x >= 0 && x <= 1)).toBe(true);
  });

  it('is a reason in words for a point that cannot be', () => {
    const fit = emptyFit(2);
    expect(() => observe(fit, [1, Number.NaN], score(0.5))).toThrow('[1, NaN]; wanted 2 finite numbers');
    expect(() => observe(fit, [1], score(0.5))).toThrow('wanted 2 finite numbers');
    expect(() => observe(fit, [1, 0], { correct: 5, n: 4 })).toThrow('5 correct of 4');
  });
});

it('fits every task on its own calibration scores and never on test scores', () => {
  const fits = emptyFits(['kana', 'greek'], 1);
  for (const x of [0, 0.25, 0.5, 1]) {
    const calibration = { kana: { correct: 40 + 20 * x, n: 64 } };
    const test = { kana: { correct: 0, n: 64 }, greek: { correct: 0, n: 64 } };
    observePoint(fits, { coefficients: [x], calibration, test, mergeId: `${x}` });
  }
  const surrogates = surrogatesOf(fits);
  expect([...surrogates.keys()]).toEqual(['kana']);
  const kana = surrogates.get('kana');
  expect(kana && predict(kana, [1]).mean).toBeCloseTo(60.5 / 65, 2);
});
