/** What a measured merge is to the Pareto view. Structural: the same shape as the card's scores, without importing formats. */

/** Correct answers out of n. */
export interface Score {
  readonly correct: number;
  readonly n: number;
}

/** A mean over samples, such as a loss in nats. */
export interface Value {
  readonly value: number;
  /** Samples behind it. */
  readonly n?: number;
}

/** What one evaluation says about one task: which key is there tells counts from a value. */
export type Outcome = Score | Value;

/** By task id; a task that was not measured here is missing. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** The value of an outcome on its metric's own scale: of counts the share of correct answers, 0…1. */
export function outcomeValue(outcome: Outcome): number {
  return 'correct' in outcome ? outcome.correct / outcome.n : outcome.value;
}

export interface MeasuredPoint {
  /** In the order of the fitted coefficients. */
  readonly coefficients: readonly number[];
  /** What surrogates are fitted on, because choosing is done by them. */
  readonly calibration: Outcomes;
  /** What is reported. */
  readonly test: Outcomes;
  readonly mergeId: string;
}

/** Where one coefficient may lie. */
export interface Range {
  readonly min: number;
  readonly max: number;
}
