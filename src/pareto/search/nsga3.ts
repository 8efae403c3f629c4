/** NSGA-III (Deb & Jain 2014), a generation at a time; ideal, worst and extreme points are remembered, as in the paper. */
import { type Random, randomStream } from '../../core/random/counter.ts';
import { sortIntoFronts } from '../front/sorting.ts';
import { directionsFor } from './das-dennis.ts';
import { normalised, rescale, type Scale } from './hyperplane.ts';
import { associate, fillNiches } from './niching.ts';
import { type EvolutionOptions, offspring, POPULATION } from './nsga2.ts';
import {
  archived,
  evaluated,
  type Generation,
  joined,
  NOBODY,
  type Population,
  type Problem,
  selected,
  startingVectors,
} from './population.ts';

export interface Nsga3Options extends EvolutionOptions {
  /** On the unit simplex, [D × M]; `directionsFor` the population when left out, `mapDirections` for MAP's own few. */
  readonly directions?: readonly (readonly number[])[];
}

/** The paper's and pymoo's settings. */
const VARIATION = { crossoverIndex: 30, crossover: 1, mutationIndex: 20 };

/**
 * Yields the initial population as generation 0, then one generation after another; ending the iteration stops the search.
 * @throws Error when the population is smaller than the number of directions, which then could not all be served
 */
export function* nsga3(problem: Problem, options: Nsga3Options): Generator<Generation, void, void> {
  const { seed, generations, population = POPULATION, initial = [], archive = false } = options;
  const { directions = directionsFor(problem.objectives, population) } = options;
  if (directions.length > population) {
    throw new Error(
      `a population of ${population} cannot serve ${directions.length} directions; wanted at least as many`,
    );
  }
  const random = randomStream(seed, 'nsga3');
  const variation = { ...VARIATION, mutation: 1 / problem.box.length, ...options.variation };
  const first = evaluated(problem, startingVectors(problem.box, population, seed, initial));
  let survival: Survival = survive(first, population, directions, random);
  let kept = archive ? archived(NOBODY, first) : NOBODY;
  for (let generation = 0; ; generation++) {
    const parents = survival.population;
    yield { generation, evaluations: population * (generation + 1), population: parents, archive: kept };
    if (generation >= generations) return;
    const children = evaluated(problem, offspring(parents, problem, variation, random, couples(population, random)));
    if (archive) kept = archived(kept, children);
    survival = survive(joined(parents, children), population, directions, random, survival.scale);
  }
}

/** Everybody is a parent once, in random pairs: the directions already keep the population spread. */
function couples(count: number, random: Random): () => readonly [number, number] {
  const order = random.shuffle(Array.from({ length: count }, (_, i) => i));
  let next = 0;
  const one = () => order[next++ % count] ?? 0;
  return () => [one(), one()];
}

interface Survival {
  readonly population: Population;
  readonly scale: Scale;
}

function survive(
  all: Population,
  count: number,
  directions: readonly (readonly number[])[],
  random: Random,
  earlier?: Scale,
): Survival {
  const objectives = all.f.length / all.count;
  const costs = all.f.map((value) => -value);
  const [first = [], ...others] = sortIntoFronts(all.f, objectives);
  const scale = rescale(costs, objectives, first, earlier);
  let accepted: readonly number[] = [];
  let last: readonly number[] = first;
  for (const next of others) {
    if (accepted.length + last.length >= count) break;
    accepted = [...accepted, ...last];
    last = next;
  }
  const wanted = count - accepted.length;
  if (last.length <= wanted) return { population: selected(all, [...accepted, ...last]), scale };
  const association = associate(normalised(costs, scale), directions);
  const added = fillNiches(association, accepted, last, wanted, random);
  return { population: selected(all, [...accepted, ...added]), scale };
}
