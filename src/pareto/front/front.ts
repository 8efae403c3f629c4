/**
 * The predicted Pareto front, without evolution: many candidates inside the sampled box, improved for a fan of preferences by
 * projected gradient steps, filtered by dominance on the logit scale. A fitted quadratic is worth nothing outside the box that was
 * sampled, so the search never leaves it.
 */
import { sobol } from '../../core/random/sobol.ts';
import { scale } from '../design/design.ts';
import type { Range } from '../point.ts';
import { features, type Quadratic, quadraticOf } from '../surrogate/features.ts';
import { type Estimate, predict, type Surrogate } from '../surrogate/predict.ts';
import { dot } from '../surrogate/regression.ts';
import { nonDominated } from './dominance.ts';

/** Enough for a smooth line with two coefficients; the gradient steps make up for the thin cover of eight. */
const CANDIDATES = 4096;
/** Preferences between two tasks for which a candidate is improved. */
const PREFERENCES = 65;
const STEPS = 20;

export interface FrontPoint {
  readonly coefficients: readonly number[];
  /** One estimate per surrogate, in their order. */
  readonly estimates: readonly Estimate[];
}

export interface FrontOptions {
  readonly seed: number;
  readonly candidates?: number;
  /** Coefficient vectors to consider too, measured ones for example. */
  readonly known?: readonly (readonly number[])[];
}

/**
 * Non-dominated estimates of two or more tasks; for two, ordered by falling first task.
 * @param box of the measured points, see `sampledBox`
 */
export function predictFront(
  surrogates: readonly Surrogate[],
  box: readonly Range[],
  options: FrontOptions,
): FrontPoint[] {
  const { seed, candidates = CANDIDATES, known = [] } = options;
  const n = box.length;
  const wrong = surrogates.find((surrogate) => surrogate.coefficients !== n);
  if (wrong) throw new Error(`a surrogate has ${wrong.coefficients} coefficients, but the box has ${n}`);
  const drawn = [...scale(sobol(n, candidates, seed), box), ...known.map((c) => project(c, box))];
  const quadratics = surrogates.map((surrogate) => quadraticOf(surrogate.beta, n));
  const logits = drawn.map((c) => logitsAt(surrogates, c));
  const improved = fan(surrogates.length).map((weights) =>
    climb(drawn[bestFor(weights, logits)] ?? [], weights, quadratics, box),
  );
  const all = [...drawn, ...improved];
  const front = nonDominated([...logits, ...improved.map((c) => logitsAt(surrogates, c))]);
  return front.map((i) => {
    const coefficients = all[i] ?? [];
    return { coefficients, estimates: surrogates.map((surrogate) => predict(surrogate, coefficients)) };
  });
}

function logitsAt(surrogates: readonly Surrogate[], c: readonly number[]): number[] {
  const phi = features(c);
  return surrogates.map((surrogate) => dot(phi, surrogate.beta));
}

/** Preferences: a fan between two tasks; for more, each alone, each pair and all equally. */
function fan(tasks: number): number[][] {
  if (tasks === 2)
    return Array.from({ length: PREFERENCES }, (_, i) => [i / (PREFERENCES - 1), 1 - i / (PREFERENCES - 1)]);
  const indices = Array.from({ length: tasks }, (_, i) => i);
  const pairs = indices.flatMap((i) => indices.slice(i).map((j) => indices.map((k) => (k === i || k === j ? 1 : 0))));
  return [...pairs, indices.map(() => 1)];
}

function bestFor(weights: readonly number[], logits: readonly (readonly number[])[]): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const [i, row] of logits.entries()) {
    const value = dot(weights, row);
    if (value > highest) [best, highest] = [i, value];
  }
  return best;
}

/** Projected gradient ascent on Σ w·q inside the box; the step 1/L (L bounds the curvature) never lowers the sum. */
function climb(
  from: readonly number[],
  weights: readonly number[],
  quadratics: readonly Quadratic[],
  box: readonly Range[],
): number[] {
  const n = from.length;
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  for (const [t, quadratic] of quadratics.entries()) {
    const weight = weights[t] ?? 0;
    for (let i = 0; i < n * n; i++) a[i] = (a[i] ?? 0) + weight * (quadratic.a[i] ?? 0);
    for (let i = 0; i < n; i++) b[i] = (b[i] ?? 0) + weight * (quadratic.b[i] ?? 0);
  }
  const rowSums = Array.from({ length: n }, (_, i) =>
    a.subarray(i * n, (i + 1) * n).reduce((sum, x) => sum + Math.abs(x), 0),
  );
  const curvature = Math.max(...rowSums, Number.MIN_VALUE);
  let c = [...from];
  for (let step = 0; step < STEPS; step++) {
    const at = c;
    c = project(
      at.map((x, i) => x + (dot(a.subarray(i * n, (i + 1) * n), at) + (b[i] ?? 0)) / curvature),
      box,
    );
  }
  return c;
}

function project(c: readonly number[], box: readonly Range[]): number[] {
  return box.map(({ min, max }, i) => Math.min(max, Math.max(min, c[i] ?? min)));
}
