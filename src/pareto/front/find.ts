/**
 * The predicted front of any objectives, by the search of one's choice: many candidates and a filter (the default), the closed
 * form where every quadratic is concave, or NSGA-II and NSGA-III, a generation at a time. None leaves the sampled box.
 */
import { sobol } from '../../core/random/sobol.ts';
import { scale } from '../design/design.ts';
import type { Range } from '../point.ts';
import { candidateFront } from '../search/candidates.ts';
import { concaveFront } from '../search/concave.ts';
import { dasDennis, finest } from '../search/das-dennis.ts';
import { nsga2 } from '../search/nsga2.ts';
import { nsga3 } from '../search/nsga3.ts';
import { type Generation, type Problem, rowsOf } from '../search/population.ts';
import { quadraticProblem } from '../search/quadratics.ts';
import { quadraticOf } from '../surrogate/features.ts';
import { directionOf, type Objective } from '../surrogate/objective.ts';
import { objectiveValues, type Sources } from '../surrogate/objective-values.ts';
import { nonDominatedRows } from './filter.ts';

export const SEARCHES = ['candidates', 'closed', 'nsga2', 'nsga3'] as const;
export type Search = (typeof SEARCHES)[number];

/** As MAP's authors evolve their fronts: 100 vectors, 25 generations. */
const GENERATIONS = 25;
/** Weight vectors of the closed form. */
const WEIGHTS = 200;
const CANDIDATES = 4096;

export interface FindRequest {
  readonly objectives: readonly Objective[];
  readonly sources: Sources;
  /** What was sampled. */
  readonly box: readonly Range[];
  readonly search: Search;
  readonly seed: number;
  readonly candidates?: number;
  /** Coefficient vectors to begin with, measured ones for example. */
  readonly known?: readonly (readonly number[])[];
}

export interface FoundPoint {
  readonly coefficients: readonly number[];
  /** Estimated, one per objective, in their order, each on its own scale. */
  readonly values: readonly number[];
}

export interface Found {
  /** That no other is predicted to beat in all objectives; of two objectives by falling first. */
  readonly points: readonly FoundPoint[];
  /** The search that found them: another than the wanted one where that cannot be. */
  readonly search: Search;
}

/** One generation of a search, as it is drawn. */
export interface Step {
  readonly generation: number;
  readonly of: number;
  /** The population, [count × N]. */
  readonly vectors: readonly (readonly number[])[];
  /** Its estimated objectives, [count × objectives], on their own scales. */
  readonly values: readonly (readonly number[])[];
}

/** Ending the iteration stops the search. @throws Error when a surrogate is missing */
export function* findFront(request: FindRequest): Generator<Step, Found, void> {
  const { objectives, sources, search } = request;
  const vectors = (search === 'closed' ? closedForm(request) : undefined) ?? (yield* searched(request));
  const raw = vectors.map(objectiveValues(objectives, sources, 'quadratic'));
  const front = nonDominatedRows(Float64Array.from(raw.flat()), objectives.length);
  if (objectives.length === 2) front.sort((i, j) => (raw[j]?.[0] ?? 0) - (raw[i]?.[0] ?? 0));
  const valuesAt = objectiveValues(objectives, sources);
  const points = front.map((i) => {
    const coefficients = vectors[i] ?? [];
    return { coefficients, values: valuesAt(coefficients).map((value, m) => ownScale(value, objectives[m])) };
  });
  return { points, search: search === 'closed' && !isClosed(request) ? 'candidates' : search };
}

/** The front at once, for whoever does not look at generations. */
export function foundFront(request: FindRequest): Found {
  const steps = findFront(request);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

function* searched(request: FindRequest): Generator<Step, readonly (readonly number[])[], void> {
  const { search, seed } = request;
  if (search === 'candidates' || search === 'closed') return candidates(request);
  const evolve = search === 'nsga2' ? nsga2 : nsga3;
  let last: Generation | undefined;
  for (const generation of evolve(problemOf(request), { seed, generations: GENERATIONS })) {
    last = generation;
    yield { generation: generation.generation, of: GENERATIONS, ...drawn(request, generation) };
  }
  return last ? vectorsOf(last.population.x, last.population.count) : [];
}

function drawn({ objectives, sources }: FindRequest, { population: { x, count } }: Generation) {
  const valuesAt = objectiveValues(objectives, sources);
  const vectors = vectorsOf(x, count);
  return { vectors, values: vectors.map((c) => valuesAt(c).map((value, m) => ownScale(value, objectives[m]))) };
}

const ownScale = (value: number, objective: Objective | undefined) =>
  objective ? directionOf(objective) * value : value;

function candidates(request: FindRequest): readonly (readonly number[])[] {
  const { box, seed, candidates: count = CANDIDATES, known = [] } = request;
  const betas = betasOf(request);
  if (betas) {
    const { x, count: found } = candidateFront(betas, box, { seed, candidates: count, known });
    return vectorsOf(x, found);
  }
  return [...scale(sobol(box.length, count, seed), box), ...known];
}

function closedForm(request: FindRequest): readonly (readonly number[])[] | undefined {
  const betas = betasOf(request);
  const { box, objectives } = request;
  const quadratics = betas?.map((beta) => quadraticOf(beta, box.length));
  const weights = dasDennis(objectives.length, finest(objectives.length, WEIGHTS));
  return quadratics && concaveFront(quadratics, box, weights)?.map(({ coefficients }) => coefficients);
}

const isClosed = (request: FindRequest): boolean => {
  const quadratics = betasOf(request)?.map((beta) => quadraticOf(beta, request.box.length));
  return quadratics !== undefined && concaveFront(quadratics, request.box, []) !== undefined;
};

/** The quadratics to be maximised; undefined where an objective is more than one metric. */
function betasOf({ objectives, sources }: FindRequest): Float64Array[] | undefined {
  const betas = objectives.flatMap((objective) => {
    const beta = objective.kind === 'metric' ? sources.surrogates.get(objective.metric)?.beta : undefined;
    return beta ? [beta.map((term) => directionOf(objective) * term)] : [];
  });
  return betas.length === objectives.length ? betas : undefined;
}

function problemOf(request: FindRequest): Problem {
  const betas = betasOf(request);
  const { box, objectives, sources } = request;
  if (betas) return quadraticProblem(betas, box);
  const values = objectiveValues(objectives, sources, 'quadratic');
  const evaluate = (x: Float64Array) => Float64Array.from(rowsOf(x, x.length / box.length).flatMap((c) => values(c)));
  return { box, objectives: objectives.length, evaluate };
}

const vectorsOf = (x: Float64Array, count: number): number[][] => rowsOf(x, count).map((c) => [...c]);
