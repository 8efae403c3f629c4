/** NSGA-II (Deb, Pratap, Agarwal & Meyarivan 2002), a generation at a time. */
import { type Random, randomStream } from '../../core/random/counter.ts';
import { crowding, sortIntoFronts } from '../front/sorting.ts';
import {
  archived,
  evaluated,
  type Generation,
  joined,
  NOBODY,
  type Population,
  type Problem,
  row,
  selected,
  startingVectors,
} from './population.ts';
import { type Variation, vary } from './variation.ts';

export interface EvolutionOptions {
  readonly seed: number;
  readonly generations: number;
  readonly population?: number;
  /** Vectors to begin with, moved into the box; the rest are uniform. */
  readonly initial?: readonly ArrayLike<number>[];
  readonly variation?: Partial<Variation>;
  /** Keep every non-dominated vector ever evaluated, as MAP does. */
  readonly archive?: boolean;
}

export const POPULATION = 100;

/** pymoo's settings; the paper's own are η_c = η_m = 20. */
const VARIATION = { crossoverIndex: 15, crossover: 0.9, mutationIndex: 20 };

/** Yields the initial population as generation 0, then one generation after another; ending the iteration stops the search. */
export function* nsga2(problem: Problem, options: EvolutionOptions): Generator<Generation, void, void> {
  const { seed, generations, population = POPULATION, initial = [], archive = false } = options;
  const random = randomStream(seed, 'nsga2');
  const variation = { ...VARIATION, mutation: 1 / problem.box.length, ...options.variation };
  const first = evaluated(problem, startingVectors(problem.box, population, seed, initial));
  let parents = survivors(first, population);
  let kept = archive ? archived(NOBODY, first) : NOBODY;
  for (let generation = 0; ; generation++) {
    const evaluations = population * (generation + 1);
    yield { generation, evaluations, population: parents.population, archive: kept };
    if (generation >= generations) return;
    const pairs = () => [tournament(parents, random), tournament(parents, random)] as const;
    const children = evaluated(problem, offspring(parents.population, problem, variation, random, pairs));
    if (archive) kept = archived(kept, children);
    parents = survivors(joined(parents.population, children), population);
  }
}

/** As many children as parents, [count × N]; `pairs` says which two parents are next. */
export function offspring(
  parents: Population,
  { box }: Problem,
  variation: Variation,
  random: Random,
  pairs: () => readonly [number, number],
): Float64Array {
  const n = box.length;
  const x = new Float64Array(parents.x.length);
  for (let i = 0; i < parents.count; i += 2) {
    const [a, b] = pairs();
    const [one, other] = vary([row(parents.x, a, n), row(parents.x, b, n)], box, variation, random);
    x.set(one, i * n);
    // Of an odd population the last pair keeps one child.
    if (i + 1 < parents.count) x.set(other, (i + 1) * n);
  }
  return x;
}

export interface Ranked {
  readonly population: Population;
  readonly rank: Int32Array;
  readonly crowding: Float64Array;
}

/** Whole fronts while they fit; of the next one the least crowded. */
function survivors(all: Population, count: number): Ranked {
  const objectives = all.f.length / all.count;
  const members: number[] = [];
  const ranks: number[] = [];
  const distances: number[] = [];
  for (const [rank, front] of sortIntoFronts(all.f, objectives).entries()) {
    const room = count - members.length;
    if (room <= 0) break;
    const crowd = crowding(all.f, objectives, front);
    const byRoom = front.map((_, k) => k);
    if (front.length > room) byRoom.sort((k, l) => descending(crowd[k] ?? 0, crowd[l] ?? 0) || k - l);
    for (const k of byRoom.slice(0, room)) {
      members.push(front[k] ?? 0);
      ranks.push(rank);
      distances.push(crowd[k] ?? 0);
    }
  }
  return { population: selected(all, members), rank: Int32Array.from(ranks), crowding: Float64Array.from(distances) };
}

/** The difference of two infinities is no number. */
function descending(a: number, b: number): number {
  return a === b ? 0 : b - a;
}

/** Of two at random the one of lower rank, then the less crowded, else either. */
export function tournament({ population, rank, crowding: distance }: Ranked, random: Random): number {
  const [a, b] = [random.integer(population.count), random.integer(population.count)];
  const [rankA = 0, rankB = 0, roomA = 0, roomB = 0] = [rank[a], rank[b], distance[a], distance[b]];
  if (rankA !== rankB) return rankA < rankB ? a : b;
  if (roomA !== roomB) return roomA > roomB ? a : b;
  return random.uniform() < 0.5 ? a : b;
}
