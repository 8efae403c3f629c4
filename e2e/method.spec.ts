import { expect, test } from './studio.ts';

test('another method is found by searching and merges at once', async ({ studio, page }) => {
  await studio.open('?samples=64');
  const first = await studio.measured(64);

  await studio.methodButton.click();
  await expect(studio.methodSheet).toBeVisible();
  const everything = await studio.methodSheet.locator('[data-method]').count();
  expect(everything).toBeGreaterThanOrEqual(7);
  await studio.methodSheet.getByRole('searchbox').fill('nothing is called so');
  await expect(studio.methodSheet.locator('[data-method]')).toHaveCount(0);
  await studio.methodSheet.getByRole('searchbox').fill('Resolving Interference');
  await expect(studio.methodSheet.locator('[data-method="ties"]')).toBeVisible();
  await studio.methodSheet.locator('[data-method="ties"]').click();

  await expect(studio.methodSheet).toHaveCount(0);
  await expect(studio.methodButton).toContainText('TIES');
  const ties = await studio.measured(64);
  expect(ties.mergeId).not.toBe(first.mergeId);
  expect(page.url()).toContain('m=ties');

  await studio.choose('iso-c', 'spectr');
  await expect(studio.methodButton).toContainText('Iso-C');
  const iso = await studio.measured(64);
  expect(new Set([first.mergeId, ties.mergeId, iso.mergeId]).size).toBe(3);
});

test('a method that does not fit says why, and can be chosen once it fits', async ({ studio }) => {
  const [first, second, ...others] = studio.opening;
  await studio.open('?samples=64');
  const before = await studio.measured(64);
  await studio.methodButton.click();
  const slerp = studio.methodSheet.locator('[data-method="slerp"]');
  await expect(slerp).toHaveAttribute('aria-disabled', 'true');
  await expect(slerp).toContainText(/needs exactly two experts; \w+ are in the mix/);
  // Playwright itself would wait for a greyed button to become enabled.
  await slerp.click({ force: true });
  await expect(studio.methodSheet, 'a greyed method is not taken').toBeVisible();
  await studio.page.keyboard.press('Escape');
  expect(await studio.mergeId()).toBe(before.mergeId);

  for (const id of others) await studio.page.getByRole('button', { name: `${id} in the mix` }).click();
  await studio.choose('slerp');
  await expect(studio.methodButton).toContainText('SLERP');
  const after = await studio.measured(64, [first ?? '', second ?? '']);
  expect(after.mergeId).not.toBe(before.mergeId);
});

test('DARE draws with a seed that is shown, and another seed is another merge', async ({ studio, page }) => {
  await studio.open('?samples=64');
  await studio.measured(64);
  await studio.choose('dare-ties', 'dare');
  await expect(studio.methodButton).toContainText('DARE-TIES');
  const first = await studio.measured(64);
  await page.getByText('Tune', { exact: true }).click();
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await expect(seed).toHaveValue('1');
  await page.getByRole('button', { name: 'Re-roll' }).click();
  await expect(seed).toHaveValue('2');
  const second = await studio.measured(64);
  expect(second.mergeId).not.toBe(first.mergeId);
  expect(page.url()).toMatch(/m=dare\+ties.*s=2/);
  await studio.page.getByRole('button', { name: 'Undo' }).click();
  expect(await studio.measured(64), 'the same seed gives the same merge').toEqual(first);
});
