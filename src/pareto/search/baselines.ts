/** Merges to measure beside MAP's, as coefficient vectors over the experts: 0 is the base, a unit vector an expert alone. */
import { randomStream } from '../../core/random/counter.ts';
import type { Range } from '../point.ts';
import { dasDennis, finest } from './das-dennis.ts';

/** The official number of λ between two models; the same step of 1/10 gives 66 between three. */
const BETWEEN_TWO = 11;
const BETWEEN_MORE = 66;

/**
 * Rewarded soups (Ramé et al. 2023): θ(λ) = Σ λᵢθᵢ with λ on the simplex, evenly spread, each expert among them. Over task
 * vectors of one base these are the coefficients with Σc = 1.
 * @param budget most merges; more experts than that are refused
 */
export function rewardedSoups(experts: number, budget = experts === 2 ? BETWEEN_TWO : BETWEEN_MORE): number[][] {
  const partitions = finest(experts, budget);
  if (partitions < 1) throw new Error(`${budget} merges cannot hold ${experts} experts; wanted at least ${experts}`);
  return dasDennis(experts, partitions);
}

/** λ ∝ μη: where Σ μᵢRᵢ peaks if Rᵢ = −ηᵢ/2·‖θ − θᵢ‖² (the paper's lemma). */
export function optimalSoup(preferences: readonly number[], curvatures: readonly number[]): number[] {
  const parts = preferences.map((preference, i) => preference * (curvatures[i] ?? 0));
  const sum = parts.reduce((total, part) => total + part, 0);
  if (!(sum > 0)) throw new Error(`preferences times curvatures are [${parts.join(', ')}]; wanted a positive sum`);
  return parts.map((part) => part / sum);
}

/** The mean of all experts. */
export function uniformAverage(experts: number): number[] {
  return Array.from({ length: experts }, () => 1 / experts);
}

/** Task arithmetic with one λ for all experts, `count` evenly spaced ones with both ends. */
export function sharedLambdaLine(experts: number, { min, max }: Range, count: number): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const lambda = count === 1 ? min : min + (i / (count - 1)) * (max - min);
    return Array.from({ length: experts }, () => lambda);
  });
}

/** Uniform in the box; a longer search begins with the shorter one. */
export function randomSearch(box: readonly Range[], count: number, seed: number): number[][] {
  const random = randomStream(seed, 'random search');
  return Array.from({ length: count }, () => box.map(({ min, max }) => min + random.uniform() * (max - min)));
}
