/** How well a surrogate predicts merges that it never saw. */
import type { Observed } from '../../pareto/map.ts';
import { outcomeValue, samplesOf } from '../../pareto/point.ts';
import { predict, type Surrogate } from '../../pareto/surrogate/predict.ts';

export interface HoldOut {
  /** 1 − Σ(measured − predicted)² / Σ(measured − mean)²; undefined where all measured values are equal. */
  readonly r2: number | undefined;
  /** Of accuracies 0…1. */
  readonly rmse: number;
  /** R² that the true accuracies would have: their measured values still scatter by the choice of samples. */
  readonly ceiling: number | undefined;
}

/** @throws Error when one of the merges was not measured on the task */
export function holdOut(surrogate: Surrogate, unseen: readonly Observed[], task: string): HoldOut {
  const pairs = unseen.map(({ coefficients, outcomes }) => {
    const outcome = outcomes[task];
    if (!outcome) throw new Error(`a merge held out was not measured on ${task}`);
    const [value, n] = [outcomeValue(outcome), samplesOf(outcome)];
    // Unbiased variance of a share of n.
    return { value, predicted: predict(surrogate, coefficients).mean, noise: (value * (1 - value)) / (n - 1) };
  });
  const mean = pairs.reduce((sum, { value }) => sum + value, 0) / pairs.length;
  const spread = pairs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const missed = pairs.reduce((sum, { value, predicted }) => sum + (value - predicted) ** 2, 0);
  const noise = pairs.reduce((sum, pair) => sum + pair.noise, 0);
  return {
    r2: spread > 0 ? 1 - missed / spread : undefined,
    rmse: Math.sqrt(missed / pairs.length),
    ceiling: spread > 0 ? 1 - noise / spread : undefined,
  };
}
