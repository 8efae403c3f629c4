import { expect, test } from './studio.ts';

test('the front is found as one likes: by evolution, over losses, beside the published method', async ({
  studio,
  page,
}) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  await studio.measured(16, pair);
  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  await expect(page.getByText(/R² .*from 1[23] measured merges/)).toBeVisible();

  await page.getByText('How the front is found').click();
  // Generations come and go within a second: whatever was drawn is remembered.
  await page.locator('.plot').evaluate((plot) => {
    const seen = new Set<string>();
    new MutationObserver(() => {
      const generation = plot.querySelector<SVGElement>('[data-generation]')?.dataset.generation;
      if (!generation || seen.has(generation)) return;
      seen.add(generation);
      (plot as HTMLElement).dataset.generations = [...seen].join();
    }).observe(plot, { subtree: true, childList: true, attributes: true });
  });
  await page.getByRole('combobox', { name: 'front found by' }).selectOption('NSGA-III');
  await expect
    .poll(async () => (await page.locator('.plot').getAttribute('data-generations'))?.split(',').length)
    .toBeGreaterThan(1);
  await expect(page.locator('[data-generation]')).toHaveCount(0);
  await expect(page.locator('[data-front]')).toBeVisible();

  await page.getByRole('combobox', { name: 'beside it' }).selectOption('MAP as published');
  await expect(page.locator('[data-published]')).toBeVisible();
  await expect(page.getByText(/as published .*R² of the fit/)).toBeVisible();

  await page.getByRole('combobox', { name: 'measured' }).selectOption('loss');
  await expect(page.getByText(/loss of .* R² .*from 1[23] measured merges/)).toBeVisible();
  await expect(page.getByText(/now \d\.\d{3} · \d\.\d{3} measured, test split/)).toBeVisible();
  await page.getByLabel('Task of the vertical axis').selectOption('norm of the change');
  await expect(page.getByText(/hypervolume .*reference .* nats, \d+\.\d\d/)).toBeVisible();

  await page.reload();
  await studio.measured(16, pair);
  await page.getByText('How the front is found: loss, NSGA-III, MAP as published').click();
  await expect(page.getByRole('combobox', { name: 'front found by' })).toHaveValue('nsga3');
});
