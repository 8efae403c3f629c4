/** What the search worker serves: everything about fronts that needs no tensors. */

import type { Axis } from '../pareto/design/design.ts';
import {
  coverageOf,
  fitSurrogates,
  frontOf,
  goalValues,
  type Observed,
  volumeHistory,
  worstOf,
} from '../pareto/map.ts';
import type { MeasuredPoint, Range } from '../pareto/point.ts';
import { propose } from '../pareto/propose.ts';
import type { Volume } from '../pareto/quality/hypervolume.ts';
import { ACCURACY, type Metric } from '../pareto/surrogate/link.ts';
import type { Surrogate } from '../pareto/surrogate/predict.ts';
import { thinned } from '../pareto/thinned.ts';
import { replyTo } from './fault.ts';
import type { PlanRequest } from './planner.ts';

/** More front points than this are not drawn. */
const MOST_DRAWN = 150;
/** Places of the line of hypervolume over evaluations; volumes of many objectives take long. */
const HISTORY_PLACES = 40;
const HISTORY_PLACES_OF_MANY = 8;
const MANY_OBJECTIVES = 4;

export interface ExploreRequest {
  /** Measured merges of one study. */
  readonly points: readonly MeasuredPoint[];
  readonly tasks: readonly string[];
  /** Tasks on the axes of the plot. */
  readonly pair: readonly string[];
  /** Tasks whose common front is wanted, two or more. */
  readonly goals: readonly string[];
  readonly seed: number;
  /** How tasks of measurements from elsewhere are fitted, and where their coefficients lie; accuracies in [0, 1]ᴺ unless told. */
  readonly scales?: { readonly metrics: Readonly<Record<string, Metric>>; readonly box: readonly Range[] };
}

/** A merge that no other is predicted to beat in all goals. */
export interface PredictedPoint {
  readonly coefficients: readonly number[];
  /** Estimated accuracy, or what the task's metric is, by goal. */
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
  /** Volume that the measured merges cover in the goals, on calibration, above the reference. */
  readonly volume: Volume;
  /** By goal: 0 % of an accuracy, the worst measured value of any other metric. */
  readonly reference: readonly number[];
  /** Measured merges that no other beats in all goals. */
  readonly best: number;
  /** [merges so far, volume] in the order of measuring. */
  readonly history: readonly (readonly [number, number])[];
}

function explore({ points, tasks, pair, goals, seed, scales }: ExploreRequest): Exploration {
  const observed = points.map(({ coefficients, calibration }): Observed => ({ coefficients, outcomes: calibration }));
  const reported = points.map(({ coefficients, test }): Observed => ({ coefficients, outcomes: test }));
  const surrogates = fitSurrogates({ observed, tasks, ...scales });
  const front = frontOf({ surrogates, goals: pair, observed, seed });
  const goalFront = goals.join() === pair.join() ? front : frontOf({ surrogates, goals, observed, seed });
  const values = goalValues(observed, goals);
  const worst = worstOf(values, goals.length);
  const reference = goals.map((goal, m) => (hasZero(scales?.metrics[goal]) ? 0 : (worst[m] ?? 0)));
  const { volume, members } = coverageOf(values, reference);
  const places = goals.length > MANY_OBJECTIVES ? HISTORY_PLACES_OF_MANY : HISTORY_PLACES;
  return {
    calibration: Object.fromEntries(surrogates),
    test: Object.fromEntries(fitSurrogates({ observed: reported, tasks, ...scales })),
    front: front.map(({ coefficients, estimates: [x, y] }) => ({ coefficients, x: x?.mean ?? 0, y: y?.mean ?? 0 })),
    goalFront: thinned(goalFront, MOST_DRAWN).map(({ coefficients, estimates }) => ({
      coefficients,
      accuracy: Object.fromEntries(goals.map((goal, m) => [goal, estimates[m]?.mean ?? 0])),
    })),
    goalFrontSize: goalFront.length,
    volume,
    reference,
    best: members,
    history: volumeHistory(values, reference, places),
  };
}

/** Whether a metric is a share of right answers. */
const hasZero = (metric: Metric = ACCURACY): boolean => metric.link === 'sigmoid' && metric.range === undefined;

export interface NextRequest {
  readonly points: readonly MeasuredPoint[];
  readonly goals: readonly string[];
  /** One per coefficient. */
  readonly axes: readonly Axis[];
  readonly count: number;
  readonly seed: number;
}

/** Coefficient vectors to measure next: where the measured front of the goals, on calibration, is likely to gain most. */
function next({ points, goals, ...request }: NextRequest): number[][] {
  const observed = points.map(({ coefficients, calibration }): Observed => ({ coefficients, outcomes: calibration }));
  return propose({ ...request, goals, observed, surrogates: fitSurrogates({ observed, tasks: goals }) });
}

export function createSearchService() {
  return {
    explore: (request: ExploreRequest) => replyTo(() => explore(request)),
    next: (request: NextRequest) => replyTo(() => next(request)),
    // YAML and archives are large, and seldom wanted.
    plan: (request: PlanRequest) => replyTo(async () => (await import('./planner.ts')).makePlan(request)),
  };
}

export type SearchService = ReturnType<typeof createSearchService>;
