/** Uphill inside a box on a weighted sum of linked quadratics. */
import type { Range } from '../point.ts';
import type { Quadratic } from '../surrogate/features.ts';
import { fromLink, type Metric, slopeAt } from '../surrogate/link.ts';

/** A metric as the surrogates model it: an increasing link of a quadratic. */
export interface Objective {
  readonly quadratic: Quadratic;
  readonly metric: Metric;
}

/** The raw quadratic itself. */
export const RAW: Metric = { link: 'identity' };

const STEPS = 20;
/** A step that is halved this often moves nothing any more. */
const HALVINGS = 30;
/** A flatter sum is linear: its first step ends at the border of the box. */
const LEAST_CURVATURE = 1e-12;

/**
 * Projected gradient ascent on Σ w·link(q), ∇q = Ac + b (MAP-live, S6). Steps grow while they succeed and are halved while they would lower
 * the sum, so the result is never worse than the start, moved into the box.
 * @param weights one per objective; negative for what is to be small
 */
export function ascend(
  from: ArrayLike<number>,
  weights: ArrayLike<number>,
  objectives: readonly Objective[],
  box: readonly Range[],
  steps = STEPS,
): number[] {
  let c = project(from, box);
  let value = weightedSum(c, weights, objectives);
  let size = 1 / Math.max(curvature(weights, objectives, box.length), LEAST_CURVATURE);
  for (let step = 0; step < steps; step++) {
    const gradient = gradientAt(c, weights, objectives);
    let halvings = 0;
    let next = moved(c, gradient, size, box);
    let height = weightedSum(next, weights, objectives);
    for (; !(height >= value) && halvings < HALVINGS; halvings++) {
      size /= 2;
      next = moved(c, gradient, size, box);
      height = weightedSum(next, weights, objectives);
    }
    if (!(height >= value)) return c;
    [c, value] = [next, height];
    if (halvings === 0) size *= 2;
  }
  return c;
}

function project(c: ArrayLike<number>, box: readonly Range[]): number[] {
  return box.map(({ min, max }, i) => Math.min(max, Math.max(min, c[i] ?? min)));
}

export function quadraticOfPoint({ a, b, e }: Quadratic, c: ArrayLike<number>): number {
  const n = b.length;
  let q = e;
  for (let i = 0; i < n; i++) {
    let half = 0;
    for (let j = 0; j < n; j++) half += (a[i * n + j] ?? 0) * (c[j] ?? 0);
    q += (c[i] ?? 0) * ((b[i] ?? 0) + half / 2);
  }
  return q;
}

function moved(c: readonly number[], gradient: ArrayLike<number>, size: number, box: readonly Range[]): number[] {
  return project(
    c.map((x, i) => x + size * (gradient[i] ?? 0)),
    box,
  );
}

function weightedSum(c: readonly number[], weights: ArrayLike<number>, objectives: readonly Objective[]): number {
  return objectives.reduce(
    (sum, { quadratic, metric }, t) =>
      (weights[t] ?? 0) === 0 ? sum : sum + (weights[t] ?? 0) * fromLink(metric, quadraticOfPoint(quadratic, c)),
    0,
  );
}

function gradientAt(c: readonly number[], weights: ArrayLike<number>, objectives: readonly Objective[]): Float64Array {
  const n = c.length;
  const gradient = new Float64Array(n);
  for (const [t, { quadratic, metric }] of objectives.entries()) {
    const weight = weights[t] ?? 0;
    if (weight === 0) continue;
    const factor = weight * slopeAt(metric, quadraticOfPoint(quadratic, c));
    for (let i = 0; i < n; i++) {
      let slope = quadratic.b[i] ?? 0;
      for (let j = 0; j < n; j++) slope += (quadratic.a[i * n + j] ?? 0) * (c[j] ?? 0);
      gradient[i] = (gradient[i] ?? 0) + factor * slope;
    }
  }
  return gradient;
}

/** A bound on the curvature of Σ w·q: its largest absolute row sum. */
function curvature(weights: ArrayLike<number>, objectives: readonly Objective[], n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) {
      sum += Math.abs(
        objectives.reduce((total, { quadratic }, t) => total + (weights[t] ?? 0) * (quadratic.a[i * n + j] ?? 0), 0),
      );
    }
    largest = Math.max(largest, sum);
  }
  return largest;
}
