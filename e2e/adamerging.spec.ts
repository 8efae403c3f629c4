import { expect, test } from './studio.ts';

test('a training shows its progress, can be stopped, and gives coefficients to take over', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  const before = await studio.measured(16, pair);

  await studio.choose('adamerging');
  const progress = studio.result.getByRole('progressbar', { name: /AdaMerging/ });
  await expect(progress).toBeVisible();
  await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThan(1);
  expect(await progress.getAttribute('max')).toBe('50');
  await studio.result.getByRole('button', { name: 'Stop' }).click();
  await expect(progress).toHaveCount(0);
  await expect(studio.result).toHaveAttribute('data-phase', 'refused');
  await expect(studio.result.getByRole('status')).toContainText(/stopped/i);

  await studio.type('training step', '40');
  const trained = await studio.measured(16, pair);
  expect(trained.mergeId).not.toBe(before.mergeId);
  const learned = page.getByRole('region', { name: 'Learned coefficients' });
  await expect(learned).toContainText(new RegExp(`${pair[0]} 0\\.\\d\\d`));
  await learned.getByRole('button', { name: 'Copy to Task Arithmetic' }).click();
  await expect(studio.methodButton).toContainText('Task Arithmetic');
  await studio.measured(16, pair);
  const taken = Number(await studio.slider(`λ ${pair[0]}`).inputValue());
  expect(taken).toBeGreaterThanOrEqual(0);
  expect(taken).not.toBe(0.3);
});
