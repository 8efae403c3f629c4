import { expect, test } from './studio.ts';

test('a floor is set by keys, the balanced merge is taken, and all plots follow', async ({ studio, page }) => {
  await studio.open('?samples=64');
  const before = await studio.measured(64);
  const floor = page.locator('[data-floor]').first();
  await expect(floor).toHaveAttribute('aria-valuetext', /no limit/);
  const points = page.locator('[data-point]');
  await expect(page.locator('[data-point].out')).toHaveCount(0);

  await floor.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('PageUp');
  await expect(floor).not.toHaveAttribute('aria-valuetext', /no limit/);
  const counted = page.getByText(/\d+ of \d+ measured merges above all floors/);
  await expect(counted).toBeVisible();
  const [, kept, total] = /(\d+) of (\d+)/.exec(await counted.innerText())?.map(Number) ?? [];
  const greyed = await page.locator('[data-point].out').count();
  expect(greyed).toBeGreaterThan(0);
  expect(greyed, 'weaker ones may lie below the axes').toBeLessThanOrEqual((total ?? 0) - (kept ?? 0));
  expect((await points.count()) - greyed, 'none above the floor does').toBe(kept);

  const balanced = page.locator('[data-rule="balanced"]');
  await expect(balanced).toHaveAttribute('aria-label', /measured, n = \d+/);
  // The rules follow the floor a little later, in the plot and in the row.
  await page.waitForTimeout(400);
  const id = (await page.locator('[data-pick]', { hasText: 'balanced' }).getAttribute('data-pick')) ?? '';
  const name = (await page.locator(`[data-point="${id}"]`).getAttribute('aria-label')) ?? '';
  await balanced.click();
  await expect.poll(() => studio.mergeId()).toBe(id);
  expect(id).not.toBe(before.mergeId);
  await expect(balanced).toHaveAttribute('aria-pressed', 'true');
  for (const task of studio.opening) {
    const value = Number(await studio.slider(`λ ${task}`).inputValue());
    expect(name, 'the sliders stand where the point says').toContain(`λ ${task} ${value.toFixed(2).replace(/^0/, '')}`);
  }
  await studio.measured(64);

  // The same floor stands in the plot of all tasks, and goes from there.
  const task = (await floor.getAttribute('aria-label')) ?? '';
  await page.getByRole('radio', { name: 'all tasks' }).check();
  const other = page.getByRole('slider', { name: task, exact: true });
  await expect(other).not.toHaveAttribute('aria-valuetext', /no limit/);
  await other.press('Delete');
  await page.getByRole('radio', { name: 'two tasks' }).check();
  await expect(page.locator('[data-point]').first()).toBeVisible();
  await expect(page.locator('[data-point].out')).toHaveCount(0);
});
