import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { design } from '../design/design.ts';
import { accuracyAt, BETAS, exactSurrogate, expectClose } from '../quadratic.testing.ts';
import { featureCount, features, quadraticOf } from './features.ts';
import { predict } from './predict.ts';
import { addRow, dot, emptySums, solve } from './regression.ts';

describe('the specification’s fixture', () => {
  it.each([
    [1, 0, 0.689974, 0.214165],
    [0, 1, 0.331812, 0.622459],
    [0.5, 0.5, 0.604679, 0.562177],
    [0.25, 0.75, 0.489064, 0.631231],
    [1, 1, 0.231475, 0.24974],
  ])('at (%f, %f) gives %f and %f', (x, y, first, second) => {
    const estimates = BETAS.map((beta) => predict(exactSurrogate(beta), [x, y]).mean);
    expectClose(estimates, [first, second], 1e-6);
  });

  it('gives the golden plain least squares without the link', () => {
    const points = [
      [1, 0],
      [0, 1],
      [0, 0],
      [0.5, 0.5],
      [0.25, 0.75],
      [0.75, 0.25],
      [0.5, 0],
      [0, 0.5],
      [1, 1],
      [0.25, 0.25],
      [0.75, 0.75],
      [1, 0.5],
    ];
    const sums = emptySums(6);
    for (const c of points) addRow(sums, { phi: features(c), z: accuracyAt(BETAS[0], c), weight: 1 });
    expectClose(solve(sums, 0).beta, [-0.48034, -0.2258, -0.34084, 0.71653, 0.10508, 0.45292], 6e-6);
  });
});

describe('the quadratic', () => {
  it('is recovered exactly from exact logits, whatever the weights', () => {
    const range = { min: 0.1, max: 5, noNaN: true };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 15, maxLength: 15 }),
        fc.array(fc.double(range), { minLength: 30, maxLength: 30 }),
        (n, draws, weights) => {
          const p = featureCount(n);
          const beta = draws.slice(0, p);
          const sums = emptySums(p);
          const axes = Array.from({ length: n }, () => ({ min: 0, max: 1, perExpert: true }));
          for (const [i, c] of design(axes, 2 * p, 5).entries()) {
            const phi = features(c);
            addRow(sums, { phi, z: dot(phi, beta), weight: weights[i] ?? 1 });
          }
          expectClose(solve(sums, 0).beta, beta, 1e-8);
        },
      ),
    );
  });

  it('reads off as ½cᵀAc + bᵀc + e', () => {
    const [beta] = BETAS;
    const { a, b, e } = quadraticOf(beta, 2);
    expect([...a]).toEqual([-4, -1.5, -1.5, -2]);
    const c = [0.3, 0.8];
    const value = 0.5 * (-4 * 0.09 - 3 * 0.24 - 2 * 0.64) + dot(b, c) + e;
    expect(value).toBeCloseTo(dot(features(c), beta), 12);
  });
});
