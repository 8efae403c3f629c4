/** The Pareto set in closed form, where every objective is a concave quadratic (MAP, Li et al. 2024). */
import type { Range } from '../point.ts';
import type { Quadratic } from '../surrogate/features.ts';

export interface ConcavePoint {
  readonly weights: readonly number[];
  /** Best vector inside the box for these weights. */
  readonly coefficients: readonly number[];
  /** c(w) = −(Σ w A)⁻¹ Σ w b, wherever it lies. */
  readonly unconstrained: readonly number[];
  /** The two differ: the box, not the trade-off, ends the front here. */
  readonly atBorder: boolean;
}

const SWEEPS = 1000;
/** A sweep that moves no coefficient further than this has converged. */
const SETTLED = 1e-13;

/**
 * One point of the front per weight vector: every weakly efficient point of concave objectives in a convex box maximises
 * some Σ w·q, w on the simplex. Undefined unless all quadratics are strictly concave.
 * @param weights [count × objectives], not negative, not all zero
 */
export function concaveFront(
  quadratics: readonly Quadratic[],
  box: readonly Range[],
  weights: readonly (readonly number[])[],
): ConcavePoint[] | undefined {
  if (quadratics.length === 0 || !quadratics.every(isConcave)) return undefined;
  return weights.map((w) => {
    const sum = weightedQuadratic(quadratics, w);
    const unconstrained = peak(sum);
    const inside = box.every(({ min, max }, i) => min <= (unconstrained[i] ?? 0) && (unconstrained[i] ?? 0) <= max);
    const coefficients = inside ? unconstrained : peakInBox(sum, box, unconstrained);
    return { weights: w, coefficients, unconstrained, atBorder: !inside };
  });
}

/** A is negative definite: −A has a Cholesky factor. */
export function isConcave({ a, b }: Quadratic): boolean {
  return factorOfNegative(a, b.length) !== undefined;
}

/** Σ w·q */
function weightedQuadratic(quadratics: readonly Quadratic[], weights: readonly number[]): Quadratic {
  const n = quadratics[0]?.b.length ?? 0;
  const sum = (read: (quadratic: Quadratic) => number) =>
    quadratics.reduce((total, quadratic, t) => total + (weights[t] ?? 0) * read(quadratic), 0);
  return {
    a: Float64Array.from({ length: n * n }, (_, i) => sum(({ a }) => a[i] ?? 0)),
    b: Float64Array.from({ length: n }, (_, i) => sum(({ b }) => b[i] ?? 0)),
    e: sum(({ e }) => e),
  };
}

/** L with LLᵀ = −A, or undefined where a pivot is not positive beyond rounding. */
function factorOfNegative(a: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = -(a[i * n + j] ?? 0);
      for (let k = 0; k < j; k++) sum -= (factor[i * n + k] ?? 0) * (factor[j * n + k] ?? 0);
      if (i > j) factor[i * n + j] = sum / (factor[j * n + j] ?? 1);
      else if (sum > n * Number.EPSILON * Math.abs(a[i * n + i] ?? 0)) factor[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

/** Solves −A·c = b. */
function peak({ a, b }: Quadratic): number[] {
  const n = b.length;
  const factor = factorOfNegative(a, n);
  if (!factor) throw new Error('the weights make no concave sum: they must not be negative, nor all zero');
  const c = Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) c[i] = (c[i] ?? 0) - (factor[i * n + k] ?? 0) * (c[k] ?? 0);
    c[i] = (c[i] ?? 0) / (factor[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) c[i] = (c[i] ?? 0) - (factor[k * n + i] ?? 0) * (c[k] ?? 0);
    c[i] = (c[i] ?? 0) / (factor[i * n + i] ?? 1);
  }
  return c;
}

/**
 * The constrained peak, by exact maximisation along one coefficient after another: a clipped peak is in general not the best
 * point of the box.
 */
function peakInBox({ a, b }: Quadratic, box: readonly Range[], from: readonly number[]): number[] {
  const n = b.length;
  const c = box.map(({ min, max }, i) => Math.min(max, Math.max(min, from[i] ?? min)));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let furthest = 0;
    for (const [i, { min, max }] of box.entries()) {
      let slope = b[i] ?? 0;
      for (let j = 0; j < n; j++) if (j !== i) slope += (a[i * n + j] ?? 0) * (c[j] ?? 0);
      const best = Math.min(max, Math.max(min, slope / -(a[i * n + i] ?? -1)));
      furthest = Math.max(furthest, Math.abs(best - (c[i] ?? 0)));
      c[i] = best;
    }
    if (furthest <= SETTLED) break;
  }
  return c;
}
