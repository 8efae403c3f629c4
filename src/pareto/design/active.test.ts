import { describe, expect, it } from 'vitest';
import { randomStream } from '../../core/random/counter.ts';
import { sobol } from '../../core/random/sobol.ts';
import { hypervolume2, nonDominated } from '../front/dominance.ts';
import { accuracyAt, BETAS } from '../quadratic.testing.ts';
import { averageObjective, CHANGE, taskObjective } from '../surrogate/objective.ts';
import { objectiveValues } from '../surrogate/objective-values.ts';
import { deviation, linkDeviation, type Surrogate } from '../surrogate/predict.ts';
import { emptyFit, observe, surrogateOf } from '../surrogate/surrogate.ts';
import {
  byFrontUncertainty,
  byThompson,
  byVariance,
  continueDesign,
  type Hypervolume,
  type ThompsonRequest,
} from './active.ts';
import { type Axis, design, scale } from './design.ts';

const AXES: readonly Axis[] = [0, 1].map(() => ({ min: 0, max: 1, perExpert: true }));
const candidates = scale(sobol(2, 256, 9), AXES);
const covered: Hypervolume = (points, reference) => hypervolume2(points, [reference[0] ?? 0, reference[1] ?? 0]);
const truth = (c: readonly number[]) => BETAS.map((beta) => accuracyAt(beta, c));

/** Fits of the specification's two tasks on the merges given. */
function fitted(merges: readonly (readonly number[])[]): Surrogate[] {
  return BETAS.map((beta) => {
    const fit = emptyFit(2);
    for (const c of merges) observe(fit, c, { correct: Math.round(128 * accuracyAt(beta, c)), n: 128 });
    const surrogate = surrogateOf(fit);
    if (!surrogate) throw new Error(`${merges.length} merges are too few`);
    return surrogate;
  });
}

const twelve = design(AXES, 12, 2);

function request(merges: readonly (readonly number[])[], more: Partial<ThompsonRequest> = {}): ThompsonRequest {
  const [kana, greek] = fitted(merges);
  if (!kana || !greek) throw new Error('two tasks were wanted');
  return {
    candidates,
    objectives: [taskObjective('kana', 'Kana'), taskObjective('greek', 'Greek')],
    sources: {
      surrogates: new Map([
        ['kana', kana],
        ['greek', greek],
      ]),
    },
    measured: merges.map(truth),
    reference: [0, 0],
    hypervolume: covered,
    ...more,
  };
}

describe('the next merge', () => {
  it('by Sobol’ continues the design', () => {
    expect([...twelve, ...continueDesign(AXES, 12, 5, 2)]).toEqual(design(AXES, 17, 2));
  });

  it('by variance is the candidate of the largest sum of variances, and measuring it makes that sum smaller', () => {
    const surrogates = fitted(twelve);
    const total = (each: readonly Surrogate[], c: readonly number[]) =>
      each.reduce((sum, surrogate) => sum + linkDeviation(surrogate, c) ** 2 / surrogate.dispersion, 0);
    const sums = candidates.map((c) => surrogates.reduce((sum, each) => sum + linkDeviation(each, c) ** 2, 0));
    const chosen = byVariance(candidates, surrogates);
    expect(sums[chosen]).toBe(Math.max(...sums));
    const c = candidates[chosen] ?? [];
    expect(total(fitted([...twelve, c]), c)).toBeLessThan(0.7 * total(surrogates, c));
  });

  it('by variance is there as soon as there are surrogates, whose dispersion is not known yet', () => {
    const first = byVariance(candidates, fitted(design(AXES, 6, 2)));
    expect(candidates[first]).toBeDefined();
    // Far out the variance of a quadratic grows.
    expect(
      byVariance(
        [
          [0.5, 0.5],
          [4, 4],
        ],
        fitted(design(AXES, 6, 2)),
      ),
    ).toBe(1);
  });

  it('by the front’s uncertainty is the front point of the largest sum of standard deviations', () => {
    const surrogates = fitted(twelve);
    const front = nonDominated(candidates.map(truth)).map((i) => candidates[i] ?? []);
    const sums = front.map((c) => surrogates.reduce((sum, each) => sum + deviation(each, c), 0));
    expect(sums[byFrontUncertainty(front, surrogates)]).toBe(Math.max(...sums));
    expect(
      byFrontUncertainty(
        [
          [0.5, 0.5],
          [1, 0.5],
        ],
        fitted(design(AXES, 6, 2)),
      ),
    ).toBeLessThan(2);
  });

  it('is refused in words without candidates', () => {
    expect(() => byVariance([], fitted(twelve))).toThrow('no candidate');
  });
});

describe('by Thompson sampling', () => {
  it('is, without any uncertainty, the candidate that adds most to what is covered', () => {
    const { sources, ...rest } = request(twelve);
    const certain = new Map([...sources.surrogates].map(([task, each]) => [task, { ...each, dispersion: 0 }]));
    const all = { ...rest, sources: { surrogates: certain } };
    const value = objectiveValues(all.objectives, all.sources);
    const gains = candidates.map((c) => covered([...all.measured, value(c)], [0, 0]));
    const chosen = byThompson(all, randomStream(1, 'thompson')) ?? -1;
    expect(gains[chosen]).toBeCloseTo(Math.max(...gains), 12);
  });

  it('covers more with ten merges of its own than with ten more Sobol’ points', () => {
    const merges = [...design(AXES, 8, 2)];
    const left = [...candidates];
    for (let step = 0; step < 10; step++) {
      const chosen = byThompson(request(merges, { candidates: left }), randomStream(step, 'thompson')) ?? 0;
      merges.push(...left.splice(chosen, 1));
    }
    const spread = covered(design(AXES, 18, 2).map(truth), [0, 0]);
    expect(covered(merges.map(truth), [0, 0])).toBeGreaterThan(spread + 0.005);
  });

  it('repeats for a stream and varies with it', () => {
    const chosen = (seed: number) => byThompson(request(twelve), randomStream(seed, 'thompson'));
    expect(chosen(3)).toBe(chosen(3));
    expect(new Set(Array.from({ length: 12 }, (_, seed) => chosen(seed))).size).toBeGreaterThan(3);
  });

  it('takes derived objectives, and draws only what they need', () => {
    const { sources, ...rest } = request(twelve);
    const [kana] = sources.surrogates.values();
    if (!kana) throw new Error('two tasks were wanted');
    // A third task that is not drawn from: its dispersion is unknown.
    const surrogates = new Map([
      ...sources.surrogates,
      ['runes', { ...kana, dispersion: Number.POSITIVE_INFINITY }] as const,
      ['change', { ...kana, link: 'root' as const }] as const,
    ]);
    const objectives = [averageObjective(['kana', 'greek']), CHANGE];
    const chosen = byThompson(
      { ...rest, objectives, sources: { surrogates }, measured: [[0.3, -0.5]], reference: [0, -2] },
      randomStream(1, 'thompson'),
    );
    expect(candidates[chosen ?? -1]).toBeDefined();
  });

  it('has nothing to say with as many merges as unknowns', () => {
    expect(byThompson(request(design(AXES, 6, 2)), randomStream(1, 'thompson'))).toBeUndefined();
  });
});
