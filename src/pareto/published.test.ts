import { expect, it } from 'vitest';
import { design } from './design/design.ts';
import { asPublished } from './published.ts';
import { accuracyAt, BETAS } from './quadratic.testing.ts';
import { PUBLISHED_BOX } from './surrogate/as-published.ts';

const axes = [0, 1].map(() => ({ min: 0, max: 1, perExpert: true }));
const observed = design(axes, 14, 5).map((coefficients) => ({
  coefficients,
  outcomes: {
    a: { correct: Math.round(500 * accuracyAt(BETAS[0], coefficients)), n: 500 },
    loss: { value: 2 + (coefficients[0] ?? 0) ** 2 },
  },
}));

it('fits shares through a sigmoid and losses through a softplus, and looks for a front in the published box', () => {
  const { fits, front } = asPublished(observed, [
    { key: 'a', minimised: false },
    { key: 'loss', minimised: true },
  ]);
  expect(fits.map(({ key, link }) => [key, link])).toEqual([
    ['a', 'sigmoid'],
    ['loss', 'softplus'],
  ]);
  const outside = front?.filter(({ coefficients }) => coefficients.some((c) => c < 0 || c > 1)) ?? [];
  expect(outside.length, 'vectors that were never sampled').toBeGreaterThan(0);
  expect(front?.flatMap(({ coefficients }) => coefficients).every((c) => Math.abs(c) <= PUBLISHED_BOX.max)).toBe(true);
  expect(front?.every(({ values: [share = 2, loss = -1] }) => share >= 0 && share <= 1 && loss >= 0)).toBe(true);
});

it('has no front of one goal, or with too few points', () => {
  expect(asPublished(observed, [{ key: 'a', minimised: false }]).front).toBeUndefined();
  const few = asPublished(observed.slice(0, 4), [
    { key: 'a', minimised: false },
    { key: 'loss', minimised: true },
  ]);
  expect(few.fits[0]?.fit.state).toBe('too few points');
  expect(few.front).toBeUndefined();
});
