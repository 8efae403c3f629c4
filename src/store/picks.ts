/** Choosing one merge of a front by a rule: balanced, knee, weighted, or nearest to a wish. Pure. */
import { nonDominated } from '../pareto/front/dominance.ts';
import { aspirationPoint, balancedPoint, kneePoint, weightedPick } from '../pareto/search/preference.ts';
import { directionOf } from '../pareto/surrogate/objective.ts';
import type { Goal } from './objectives.ts';
import type { Preference } from './state.ts';

/** A merge that may be chosen, on the calibration split. */
export interface Candidate {
  /** Merge id of a measured one, `predicted 3` of a predicted one: as in the parallel plot. */
  readonly id: string;
  readonly kind: Preference['among'];
  readonly coefficients: readonly number[];
  /** One per goal, in their order, on its own scale. */
  readonly values: readonly number[];
  /** Samples behind each value, the fewest; 0 for an estimate. */
  readonly n: number;
}

export type Rule = 'balanced' | 'knee' | 'weights' | 'wish';

export interface Pick {
  readonly rule: Rule;
  readonly candidate: Candidate;
  /** Of the wish: every part of it is met. */
  readonly reached: boolean;
}

/** Values of which more is always better. */
const upward = (values: readonly number[], goals: readonly Goal[]): number[] =>
  values.map((value, m) => value * (goals[m] ? directionOf(goals[m].objective) : 1));

/** Those that no other beats in all goals. */
export function bestOf(candidates: readonly Candidate[], goals: readonly Goal[]): readonly Candidate[] {
  return nonDominated(candidates.map(({ values }) => upward(values, goals))).flatMap((i) => candidates[i] ?? []);
}

/** Slider of a goal's weight that was never moved. */
export const USUAL_WEIGHT = 0.5;

/**
 * The choice of every rule. All look at the front alone, whose own range is the scale of balance, knee and wish.
 * @param front non-dominated candidates that meet all limits
 */
export function picksOf(
  front: readonly Candidate[],
  goals: readonly Goal[],
  { weights, wish }: Omit<Preference, 'among'>,
): readonly Pick[] {
  const points = front.map(({ values }) => upward(values, goals));
  const pick = (rule: Rule, index: number | undefined, reached = true): readonly Pick[] => {
    const candidate = index === undefined ? undefined : front[index];
    return candidate ? [{ rule, candidate, reached }] : [];
  };
  const share = goals.map(({ objective }) => weights[objective.id] ?? USUAL_WEIGHT);
  const wished = goals.map(({ objective }) => wish[objective.id]);
  const lowest = goals.map((_, m) => Math.min(...points.map((point) => point[m] ?? 0)));
  // A goal without a wish asks for no more than the front's lowest, which every point has.
  const wanted = goals.map(({ objective }, m) => {
    const own = wished[m];
    return own === undefined ? (lowest[m] ?? 0) : own * directionOf(objective);
  });
  const aspired = wished.some((value) => value !== undefined) ? aspirationPoint(points, wanted) : undefined;
  return [
    ...pick('balanced', balancedPoint(points)),
    ...pick('knee', kneePoint(points)),
    ...(share.some((weight) => weight > 0) ? pick('weights', weightedPick(points, share)) : []),
    ...pick('wish', aspired?.index, aspired?.reached),
  ];
}

/** The best of every goal among candidates: where a wish starts. By objective. */
export const idealOf = (candidates: readonly Candidate[], goals: readonly Goal[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    goals.map(({ objective }, m) => {
      const own = candidates.map(({ values }) => values[m] ?? 0);
      return [objective.id, objective.sense === 'maximise' ? Math.max(...own) : Math.min(...own)];
    }),
  );
