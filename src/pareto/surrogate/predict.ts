/** Estimated metrics from a fitted surrogate: light enough for every frame of a drag on the main thread. */
import type { Range } from '../point.ts';
import { features } from './features.ts';
import { fromLink, type Metric, sigmoid, slopeAt } from './link.ts';
import { dot, forward, squaredLength } from './regression.ts';
import { toUnitBox } from './unit-box.ts';

export { sigmoid };

/** A task's fitted quadratic on the scale of its link. Plain data, so that a worker may fit and the page predict. */
export interface Surrogate extends Metric {
  /** Number of coefficients N. */
  readonly coefficients: number;
  /** Over the coefficients themselves, in the order of `features`. */
  readonly beta: Float64Array;
  /** Lower Cholesky factor of the penalised normal matrix, [p × p], over `box` stretched to the unit cube. */
  readonly factor: Float64Array;
  /** What coefficients are measured by in `factor`; absent for [0, 1]ᴺ. */
  readonly box?: readonly Range[];
  /** s² of the covariance s²(LLᵀ)⁻¹; infinite while there are as many unknowns as points. */
  readonly dispersion: number;
  /** Points that it was fitted on. */
  readonly points: number;
  /** Mean weight of these points. */
  readonly meanWeight: number;
  /** Leave-one-out R² of the metric; undefined when the measured values are all equal. */
  readonly looR2: number | undefined;
  /** Leave-one-out error in the metric's unit; of accuracies 0…1. */
  readonly looRmse: number;
}

export interface Estimate {
  readonly mean: number;
  /** 95 % band of the fitted mean, without the noise of a measurement. */
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of a two-sided 95 % band. */
export const Z = 1.96;

/** @param c one value per fitted coefficient */
export function predict(surrogate: Surrogate, c: ArrayLike<number>): Estimate {
  const phi = features(c);
  const q = dot(phi, surrogate.beta);
  const deviation = linkDeviation(surrogate, c, phi);
  return {
    mean: fromLink(surrogate, q),
    low: fromLink(surrogate, q - Z * deviation),
    high: fromLink(surrogate, q + Z * deviation),
  };
}

/**
 * φᵀ(LLᵀ)⁻¹φ: the variance of the quadratic at c, in units of the dispersion.
 * @param phi features of c, if they are known already
 */
export function relativeVariance({ factor, box }: Surrogate, c: ArrayLike<number>, phi?: Float64Array): number {
  return squaredLength(forward(factor, box || !phi ? features(toUnitBox(c, box)) : phi));
}

/** Standard deviation of the quadratic itself at c; infinite while the dispersion is unknown. */
export function linkDeviation(surrogate: Surrogate, c: ArrayLike<number>, phi?: Float64Array): number {
  return Math.sqrt(surrogate.dispersion * relativeVariance(surrogate, c, phi));
}

/** Standard deviation in the metric's own unit by the delta method, g′(q)·sd(q): for sums over tasks, not for a band near a bound. */
export function deviation(surrogate: Surrogate, c: ArrayLike<number>): number {
  const phi = features(c);
  return slopeAt(surrogate, dot(phi, surrogate.beta)) * linkDeviation(surrogate, c, phi);
}

/**
 * What the share of c in its own fit would be if c were one of the points, with their mean weight. The points' own shares are
 * p/K on average; well above their largest, the surrogate extrapolates even where c lies in the sampled box.
 */
export function leverageAt(surrogate: Surrogate, c: ArrayLike<number>): number {
  return surrogate.meanWeight * relativeVariance(surrogate, c);
}
