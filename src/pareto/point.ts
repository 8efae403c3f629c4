/** What a measured merge is to the Pareto view. Structural: the same shape as the card's scores, without importing formats. */

/** Correct answers out of n. */
export interface Score {
  readonly correct: number;
  readonly n: number;
}

/** By task id. */
export type Scores = Readonly<Record<string, Score>>;

export interface MeasuredPoint {
  /** In the order of the fitted coefficients. */
  readonly coefficients: readonly number[];
  /** What surrogates are fitted on, because choosing is done by them. */
  readonly calibration: Scores;
  /** What is reported. */
  readonly test: Scores;
  readonly mergeId: string;
}

/** Where one coefficient may lie. */
export interface Range {
  readonly min: number;
  readonly max: number;
}
