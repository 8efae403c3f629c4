/**
 * Bayesian MAP's choice of the next merges of one task (Li et al. 2024, arXiv 2406.07529): directions in which the quadratic fits
 * badly are sampled again. Not a Gaussian process; `active.ts` has what we recommend instead. Defects of the published code are
 * avoided: an empty bin takes the largest score of the others (there −∞, so that it was never explored); scores are normalised
 * before the softmax (there squared errors near 1e-3 against a temperature of .07: practically uniform); the points removed for
 * the deviation come back after each repetition (there they were removed for good); and scores are of all points that the caller
 * has, so new ones count in the next round.
 */
import { type Random, randomStream } from '../../core/random/counter.ts';
import type { Range } from '../point.ts';
import { type Bins, binOf, boundsOf, fromDirection } from './angles.ts';

export interface AngleOptions {
  /** λ of the score: how much an uncertain mean counts. */
  readonly exploration: number;
  /** Of the softmax over scores in 0…1. */
  readonly temperature: number;
  /** Share of a bin's points that each repetition leaves out. */
  readonly leftOut: number;
  readonly repetitions: number;
  /** Where the length of a drawn vector lies. */
  readonly radius: Range;
}

/** As published. */
export const ANGLE_OPTIONS: AngleOptions = {
  exploration: 0.5,
  temperature: 0.07,
  leftOut: 0.2,
  repetitions: 30,
  radius: { min: 0.2, max: 0.8 },
};
/** Drawn coefficients are cut off here, as published. */
const LARGEST = 1.5;

export interface FittedPoint {
  readonly coefficients: readonly number[];
  /** Estimate minus measurement. */
  readonly error: number;
}

/**
 * Mean squared error plus λ times the standard deviation of that mean under leaving points out; bins without a point get the
 * largest score of those with one, 0 when there is none.
 * @returns one score per joint bin
 */
export function binScores(
  bins: Bins,
  points: readonly FittedPoint[],
  random: Random,
  options: AngleOptions = ANGLE_OPTIONS,
): Float64Array {
  const members = new Map<number, number[]>();
  for (const { coefficients, error } of points) {
    const bin = binOf(bins, coefficients);
    if (bin !== undefined) members.set(bin, [...(members.get(bin) ?? []), error ** 2]);
  }
  const scores = new Map([...members].map(([bin, losses]) => [bin, scoreOf(losses, random, options)] as const));
  const largest = Math.max(0, ...scores.values());
  return Float64Array.from({ length: bins.count }, (_, bin) => scores.get(bin) ?? largest);
}

function scoreOf(
  losses: readonly number[],
  random: Random,
  { exploration, leftOut, repetitions }: AngleOptions,
): number {
  const kept = losses.length - Math.floor(leftOut * losses.length);
  const means = Array.from({ length: repetitions }, () => mean(random.shuffle([...losses]).slice(0, kept)));
  const centre = mean(means);
  const deviation = Math.sqrt(mean(means.map((value) => (value - centre) ** 2)));
  return mean(losses) + exploration * deviation;
}

/** Softmax of scores stretched to 0…1; uniform when they are all equal. Sums to 1. */
export function binProbabilities(scores: ArrayLike<number>, temperature: number): Float64Array {
  const values = Float64Array.from(scores);
  const least = Math.min(...values);
  const width = Math.max(...values) - least;
  const weights = values.map((score) => (width > 0 ? Math.exp(((score - least) / width - 1) / temperature) : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Coefficient vectors with bins drawn with replacement, angles uniform within the bin, and radii uniform in their range. */
export function drawFromBins(
  bins: Bins,
  probabilities: ArrayLike<number>,
  count: number,
  random: Random,
  { radius }: Pick<AngleOptions, 'radius'> = ANGLE_OPTIONS,
): number[][] {
  const within = ({ min, max }: Range) => min + random.uniform() * (max - min);
  return Array.from({ length: count }, () => {
    const angles = boundsOf(bins, drawIndex(probabilities, random)).map(within);
    const c = fromDirection({ radius: within(radius), angles });
    return c.map((x) => Math.min(LARGEST, Math.max(0, x)));
  });
}

/** The next merges to measure for one task, from the errors of its quadratic so far. */
export function nextByAngles(
  bins: Bins,
  points: readonly FittedPoint[],
  count: number,
  seed: number,
  options: AngleOptions = ANGLE_OPTIONS,
): number[][] {
  // A round of its own for each number of points, or every round would draw the same.
  const random = randomStream(seed, `angles of ${points.length} points`);
  const scores = binScores(bins, points, random, options);
  return drawFromBins(bins, binProbabilities(scores, options.temperature), count, random, options);
}

function drawIndex(probabilities: ArrayLike<number>, random: Random): number {
  let left = random.uniform();
  for (let i = 0; i < probabilities.length; i++) {
    left -= probabilities[i] ?? 0;
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
