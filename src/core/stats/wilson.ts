/** Noise of accuracies: a share of correct answers among n samples is an estimate, and its interval is shown with it. */

/** Standard normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Count {
  readonly correct: number;
  readonly n: number;
}

/**
 * Wilson's 95 % score interval of a proportion (Wilson 1927): unlike p ± 2σ it stays inside [0, 1] and does not shrink to a
 * point at 0 or n correct. Without samples nothing is known: [0, 1].
 */
export function wilson(correct: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const p = correct / n;
  const shrink = 1 + (Z * Z) / n;
  const centre = (p + (Z * Z) / (2 * n)) / shrink;
  const half = (Z * Math.sqrt((p * (1 - p)) / n + (Z * Z) / (4 * n * n))) / shrink;
  // At the ends the exact bounds are 0 and 1; the formula misses them by rounding.
  return { low: correct === 0 ? 0 : centre - half, high: correct === n ? 1 : centre + half };
}

/**
 * Whether two accuracies differ by more than chance explains, at 95 %. Both merges answer the same samples, so a paired test
 * (McNemar) would see smaller differences; counts alone do not say which answers flipped, so this is the unpaired
 * two-proportion z test, which is on the careful side when the merges mostly agree.
 */
export function beyondNoise(a: Count, b: Count): boolean {
  if (a.n === 0 || b.n === 0) return false;
  const pooled = (a.correct + b.correct) / (a.n + b.n);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  // With all answers right or all wrong the deviation and the difference are both 0.
  return Math.abs(a.correct / a.n - b.correct / b.n) > Z * deviation;
}
