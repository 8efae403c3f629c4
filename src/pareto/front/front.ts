/**
 * The predicted Pareto front with its uncertainty. A fitted quadratic is worth nothing outside the box that was sampled, so the
 * search never leaves it.
 */
import type { Range } from '../point.ts';
import { candidateFront } from '../search/candidates.ts';
import { rowsOf } from '../search/population.ts';
import { type Estimate, predict, type Surrogate } from '../surrogate/predict.ts';

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
  /** By surrogate: true for what is to be small, a loss for example. */
  readonly minimised?: readonly boolean[];
}

/**
 * Non-dominated estimates of two or more tasks; for two, ordered from the best of the first task on.
 * @param box of the measured points, see `sampledBox`
 */
export function predictFront(
  surrogates: readonly Surrogate[],
  box: readonly Range[],
  options: FrontOptions,
): FrontPoint[] {
  const n = box.length;
  const wrong = surrogates.find((surrogate) => surrogate.coefficients !== n);
  if (wrong) throw new Error(`a surrogate has ${wrong.coefficients} coefficients, but the box has ${n}`);
  const betas = surrogates.map(({ beta }, t) => (options.minimised?.[t] ? beta.map((term) => -term) : beta));
  const { x, count } = candidateFront(betas, box, options);
  return rowsOf(x, count).map((c) => ({
    coefficients: [...c],
    estimates: surrogates.map((surrogate) => predict(surrogate, c)),
  }));
}
