import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { optimalSoup, randomSearch, rewardedSoups, sharedLambdaLine, uniformAverage } from './baselines.ts';
import { type GreedySoup, type GreedySoupOptions, greedySoup } from './greedy-soup.ts';

describe('rewarded soups', () => {
  it('between two models are eleven, evenly spaced, from one expert to the other', () => {
    const soups = rewardedSoups(2);
    expect(soups).toHaveLength(11);
    expect(soups[3]).toEqual([0.3, 0.7]);
    expect([soups[0], soups[10]]).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  it.each([3, 4, 8])('between %i models lie on the simplex, hold each expert and fit the budget', (experts) => {
    const soups = rewardedSoups(experts, 70);
    expect(soups.length).toBeLessThanOrEqual(70);
    for (const soup of soups) expect(soup.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12);
    for (let i = 0; i < experts; i++) expect(soups).toContainEqual(soups[0]?.map((_, j) => (i === j ? 1 : 0)));
  });

  it('hold the uniform soup where the partitions allow it', () => {
    expect(rewardedSoups(2)).toContainEqual(uniformAverage(2));
    expect(rewardedSoups(4, 35)).toContainEqual(uniformAverage(4));
  });

  it('refuse a budget below one merge per expert', () => {
    expect(() => rewardedSoups(4, 3)).toThrow('3 merges cannot hold 4 experts');
  });

  it('peak at λ ∝ μη for rewards that are quadratic around their experts', () => {
    const weight = fc.double({ min: 0.1, max: 3, noNaN: true });
    const place = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 4, maxLength: 4 });
    const three = <T>(of: fc.Arbitrary<T>) => fc.tuple(of, of, of);
    fc.assert(
      fc.property(three(weight), three(weight), three(place), place, (preferences, curvatures, experts, away) => {
        const reward = (theta: readonly number[]) =>
          experts.reduce((sum, expert, i) => {
            const squared = expert.reduce((total, value, k) => total + (value - (theta[k] ?? 0)) ** 2, 0);
            return sum - ((preferences[i] ?? 0) * (curvatures[i] ?? 0) * squared) / 2;
          }, 0);
        const lambda = optimalSoup(preferences, curvatures);
        const soup = away.map((_, k) =>
          experts.reduce((sum, expert, i) => sum + (lambda[i] ?? 0) * (expert[k] ?? 0), 0),
        );
        const other = soup.map((value, k) => value + 0.1 * (away[k] ?? 0));
        expect(reward(soup)).toBeGreaterThanOrEqual(reward(other) - 1e-9);
      }),
    );
  });
});

describe('other baselines', () => {
  it('are the shared λ from end to end and a seeded uniform search', () => {
    expect(sharedLambdaLine(3, { min: 0, max: 1 }, 3)).toEqual([
      [0, 0, 0],
      [0.5, 0.5, 0.5],
      [1, 1, 1],
    ]);
    const box = [
      { min: -1, max: 0 },
      { min: 2, max: 4 },
    ];
    const found = randomSearch(box, 50, 7);
    expect(found.slice(0, 20)).toEqual(randomSearch(box, 20, 7));
    expect(found).not.toEqual(randomSearch(box, 50, 8));
    expect(found.every(([x = 9, y = 9]) => x >= -1 && x < 0 && y >= 2 && y < 4)).toBe(true);
    expect(Math.max(...found.map(([, y = 0]) => y))).toBeGreaterThan(3.5);
  });
});

function cook(options: GreedySoupOptions, taste: (coefficients: readonly number[]) => number) {
  const steps = greedySoup(options);
  const asked: (readonly number[])[] = [];
  let step = steps.next();
  while (!step.done) {
    asked.push(step.value);
    step = steps.next(taste(step.value));
  }
  return { soup: step.value as GreedySoup, asked };
}

describe('the greedy soup', () => {
  /** Three experts on a line, the goal between the first two. */
  const places = [1, -0.8, 5];
  const taste = (c: readonly number[]) => -Math.abs(c.reduce((sum, part, i) => sum + part * (places[i] ?? 0), 0));

  it('takes the best first, then whoever makes the average better', () => {
    const { soup, asked } = cook({ experts: 3, accept: '>' }, taste);
    expect(soup.members).toEqual([1, 0]);
    expect(soup.coefficients).toEqual([0.5, 0.5, 0]);
    expect(soup.tastings.map(({ expert, accepted }) => [expert, accepted])).toEqual([
      [1, true],
      [0, true],
      [2, false],
    ]);
    expect(asked).toHaveLength(5);
    expect(asked[4]).toEqual([1 / 3, 1 / 3, 1 / 3]);
  });

  it('asks for each expert alone only where its score is not known', () => {
    const alone = [0, 1, 2].map((i) => taste([0, 1, 2].map((j) => (i === j ? 1 : 0))));
    const { soup, asked } = cook({ experts: 3, accept: '>', alone }, taste);
    expect(soup.members).toEqual([1, 0]);
    expect(asked).toHaveLength(2);
  });

  it('accepts identical models always with ≥ and never with >', () => {
    const same = () => 0.7;
    expect(cook({ experts: 4, accept: '>' }, same).soup.members).toEqual([0]);
    expect(cook({ experts: 4, accept: '>=' }, same).soup.members).toEqual([0, 1, 2, 3]);
  });

  it('is never worse than the best expert', () => {
    const table = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(table, fc.constantFrom('>' as const, '>=' as const), (scores, accept) => {
        const scoreOf = (c: readonly number[]) =>
          scores[c.reduce((mask, part, i) => mask + (part > 0 ? 2 ** i : 0), 0)] ?? 0;
        const { soup } = cook({ experts: 4, accept }, scoreOf);
        expect(soup.score).toBe(scoreOf(soup.coefficients));
        expect(soup.score).toBeGreaterThanOrEqual(Math.max(...[1, 2, 4, 8].map((mask) => scores[mask] ?? 0)));
      }),
    );
  });
});
