/** What the search worker serves: everything about fronts that needs no tensors. */
import { fitSurrogates, frontOf, type Observed, thinned } from '../pareto/map.ts';
import type { MeasuredPoint } from '../pareto/point.ts';
import type { Surrogate } from '../pareto/surrogate/predict.ts';
import { replyTo } from './fault.ts';

/** More front points than this are not drawn. */
const MOST_DRAWN = 400;

export interface ExploreRequest {
  /** Measured merges of one study. */
  readonly points: readonly MeasuredPoint[];
  readonly tasks: readonly string[];
  /** Tasks on the axes of the plot. */
  readonly pair: readonly string[];
  /** Tasks whose common front is wanted, two or more. */
  readonly goals: readonly string[];
  readonly seed: number;
}

/** A merge that no other is predicted to beat in all goals. */
export interface PredictedPoint {
  readonly coefficients: readonly number[];
  /** Estimated accuracy by goal. */
  readonly accuracy: Readonly<Record<string, number>>;
}

export interface Exploration {
  /** Fitted on calibration scores: whatever chooses uses these. */
  readonly calibration: Readonly<Record<string, Surrogate>>;
  /** Fitted on test scores: only to show, while a slider moves, what the bars will say. */
  readonly test: Readonly<Record<string, Surrogate>>;
  /** Predicted front of the pair, on calibration, inside the sampled box. */
  readonly front: readonly { readonly coefficients: readonly number[]; readonly x: number; readonly y: number }[];
  /** The same of all goals; of many points an even choice. */
  readonly goalFront: readonly PredictedPoint[];
  /** Points that the predicted front of the goals has. */
  readonly goalFrontSize: number;
}

function explore({ points, tasks, pair, goals, seed }: ExploreRequest): Exploration {
  const observed = points.map(({ coefficients, calibration }): Observed => ({ coefficients, outcomes: calibration }));
  const reported = points.map(({ coefficients, test }): Observed => ({ coefficients, outcomes: test }));
  const surrogates = fitSurrogates({ observed, tasks });
  const front = frontOf({ surrogates, goals: pair, observed, seed });
  const goalFront = goals.join() === pair.join() ? front : frontOf({ surrogates, goals, observed, seed });
  return {
    calibration: Object.fromEntries(surrogates),
    test: Object.fromEntries(fitSurrogates({ observed: reported, tasks })),
    front: front.map(({ coefficients, estimates: [x, y] }) => ({ coefficients, x: x?.mean ?? 0, y: y?.mean ?? 0 })),
    goalFront: thinned(goalFront, MOST_DRAWN).map(({ coefficients, estimates }) => ({
      coefficients,
      accuracy: Object.fromEntries(goals.map((goal, m) => [goal, estimates[m]?.mean ?? 0])),
    })),
    goalFrontSize: goalFront.length,
  };
}

export function createSearchService() {
  return { explore: (request: ExploreRequest) => replyTo(() => explore(request)) };
}

export type SearchService = ReturnType<typeof createSearchService>;
