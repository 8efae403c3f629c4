/**
 * The fit of MAP's published code (Li et al. 2024, arXiv 2406.07529; SciPy's `curve_fit`), to teach why ours differs: plain
 * least squares on the metric itself through the link, by Levenberg–Marquardt from β = 1 everywhere, without bounds and without
 * weights. Where the link saturates the slope vanishes, so it often stops in a bad minimum; ours is a closed form.
 */
import type { Range } from '../point.ts';
import { featureCount, features } from './features.ts';
import { levenbergMarquardt } from './levenberg-marquardt.ts';
import { fromLink, type Link, slopeAt } from './link.ts';
import { addRow, dot, emptySums, type Sums } from './regression.ts';

/**
 * Where the published search looks for a front. Points are sampled in [0, 1], so most of this box is extrapolation: on a toy of
 * two tasks the published fit promises a hypervolume of .997 there and its merges reach .129; inside the sampled box, where ours
 * stays, .901 is promised and .902 reached.
 */
export const PUBLISHED_BOX: Range = { min: -3, max: 3 };

/** A slope below has no square. */
const VANISHED = 1e-150;

export type PublishedFit =
  | { readonly state: 'too few points'; readonly points: number; readonly needed: number }
  /** A minimum, not always a good one: see r2. */
  | PublishedResult<'converged'>
  /** Still moving when its evaluations were used up, or no longer finite. */
  | PublishedResult<'diverged'>;

interface PublishedResult<State extends string> {
  readonly state: State;
  /** In the order of `features`. */
  readonly beta: Float64Array;
  /** Of the points that were fitted; undefined when their values are all equal or the fit is not finite. */
  readonly r2: number | undefined;
  /** Of the published budget of 200(p + 1). */
  readonly evaluations: number;
}

export interface PublishedPoint {
  readonly coefficients: readonly number[];
  readonly value: number;
}

/** Never throws for finite points of one length, however badly they determine the quadratic. */
export function fitAsPublished(points: readonly PublishedPoint[], link: Link): PublishedFit {
  const needed = featureCount(points[0]?.coefficients.length ?? 0);
  if (points.length < needed) return { state: 'too few points', points: points.length, needed };
  const problem = {
    metric: { link },
    phi: points.map(({ coefficients }) => features(coefficients)),
    values: points.map(({ value }) => value),
  };
  const { x, error, evaluations, converged } = levenbergMarquardt(
    { error: (beta) => squaredError(problem, beta), linearised: (beta) => linearised(problem, beta) },
    new Float64Array(needed).fill(1),
  );
  const mean = problem.values.reduce((sum, value) => sum + value, 0) / points.length;
  const spread = problem.values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const r2 = spread > 0 && Number.isFinite(error) ? 1 - error / spread : undefined;
  return { state: converged ? 'converged' : 'diverged', beta: x, r2, evaluations };
}

interface Problem {
  readonly metric: { readonly link: Link };
  readonly phi: readonly Float64Array[];
  readonly values: readonly number[];
}

/** Sums of JᵀJ and Jᵀr, with J = g′(q)·φ: as rows of a regression with target r/g′ and weight g′². */
function linearised({ metric, phi, values }: Problem, beta: Float64Array): Sums {
  const sums = emptySums(beta.length);
  for (const [k, row] of phi.entries()) {
    const q = dot(row, beta);
    const slope = slopeAt(metric, q);
    const residual = (values[k] ?? 0) - fromLink(metric, q);
    if (slope > VANISHED) addRow(sums, { phi: row, z: residual / slope, weight: slope * slope });
  }
  return sums;
}

function squaredError({ metric, phi, values }: Problem, beta: Float64Array): number {
  return phi.reduce((sum, row, k) => sum + ((values[k] ?? 0) - fromLink(metric, dot(row, beta))) ** 2, 0);
}
