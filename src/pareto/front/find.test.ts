import { describe, expect, it } from 'vitest';
import { accuracyAt, BETAS, exactSurrogate } from '../quadratic.testing.ts';
import { hypervolume } from '../quality/hypervolume.ts';
import { averageObjective, taskObjectives, worstObjective } from '../surrogate/objective.ts';
import { nonDominated } from './dominance.ts';
import { type FindRequest, findFront, foundFront, SEARCHES, type Step } from './find.ts';

const TASKS = ['kana', 'greek'];
const concave = [
  [-1, -1, 0, 1.6, 0.4, 0],
  [-1, -1, 0, 0.4, 1.6, 0],
].map(exactSurrogate);
const sources = { surrogates: new Map(BETAS.map((beta, t) => [TASKS[t] ?? '', exactSurrogate(beta)])) };
const request: FindRequest = {
  objectives: taskObjectives(TASKS),
  sources,
  box: [0, 1].map(() => ({ min: 0, max: 1 })),
  search: 'candidates',
  seed: 3,
};
const means = (asked: FindRequest) => foundFront(asked).points.map(({ values }) => [...values]);
const covered = (asked: FindRequest) => hypervolume(means(asked), [0, 0]);

function stepsOf(asked: FindRequest): Step[] {
  const steps: Step[] = [];
  for (const step of findFront(asked)) steps.push(step);
  return steps;
}

describe('every search', () => {
  const ticks = Array.from({ length: 61 }, (_, i) => i / 60);
  const grid = ticks.flatMap((x) => ticks.map((y) => BETAS.map((beta) => accuracyAt(beta, [x, y]))));
  const best = hypervolume(grid, [0, 0]);

  it.each(SEARCHES)('%s finds what a fine grid finds, without leaving the box', (search) => {
    const { points } = foundFront({ ...request, search });
    const values = points.map((point) => [...point.values]);
    expect(points.flatMap(({ coefficients }) => coefficients).every((c) => 0 <= c && c <= 1)).toBe(true);
    expect(nonDominated(values)).toHaveLength(values.length);
    expect(hypervolume(values, [0, 0])).toBeGreaterThan(0.995 * best);
    expect(values.map(([x]) => x)).toEqual(values.map(([x]) => x).sort((a = 0, b = 0) => b - a));
  });

  it.each(SEARCHES)('%s serves objectives over several tasks', (search) => {
    const objectives = [averageObjective(TASKS), worstObjective(TASKS)];
    const { points } = foundFront({ ...request, objectives, search });
    const average = Math.max(...grid.map(([x = 0, y = 0]) => (x + y) / 2));
    expect(Math.max(...points.map(({ values: [mean = 0] }) => mean))).toBeGreaterThan(average - 0.005);
    for (const { coefficients, values } of points) {
      const own = BETAS.map((beta) => accuracyAt(beta, coefficients));
      expect(values[1]).toBeCloseTo(Math.min(...own), 10);
    }
  });
});

describe('the closed form', () => {
  const surrogates = new Map(concave.map((surrogate, t) => [TASKS[t] ?? '', surrogate]));

  it('is used where every quadratic is concave, and agrees with the candidates', () => {
    const found = foundFront({ ...request, sources: { surrogates }, search: 'closed' });
    expect(found.search).toBe('closed');
    expect(covered({ ...request, sources: { surrogates }, search: 'closed' })).toBeCloseTo(
      covered({ ...request, sources: { surrogates }, candidates: 16_384 }),
      3,
    );
  });

  it('gives way to the candidates where one is not, and says so', () => {
    const saddle = new Map([...surrogates, ['greek', exactSurrogate([1, -1, 0, 0, 1, 0])] as const]);
    expect(foundFront({ ...request, sources: { surrogates: saddle }, search: 'closed' }).search).toBe('candidates');
  });
});

describe('an evolution', () => {
  it.each(['nsga2', 'nsga3'] as const)('%s shows every generation, each no worse than the first', (search) => {
    const steps = stepsOf({ ...request, search });
    expect(steps.map(({ generation }) => generation)).toEqual(Array.from({ length: 26 }, (_, i) => i));
    expect(steps.every(({ values, of }) => values.length === 100 && of === 25)).toBe(true);
    const volumes = [steps[0], steps.at(-1)].map((step) => hypervolume(step?.values ?? [], [0, 0]));
    expect(volumes[1]).toBeGreaterThan(volumes[0] ?? 1);
  });

  it('repeats for a seed', () => {
    expect(means({ ...request, search: 'nsga3' })).toEqual(means({ ...request, search: 'nsga3' }));
    expect(stepsOf(request)).toEqual([]);
  });

  it('shows what is to be small on its own scale', () => {
    const losses = new Map([
      ...sources.surrogates,
      ['loss:kana', { ...exactSurrogate([1, 1, 0, -1, -1, 2]), link: 'identity' as const }],
    ]);
    const objectives = taskObjectives(['greek', 'loss:kana'], ['loss:kana']);
    const [first] = stepsOf({ ...request, objectives, sources: { surrogates: losses }, search: 'nsga2' });
    expect(first?.values.every(([, loss]) => (loss ?? 0) >= 1.5)).toBe(true);
  });
});
