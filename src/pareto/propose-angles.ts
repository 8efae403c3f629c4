/** Bayesian MAP's next merges as one more rule: directions in which the worst-fitting metric was missed are sampled again. */
import { nextByAngles } from './design/angle-sampling.ts';
import { binsOf } from './design/angles.ts';
import type { Observed } from './map.ts';
import { outcomeValue } from './point.ts';
import { predict, type Surrogate } from './surrogate/predict.ts';

/**
 * Drawn for the metric whose surrogate errs most, relative to its spread (least leave-one-out R²); they may lie outside the
 * sampling ranges, up to 1.5 as published.
 * @throws Error without a surrogate, or with fewer than two coefficients, which have no angle
 */
export function proposeByAngles(request: {
  readonly surrogates: ReadonlyMap<string, Surrogate>;
  readonly observed: readonly Observed[];
  readonly count: number;
  readonly seed: number;
}): number[][] {
  const { surrogates, observed, count, seed } = request;
  const [worst] = [...surrogates].sort(([, a], [, b]) => (a.looR2 ?? 0) - (b.looR2 ?? 0));
  if (!worst) throw new Error('no metric has a surrogate yet: measure more merges first');
  const [metric, surrogate] = worst;
  const n = surrogate.coefficients;
  if (n < 2) throw new Error(`${n} coefficient has no direction; choose another rule for the next merges`);
  const points = observed.flatMap(({ coefficients, outcomes }) => {
    const outcome = outcomes[metric];
    const error = outcome && predict(surrogate, coefficients).mean - outcomeValue(outcome);
    return error === undefined ? [] : [{ coefficients, error }];
  });
  return nextByAngles(binsOf(n), points, count, seed);
}
