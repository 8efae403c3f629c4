/** What the search worker serves: everything about fronts that needs no tensors. */

import { type Axis, samplingRange } from '../pareto/design/design.ts';
import { type Found, findFront, type Search, type Step } from '../pareto/front/find.ts';
import {
  coverageOf,
  type FitRequest,
  fitSurrogates,
  goalValues,
  type Observed,
  referenceOf,
  searchOf,
  volumeHistory,
} from '../pareto/map.ts';
import type { MeasuredPoint } from '../pareto/point.ts';
import { propose, type Rule } from '../pareto/propose.ts';
import { asPublished, type Published } from '../pareto/published.ts';
import type { Volume } from '../pareto/quality/hypervolume.ts';
import { createStream } from '../pareto/stream.ts';
import type { Metric } from '../pareto/surrogate/link.ts';
import { directionOf, metricsOf, type Objective } from '../pareto/surrogate/objective.ts';
import type { Surrogate } from '../pareto/surrogate/predict.ts';
import { thinned } from '../pareto/thinned.ts';
import { replyTo } from './fault.ts';
import { createNested, type NestedRequest } from './nested-service.ts';
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
  /** What surrogates are wanted of, and how each is modelled. */
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Objectives whose common front is wanted, two or more. */
  readonly goals: readonly Objective[];
  /** One per coefficient. */
  readonly axes: readonly Axis[];
  readonly search: Search;
  /** Adds what the published fit makes of the same merges. */
  readonly published: boolean;
  readonly seed: number;
}

/** A merge that no other is predicted to beat in all goals. */
export interface PredictedPoint {
  readonly coefficients: readonly number[];
  /** Estimated value by goal, on its own scale. */
  readonly values: Readonly<Record<string, number>>;
}

/** A generation of an evolution on its way to the front. */
export interface GenerationStep {
  readonly generation: number;
  readonly of: number;
  readonly points: readonly PredictedPoint[];
}

export interface Exploration {
  /** Fitted on calibration scores: whatever chooses uses these. By metric. */
  readonly calibration: Readonly<Record<string, Surrogate>>;
  /** Fitted on test scores: only to show, while a slider moves, what the bars will say. By metric. */
  readonly test: Readonly<Record<string, Surrogate>>;
  /** Predicted front of the goals, on calibration, inside the sampled box; of many points an even choice. */
  readonly goalFront: readonly PredictedPoint[];
  /** Points that the predicted front has. */
  readonly goalFrontSize: number;
  /** What found it: another search than the one asked for where that cannot be. */
  readonly search: Search;
  readonly published: (Pick<Published, 'fits'> & { readonly front: readonly PredictedPoint[] }) | null;
  /** Volume that the measured merges cover in the goals, on calibration, above the reference. */
  readonly volume: Volume;
  /** By goal, on its own scale: 0 for what is to be large, the worst measured for what is to be small. */
  readonly reference: readonly number[];
  /** Measured merges that no other beats in all goals. */
  readonly best: number;
  /** [merges so far, volume] in the order of measuring. */
  readonly history: readonly (readonly [number, number])[];
}

/** Lets messages through between two generations, so that each is drawn as it comes. */
const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve));

type Fitting = (request: FitRequest) => ReadonlyMap<string, Surrogate>;

/** What an exploration needs of the service: fits that remember the points of the last one, and who is told of generations. */
interface Tools {
  readonly calibration: Fitting;
  readonly test: Fitting;
  report(step: GenerationStep): void;
}

async function explore(request: ExploreRequest, tools: Tools): Promise<Exploration> {
  const { points, metrics, goals } = request;
  const tasks = Object.keys(metrics);
  const box = request.axes.map(samplingRange);
  const observed = points.map(({ coefficients, calibration }): Observed => ({ coefficients, outcomes: calibration }));
  const reported = points.map(({ coefficients, test }): Observed => ({ coefficients, outcomes: test }));
  const surrogates = tools.calibration({ observed, tasks, metrics, box });
  const found = await find(request, surrogates, observed, tools.report);
  const values = goalValues(observed, goals);
  const reference = referenceOf(values, goals);
  const { volume, members } = coverageOf(values, reference);
  const places = goals.length > MANY_OBJECTIVES ? HISTORY_PLACES_OF_MANY : HISTORY_PLACES;
  return {
    calibration: Object.fromEntries(surrogates),
    test: Object.fromEntries(tools.test({ observed: reported, tasks, metrics, box })),
    goalFront: thinned(found.points, MOST_DRAWN).map(({ coefficients, values: own }) => ({
      coefficients,
      values: byGoal(goals, own),
    })),
    goalFrontSize: found.points.length,
    search: found.search,
    published: request.published ? publishedOf(observed, goals) : null,
    volume,
    reference: reference.map((value, m) => value * (goals[m] ? directionOf(goals[m]) : 1)),
    best: members,
    history: volumeHistory(values, reference, places),
  };
}

async function find(
  { goals, search, seed }: ExploreRequest,
  surrogates: ReadonlyMap<string, Surrogate>,
  observed: readonly Observed[],
  report: (step: GenerationStep) => void,
): Promise<Found> {
  const request = searchOf({ surrogates, objectives: goals, observed, search, seed });
  if (!request) return { points: [], search };
  const steps = findFront(request);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    report(stepOf(value, goals));
    await nextTurn();
  }
}

const stepOf = ({ generation, of, vectors, values }: Step, goals: readonly Objective[]): GenerationStep => ({
  generation,
  of,
  points: vectors.map((coefficients, i) => ({ coefficients, values: byGoal(goals, values[i] ?? []) })),
});

const byGoal = (goals: readonly Objective[], values: readonly number[]): Record<string, number> =>
  Object.fromEntries(goals.map(({ id }, m) => [id, values[m] ?? 0]));

/** The published method knows single metrics only: with other goals there is nothing to compare. */
function publishedOf(observed: readonly Observed[], goals: readonly Objective[]): Exploration['published'] {
  const wanted = goals.flatMap((goal) =>
    goal.kind === 'metric' ? [{ key: goal.metric, minimised: goal.sense === 'minimise' }] : [],
  );
  if (wanted.length < goals.length) return null;
  const { fits, front = [] } = asPublished(observed, wanted);
  return {
    fits,
    front: thinned(front, MOST_DRAWN).map(({ coefficients, values }) => ({
      coefficients,
      values: byGoal(goals, values),
    })),
  };
}

export interface NextRequest {
  readonly points: readonly MeasuredPoint[];
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly goals: readonly Objective[];
  readonly rule: Rule;
  /** One per coefficient. */
  readonly axes: readonly Axis[];
  readonly count: number;
  readonly seed: number;
}

/** Coefficient vectors to measure next, chosen by the rule on calibration. */
function next({ points, goals, metrics, ...request }: NextRequest): number[][] {
  const observed = points.map(({ coefficients, calibration }): Observed => ({ coefficients, outcomes: calibration }));
  const tasks = [...new Set(goals.flatMap(metricsOf))];
  const box = request.axes.map(samplingRange);
  const surrogates = fitSurrogates({ observed, tasks, metrics, box });
  return propose({ ...request, objectives: goals, observed, surrogates });
}

export function createSearchService() {
  let report: (step: GenerationStep) => void = () => {};
  const nested = createNested();
  const [calibration, test] = [createStream(), createStream()];
  return {
    /** Generations of the explorations that follow are told to the listener. */
    watch: (listener: (step: GenerationStep) => void) => {
      report = listener;
    },
    explore: (request: ExploreRequest) =>
      replyTo(() => explore(request, { calibration, test, report: (step) => report(step) })),
    next: (request: NextRequest) => replyTo(() => next(request)),
    nested: (request: NestedRequest) => replyTo(() => nested(request)),
    // YAML and archives are large, and seldom wanted.
    plan: (request: PlanRequest) => replyTo(async () => (await import('./planner.ts')).makePlan(request)),
  };
}

export type SearchService = ReturnType<typeof createSearchService>;
