import { expect, it } from 'vitest';
import { createSearchService, type ExploreRequest } from './search-service.ts';

const ticks = [1, 8, 16, 24, 32, 64];
/** A loss below 3 that is kept with the other sign, and an accuracy, over a rank from 1 to 64. */
const points: ExploreRequest['points'] = ticks.map((rank) => {
  const outcomes = { arc: { value: 0.4 + 0.004 * rank, n: 500 }, loss: { value: -2 - 0.0002 * rank ** 2 } };
  return { mergeId: String(rank), coefficients: [rank], calibration: outcomes, test: outcomes };
});
const request: ExploreRequest = {
  points,
  tasks: ['arc', 'loss'],
  pair: ['arc', 'loss'],
  goals: ['arc', 'loss'],
  seed: 1,
  scales: { metrics: { arc: { link: 'sigmoid' }, loss: { link: 'identity' } }, box: [{ min: 1, max: 64 }] },
};

it('fits every task on its own scale, and measures volume from the worst value where there is no natural one', async () => {
  const reply = await createSearchService().explore(request);
  if (!reply.ok) throw new Error(reply.failure.message);
  const { calibration, reference, volume, front } = reply.value;
  expect(calibration.loss?.looR2).toBeGreaterThan(0.98);
  expect(calibration.loss?.link).toBe('identity');
  expect(reference[0]).toBe(0);
  expect(reference[1]).toBeCloseTo(-2 - 0.0002 * 64 ** 2, 12);
  expect(volume.value).toBeGreaterThan(0);
  expect(front.length).toBeGreaterThan(2);
  expect(front.every(({ coefficients: [rank = 0] }) => 1 <= rank && rank <= 64)).toBe(true);
});

it('reads accuracies in the unit box unless told otherwise', async () => {
  const shares = points.map((point) => ({ ...point, calibration: { arc: { value: 0.5 } }, test: {} }));
  const { scales: _, ...plain } = request;
  const reply = await createSearchService().explore({
    ...plain,
    points: shares,
    tasks: ['arc'],
    goals: ['arc', 'arc'],
  });
  expect(reply.ok && reply.value.reference).toEqual([0, 0]);
});
