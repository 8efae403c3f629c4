import { describe, expect, it } from 'vitest';
import { expectClose, solveDense } from '../quadratic.testing.ts';
import { strategy } from './cma-constants.ts';
import { ask, type CmaOptions, type CmaState, cmaEs, tell } from './cma-es.ts';

type Objective = (x: readonly number[]) => number;

const sphere: Objective = (x) => -x.reduce((sum, value) => sum + value * value, 0);

function run(options: CmaOptions, f: Objective, enough: number, most: number): CmaState {
  let state = cmaEs(options);
  while (state.evaluations < most && !((state.best?.value ?? Number.NEGATIVE_INFINITY) > enough)) {
    state = tell(state, ask(state).map(f));
  }
  return state;
}

describe('CMA-ES', () => {
  it.each([
    [2, 6, 2.028611, 0.624555, 0.5, 1.5, 0.154815, 0.085593],
    [5, 8, 2.600179, 0.4502, 0.433972, 1.433972, 0.047292, 0.047859],
    [10, 10, 3.167299, 0.29499, 0.319614, 1.319614, 0.015284, 0.023552],
    [64, 16, 4.840915, 0.059803, 0.095223, 1.095223, 0.000469, 0.001512],
  ])('has pycma’s constants in %i dimensions', (n, lambda, ...wanted) => {
    const { offspring, muEff, cC, cSigma, dSigma, c1, cMu, weights, parents } = strategy(n);
    expect(offspring).toBe(lambda);
    expectClose([muEff, cC, cSigma, dSigma, c1, cMu], wanted, 6e-7);
    expect(weights.slice(0, parents).reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
    // Together they may take away no more than keeps C positive definite.
    expect(cMu * weights.slice(parents).reduce((sum, w) => sum - w, 0) * n).toBeLessThanOrEqual(1 - c1 - cMu + 1e-12);
  });

  it.each([true, false])(
    'reaches 1e-9 on the sphere in five dimensions within 1,500 evaluations, active: %s',
    (active) => {
      for (let seed = 1; seed <= 10; seed++) {
        const state = run({ seed, start: [1, 1, 1, 1, 1], sigma: 0.5, active }, sphere, -1e-9, 1500);
        expect(state.best?.value, `seed ${seed}`).toBeGreaterThan(-1e-9);
      }
    },
  );

  it('learns long and turned valleys', () => {
    const rosenbrock: Objective = ([x = 0, y = 0, z = 0]) =>
      -(100 * (y - x * x) ** 2 + (1 - x) ** 2 + 100 * (z - y * y) ** 2 + (1 - y) ** 2);
    expect(run({ seed: 3, start: [-1, 1, 0], sigma: 0.5 }, rosenbrock, -1e-9, 6000).best?.value).toBeGreaterThan(-1e-9);
    // Half lengths 1 : 1000 along an axis, and along a diagonal: turning costs nothing but luck.
    const ellipse = ([x = 0, y = 0]: readonly number[]) => -(x * x + 1e6 * y * y);
    const turned: Objective = ([x = 0, y = 0]) => ellipse([(x + y) / Math.SQRT2, (x - y) / Math.SQRT2]);
    const medianOf = (f: Objective) =>
      [1, 2, 3, 4, 5, 6, 7]
        .map((seed) => run({ seed, start: [1, 0.3], sigma: 0.5 }, f, -1e-9, 4000).evaluations)
        .toSorted((a, b) => a - b)[3] ?? 0;
    expect(Math.abs(Math.log(medianOf(turned) / medianOf(ellipse)))).toBeLessThan(Math.log(1.5));
  });

  it.each([
    ['at first', 0, 1],
    ['once C has a shape', 6, 1],
    ['while the step size still grows fast', 6, 0],
  ])('updates by the formulas: %s', (_, generations, h) => {
    const n = 3;
    const valley: Objective = ([x = 0, y = 0, z = 0]) => -(x * x + 9 * y * y + (z - x) ** 2);
    let before = cmaEs({ seed: 4, start: [1, 2, 3], sigma: 0.5, active: true });
    for (let g = 0; g < generations; g++) before = tell(before, ask(before).map(valley));
    if (h === 0) before = { ...before, sigmaPath: Float64Array.of(40, 0, 0) };
    const { weights, parents, muEff, cSigma, dSigma, cC, c1, cMu, chi } = before.strategy;
    const after = tell(before, ask(before).map(valley));
    const ys = ask(before)
      .toSorted((a, b) => valley(b) - valley(a))
      .map((x) => x.map((value, i) => (value - (before.mean[i] ?? 0)) / before.sigma));
    const shift = [0, 1, 2].map((i) =>
      ys.slice(0, parents).reduce((sum, y, k) => sum + (weights[k] ?? 0) * (y[i] ?? 0), 0),
    );
    expectClose(
      after.mean,
      shift.map((value, i) => (before.mean[i] ?? 0) + before.sigma * value),
      1e-12,
    );
    const root = (y: ArrayLike<number>) =>
      [0, 1, 2].map((i) =>
        [0, 1, 2].reduce((sum, j) => {
          const along = [0, 1, 2].reduce((total, k) => total + (before.axes[j * n + k] ?? 0) * (y[k] ?? 0), 0);
          return sum + (before.lengths[j] ?? 0) * along * (before.axes[j * n + i] ?? 0);
        }, 0),
      );
    // C^½ times what was added to p_σ is the shift again.
    const added = after.sigmaPath.map((value, i) => value - (1 - cSigma) * (before.sigmaPath[i] ?? 0));
    expectClose(
      root(added),
      shift.map((value) => Math.sqrt(cSigma * (2 - cSigma) * muEff) * value),
      1e-9,
    );
    const length = Math.hypot(...after.sigmaPath);
    const settled = length / Math.sqrt(1 - (1 - cSigma) ** (2 * (before.generation + 1)));
    expect(settled < (1.4 + 2 / (n + 1)) * chi ? 1 : 0).toBe(h);
    expect(after.sigma / before.sigma).toBeCloseTo(Math.exp((cSigma / dSigma) * (length / chi - 1)), 12);
    const path = shift.map(
      (value, i) => (1 - cC) * (before.covariancePath[i] ?? 0) + h * Math.sqrt(cC * (2 - cC) * muEff) * value,
    );
    expectClose(after.covariancePath, path, 1e-12);
    const rows = [0, 1, 2].map((i) => [...before.covariance.subarray(i * n, (i + 1) * n)]);
    const scaled = ys.map((y, k) => {
      const w = weights[k] ?? 0;
      return w >= 0 ? w : (w * n) / solveDense(rows, y).reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    });
    const kept = 1 + c1 * (1 - h) * cC * (2 - cC) - c1 - cMu * weights.reduce((sum, w) => sum + w, 0);
    const covariance = Array.from(before.covariance, (value, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      const ranks = ys.reduce((sum, y, k) => sum + (scaled[k] ?? 0) * (y[i] ?? 0) * (y[j] ?? 0), 0);
      return kept * value + c1 * (path[i] ?? 0) * (path[j] ?? 0) + cMu * ranks;
    });
    expectClose(after.covariance, covariance, 1e-9);
  });

  it('sees only the order of values', () => {
    const start = { seed: 5, start: [1, 2, 3], sigma: 0.5 };
    const plain = run(start, sphere, 0, 400);
    const bent = run(start, (x) => -Math.expm1(-sphere(x)), 0, 400);
    expect(bent.mean).toEqual(plain.mean);
    expect(bent.covariance).toEqual(plain.covariance);
  });

  it('does not care where the optimum is', () => {
    const plain = run({ seed: 5, start: [1, 2, 3], sigma: 0.5 }, sphere, 0, 200);
    const moved = run({ seed: 5, start: [9, 10, 11], sigma: 0.5 }, (x) => sphere(x.map((value) => value - 8)), 0, 200);
    expectClose(
      moved.mean.map((value) => value - 8),
      plain.mean,
      1e-9,
    );
  });

  it('keeps samples inside the box and finds an optimum on its border', () => {
    const box = [
      { min: 0, max: 1 },
      { min: -1, max: 0.25 },
    ];
    let state = cmaEs({ seed: 2, start: [0.5, 0], sigma: 0.4, box });
    for (let generation = 0; generation < 80; generation++) {
      const vectors = ask(state);
      for (const [x = 9, y = 9] of vectors) expect(x >= 0 && x <= 1 && y >= -1 && y <= 0.25).toBe(true);
      state = tell(
        state,
        vectors.map(([x = 0, y = 0]) => sphere([x - 0.3, y - 2])),
      );
    }
    expectClose(state.best?.x ?? [], [0.3, 0.25], 1e-4);
    // The penalty holds the mean near the border although values beyond it are all alike.
    expect(state.mean[1]).toBeLessThan(0.5);
  });

  it('goes on from stored state as if it had never stopped', () => {
    const options = { seed: 9, start: [1, 1], sigma: 0.3 };
    const whole = run(options, sphere, 0, 120);
    let state = structuredClone(run(options, sphere, 0, 60));
    while (state.evaluations < 120) state = tell(state, ask(state).map(sphere));
    expect(state).toEqual(whole);
  });

  it('refuses what it cannot start from or learn from', () => {
    expect(() => cmaEs({ seed: 1, start: [1], sigma: 0 })).toThrow('σ = 0');
    expect(() => cmaEs({ seed: 1, start: [1], sigma: 1, box: [] })).toThrow('0 sides, but the start 1 coordinates');
    const state = cmaEs({ seed: 1, start: [1, 1], sigma: 1 });
    expect(() => tell(state, [1, 2])).toThrow('wanted 6 numbers');
    expect(() => tell(state, [1, 2, 3, 4, 5, Number.NaN])).toThrow('wanted 6 numbers');
  });
});
