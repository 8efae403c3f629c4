/** Estimated accuracies from a fitted surrogate: light enough for every frame of a drag on the main thread. */
import { features } from './features.ts';
import { dot, forward, squaredLength } from './regression.ts';

/** A task's fitted quadratic on the logit scale. Plain data, so that a worker may fit and the page predict. */
export interface Surrogate {
  /** Number of coefficients N. */
  readonly coefficients: number;
  /** In the order of `features`. */
  readonly beta: Float64Array;
  /** Lower Cholesky factor of the penalised normal matrix, [p × p]. */
  readonly factor: Float64Array;
  /** s² of the covariance s²(LLᵀ)⁻¹; infinite while there are as many unknowns as points. */
  readonly dispersion: number;
  /** Points that it was fitted on. */
  readonly points: number;
  /** Leave-one-out R² of accuracies; undefined when the measured accuracies are all equal. */
  readonly looR2: number | undefined;
  /** Leave-one-out error of accuracies, 0…1. */
  readonly looRmse: number;
}

export interface Estimate {
  readonly mean: number;
  /** 95 % band of the fitted mean, without the noise of a measurement. */
  readonly low: number;
  readonly high: number;
}

/** Standard normal quantile of a two-sided 95 % band. */
const Z = 1.96;

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** @param c one value per fitted coefficient */
export function predict(surrogate: Surrogate, c: ArrayLike<number>): Estimate {
  const phi = features(c);
  const mean = dot(phi, surrogate.beta);
  const deviation = Math.sqrt(surrogate.dispersion * squaredLength(forward(surrogate.factor, phi)));
  return { mean: sigmoid(mean), low: sigmoid(mean - Z * deviation), high: sigmoid(mean + Z * deviation) };
}
