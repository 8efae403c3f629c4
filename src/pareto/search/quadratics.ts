/** Many vectors against many quadratics at once: the raw objectives of the surrogates. */
import { dot } from '../../core/linalg/matrix.ts';
import type { Range } from '../point.ts';
import { featureCount } from '../surrogate/features.ts';
import type { Problem } from './population.ts';

/**
 * q_t(c) = φ(c)ᵀβ_t, by Horner's rule: the features of MAP's order are never written down.
 * @param betas one per objective, in the order of `features`
 * @param x [count × n]
 * @returns [count × objectives]
 */
export function quadraticValues(betas: readonly ArrayLike<number>[], x: Float64Array, n: number): Float64Array {
  const wrong = betas.find((beta) => beta.length !== featureCount(n));
  if (wrong) throw new Error(`a quadratic of ${n} coefficients has ${wrong.length} terms; wanted ${featureCount(n)}`);
  const count = n === 0 ? 0 : x.length / n;
  const values = new Float64Array(count * betas.length);
  for (const [t, beta] of betas.entries()) {
    const terms = Float64Array.from(beta);
    for (let i = 0; i < count; i++) values[i * betas.length + t] = quadraticAt(terms, x, i * n, n);
  }
  return values;
}

/** Every index is in range by construction; `as number` only says so to the compiler. */
function quadraticAt(beta: Float64Array, x: Float64Array, at: number, n: number): number {
  const linear = beta.length - 1 - n;
  let q = beta[beta.length - 1] as number;
  let cross = n;
  for (let i = 0; i < n; i++) {
    const xi = x[at + i] as number;
    const rest = n - i - 1;
    q += xi * ((beta[linear + i] as number) + xi * (beta[i] as number) + dot(beta, cross, x, at + i + 1, rest));
    cross += rest;
  }
  return q;
}

/** The search problem of fitted quadratics inside a box; a loss goes in with its β negated. */
export function quadraticProblem(betas: readonly ArrayLike<number>[], box: readonly Range[]): Problem {
  return { box, objectives: betas.length, evaluate: (x) => quadraticValues(betas, x, box.length) };
}
