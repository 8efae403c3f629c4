/** How well a surrogate predicts merges that it never saw. */
import type { Observed } from '../../pareto/map.ts';
import { outcomeValue } from '../../pareto/point.ts';
import { predict, type Surrogate } from '../../pareto/surrogate/predict.ts';

export interface HoldOut {
  /** 1 − Σ(measured − predicted)² / Σ(measured − mean)²; undefined where all measured values are equal. */
  readonly r2: number | undefined;
  /** Of accuracies 0…1. */
  readonly rmse: number;
  /** Standard deviation of the measured values: the error of who always says their mean. */
  readonly deviation: number;
}

/** @throws Error when one of the merges was not measured on the task */
export function holdOut(surrogate: Surrogate, unseen: readonly Observed[], task: string): HoldOut {
  const pairs = unseen.map(({ coefficients, outcomes }) => {
    const outcome = outcomes[task];
    if (!outcome) throw new Error(`a merge held out was not measured on ${task}`);
    return { value: outcomeValue(outcome), predicted: predict(surrogate, coefficients).mean };
  });
  const mean = pairs.reduce((sum, { value }) => sum + value, 0) / pairs.length;
  const spread = pairs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const missed = pairs.reduce((sum, { value, predicted }) => sum + (value - predicted) ** 2, 0);
  return {
    r2: spread > 0 ? 1 - missed / spread : undefined,
    rmse: Math.sqrt(missed / pairs.length),
    deviation: Math.sqrt(spread / pairs.length),
  };
}
