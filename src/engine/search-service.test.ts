import { expect, it } from 'vitest';
import { taskObjectives } from '../pareto/surrogate/objective.ts';
import { createSearchService, type ExploreRequest, type GenerationStep } from './search-service.ts';

const ticks = [1, 8, 16, 24, 32, 64];
/** A loss below 3, and an accuracy, over a rank from 1 to 64. */
const points: ExploreRequest['points'] = ticks.map((rank) => {
  const outcomes = { arc: { value: 0.4 + 0.004 * rank, n: 500 }, loss: { value: 2 + 0.0002 * rank ** 2 } };
  return { mergeId: String(rank), coefficients: [rank], calibration: outcomes, test: outcomes };
});
const request: ExploreRequest = {
  points,
  metrics: { arc: { link: 'sigmoid' }, loss: { link: 'identity' } },
  goals: taskObjectives(['arc', 'loss'], ['loss']),
  axes: [{ min: 1, max: 64, perExpert: false }],
  search: 'candidates',
  published: false,
  seed: 1,
};

it('fits every task on its own scale, and measures volume from the worst value of what is to be small', async () => {
  const reply = await createSearchService().explore(request);
  if (!reply.ok) throw new Error(reply.failure.message);
  const { calibration, reference, volume, goalFront } = reply.value;
  expect(calibration.loss?.looR2).toBeGreaterThan(0.98);
  expect(calibration.loss?.link).toBe('identity');
  expect(reference[0]).toBe(0);
  expect(reference[1]).toBeCloseTo(2 + 0.0002 * 64 ** 2, 12);
  expect(volume.value).toBeGreaterThan(0);
  expect(goalFront.length).toBeGreaterThan(2);
  expect(goalFront.every(({ coefficients: [rank = 0] }) => 1 <= rank && rank <= 64)).toBe(true);
});

it('tells every generation of an evolving search before the front that it becomes', async () => {
  const service = createSearchService();
  const steps: GenerationStep[] = [];
  service.watch((step) => steps.push(step));
  const reply = await service.explore({ ...request, search: 'nsga2', published: true });
  if (!reply.ok) throw new Error(reply.failure.message);
  expect(steps.map(({ generation }) => generation)).toEqual(Array.from({ length: 26 }, (_, i) => i));
  expect(steps.every(({ points: drawn }) => drawn.length === 100)).toBe(true);
  expect(Object.keys(steps[0]?.points[0]?.values ?? {})).toEqual(['arc', 'loss']);
  expect(reply.value.search).toBe('nsga2');
  expect(reply.value.published?.fits.map(({ key }) => key)).toEqual(['arc', 'loss']);
});

it('chooses what to measure next by the rule that is asked for', async () => {
  const next = async (rule: 'thompson' | 'variance') => {
    const { search: _, published: __, ...own } = request;
    const reply = await createSearchService().next({ ...own, rule, count: 3 });
    if (!reply.ok) throw new Error(reply.failure.message);
    return reply.value;
  };
  const [thompson, variance] = [await next('thompson'), await next('variance')];
  expect([thompson, variance].map((batch) => batch.length)).toEqual([3, 3]);
  expect(thompson.concat(variance).every(([rank = 0]) => 1 <= rank && rank <= 64)).toBe(true);
});
