import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import peers from '../fixtures/peers.json' with { type: 'json' };
import { nonDominated } from '../front/dominance.ts';
import { compare } from '../front/sorting.ts';
import { BETAS } from '../quadratic.testing.ts';
import { hypervolume } from '../quality/hypervolume.ts';
import { quadraticOf } from '../surrogate/features.ts';
import { concaveFront } from './concave.ts';
import { dasDennis, mapDirections } from './das-dennis.ts';
import { nsga2, tournament } from './nsga2.ts';
import { nsga3 } from './nsga3.ts';
import { archived, type Generation, NOBODY, type Problem, rowsOf } from './population.ts';
import { dtlz2, zdt1 } from './problems.testing.ts';
import { quadraticProblem } from './quadratics.ts';

const SEARCHES = [
  ['NSGA-II', nsga2],
  ['NSGA-III', nsga3],
] as const;
const square = [
  { min: 0, max: 1 },
  { min: 0, max: 1 },
];
const fixture = quadraticProblem(BETAS, square);

function lastOf(search: Iterable<Generation>): Generation {
  const [last] = [...search].slice(-1);
  if (!last) throw new Error('the search yielded nothing');
  return last;
}

function volumeOf({ population }: Pick<Generation, 'population'>, reference: readonly number[]): number {
  return hypervolume(
    rowsOf(population.f, population.count),
    reference.map((value) => -value),
  );
}

describe.each(SEARCHES)('%s', (_, search) => {
  it('draws one generation after another, all inside the box and as many as asked for', () => {
    const shifted = quadraticProblem(BETAS, [
      { min: -0.5, max: 0.25 },
      { min: 0.5, max: 1.5 },
    ]);
    const generations = [...search(shifted, { seed: 1, generations: 7, population: 21 })];
    expect(generations.map(({ generation }) => generation)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(generations.map(({ evaluations }) => evaluations / 21)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const { population } of generations) {
      expect(population.count).toBe(21);
      for (const [x = 9, y = 9] of rowsOf(population.x, 21)) {
        expect(x >= -0.5 && x <= 0.25 && y >= 0.5 && y <= 1.5).toBe(true);
      }
      expect([...shifted.evaluate(population.x)]).toEqual([...population.f]);
    }
  });

  it('gives the same for a seed, something else for another', () => {
    const run = (seed: number) => [...lastOf(search(fixture, { seed, generations: 3, population: 20 })).population.x];
    expect(run(4)).toEqual(run(4));
    expect(run(4)).not.toEqual(run(5));
  });

  it('evaluates nothing more when it is stopped', () => {
    let evaluations = 0;
    const counted: Problem = {
      ...fixture,
      evaluate: (x) => {
        evaluations += x.length / 2;
        return fixture.evaluate(x);
      },
    };
    for (const { generation } of search(counted, { seed: 1, generations: 50, population: 20 })) {
      if (generation === 2) break;
    }
    expect(evaluations).toBe(60);
  });

  it('begins with the given vectors, moved into the box', () => {
    const [first] = [...search(fixture, { seed: 1, generations: 0, population: 10, initial: [[0.25, 3]] })];
    const vectors = rowsOf(first?.population.x ?? new Float64Array(), 10).map((x) => [...x]);
    expect(vectors).toContainEqual([0.25, 1]);
  });

  it('never loses ground: its archive is what nothing evaluated dominates, and covers ever more', () => {
    const evaluated: Float64Array[] = [];
    const watched: Problem = {
      ...dtlz2(5, 3),
      evaluate: (x) => {
        const f = dtlz2(5, 3).evaluate(x);
        evaluated.push(...rowsOf(f, f.length / 3));
        return f;
      },
    };
    let before = 0;
    for (const { archive } of search(watched, { seed: 2, generations: 8, population: 40, archive: true })) {
      const volume = volumeOf({ population: archive }, [2.5, 2.5, 2.5]);
      expect(volume).toBeGreaterThanOrEqual(before - 1e-12);
      before = volume;
      const wanted = nonDominated(evaluated).map((i) => String(evaluated[i]));
      expect(rowsOf(archive.f, archive.count).map(String).toSorted()).toEqual(wanted.toSorted());
    }
  });

  it('finds the closed-form front of the fixture', () => {
    const { archive } = lastOf(search(fixture, { seed: 1, generations: 25, archive: true }));
    const closed = concaveFront(
      BETAS.map((beta) => quadraticOf(beta, 2)),
      square,
      dasDennis(2, 50),
    );
    const best = fixture.evaluate(Float64Array.from((closed ?? []).flatMap(({ coefficients }) => coefficients)));
    const reference = [-3, -3];
    const wanted = hypervolume(rowsOf(best, best.length / 2), reference);
    const got = hypervolume(rowsOf(archive.f, archive.count), reference);
    expect(got).toBeGreaterThan(0.99 * wanted);
  });
});

describe('the hypervolume that the searches reach', () => {
  const problems = { 'nsga2 zdt1': zdt1(8), 'nsga3 dtlz2': dtlz2(7, 3) };
  const run = {
    'nsga2 zdt1': (seed: number, generations: number) => nsga2(problems['nsga2 zdt1'], { seed, generations }),
    'nsga3 dtlz2': (seed: number, generations: number) =>
      nsga3(problems['nsga3 dtlz2'], { seed, generations, population: 92, directions: dasDennis(3, 12) }),
  };

  it.each(peers.search)(
    'is pymoo’s within half a percent at equal budget: $name',
    ({ name, generations, reference, volumes }) => {
      const start = run[name as keyof typeof run];
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const got = mean(volumes.map((_, seed) => volumeOf(lastOf(start(seed + 1, generations)), reference)));
      expect(Math.abs(got / mean(volumes) - 1)).toBeLessThan(0.005);
      // An untrained population is far off: the comparison means something.
      expect(volumeOf(lastOf(start(1, 0)), reference)).toBeLessThan(0.8 * got);
    },
  );
});

describe('the tournament of NSGA-II', () => {
  /** Draws 0, 1, 2, … instead of random numbers. */
  const inTurn = (uniform: number) => {
    let next = 0;
    return { ...randomStream(1, 'unused'), integer: () => next++, uniform: () => uniform };
  };
  const ranked = (rank: readonly number[], crowding: readonly number[]) => ({
    population: { count: 2, x: new Float64Array(2), f: new Float64Array(4) },
    rank: Int32Array.from(rank),
    crowding: Float64Array.from(crowding),
  });

  it('is won by the lower rank, then by the less crowded, else by chance', () => {
    expect(tournament(ranked([0, 1], [0.1, 9]), inTurn(0))).toBe(0);
    expect(tournament(ranked([2, 1], [9, 0.1]), inTurn(0))).toBe(1);
    expect(tournament(ranked([1, 1], [0.1, Number.POSITIVE_INFINITY]), inTurn(0))).toBe(1);
    expect(tournament(ranked([1, 1], [0.3, 0.1]), inTurn(0.9))).toBe(0);
    expect(tournament(ranked([1, 1], [0.3, 0.3]), inTurn(0.4))).toBe(0);
    expect(tournament(ranked([1, 1], [0.3, 0.3]), inTurn(0.6))).toBe(1);
  });
});

describe('NSGA-III', () => {
  it('with MAP’s five directions keeps a population and a dense archive', () => {
    const last = lastOf(nsga3(fixture, { seed: 3, generations: 25, directions: mapDirections(2), archive: true }));
    expect(last.population.count).toBe(100);
    expect(last.archive.count).toBeGreaterThan(100);
  });

  it('refuses more directions than its population can serve', () => {
    const search = nsga3(fixture, { seed: 1, generations: 1, population: 4, directions: mapDirections(2) });
    expect(() => search.next()).toThrow('a population of 4 cannot serve 5 directions');
  });
});

describe('the archive', () => {
  it('does not depend on how the newcomers were grouped', () => {
    const rows = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(rows, fc.nat(), (points, cut) => {
        const population = (part: readonly (readonly number[])[], from: number) => ({
          count: part.length,
          x: Float64Array.from(part, (_, i) => from + i),
          f: Float64Array.from(part.flat()),
        });
        const at = cut % points.length;
        const whole = archived(NOBODY, population(points, 0));
        const first = at === 0 ? NOBODY : archived(NOBODY, population(points.slice(0, at), 0));
        const parts = archived(first, population(points.slice(at), at));
        expect([...parts.x].toSorted()).toEqual([...whole.x].toSorted());
        for (let i = 0; i < whole.count; i++) {
          for (let j = 0; j < i; j++) expect(compare(whole.f, i, j, 3)).toBe(0);
        }
      }),
    );
  });
});
