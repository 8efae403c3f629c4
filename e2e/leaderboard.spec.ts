import { expect, test } from './studio.ts';

test('every method is measured in idle time: stopped, gone on with, kept over a reload, and taken by a click', async ({
  studio,
  page,
}) => {
  const three = studio.opening.slice(0, 3);
  const address = `?samples=64#v=1&e=${three.join()}`;
  await studio.open(address);
  const before = await studio.measured(64, three);
  const sheet = page.getByRole('dialog', { name: 'Leaderboard' });
  const measured = sheet.locator('tr[data-entry][data-rank]');
  const status = sheet.getByRole('status');
  await studio.result.getByRole('button', { name: /^Leaderboard/ }).click();
  await expect(sheet.locator('tr[data-entry]').nth(5), 'at least six methods').toBeVisible();
  const all = await sheet.locator('tr[data-entry]').count();
  await expect(sheet.getByText(/about \d+ .*and the preparations/).first(), 'the price is said before').toBeVisible();
  await expect(measured).toHaveCount(0);

  // Paused as soon as something is there.
  await sheet.getByRole('button', { name: `Measure ${all} methods` }).click();
  await expect(status).toContainText(`of ${all} methods measured`);
  await expect.poll(() => measured.count()).toBeGreaterThanOrEqual(1);
  await sheet.getByRole('button', { name: 'Pause' }).click();
  await expect(status).toContainText(/^paused: \d+ of \d+ methods measured/);
  const paused = await measured.count();
  expect(paused).toBeLessThan(all);

  // Longer than the wait that gathers what is kept.
  await page.waitForTimeout(1500);
  await page.reload();
  await studio.measured(64, three);
  await page.keyboard.press('l');
  await expect(status).toContainText(/^paused/);
  await expect.poll(() => measured.count()).toBeGreaterThanOrEqual(paused);
  await sheet.getByRole('button', { name: 'Resume' }).click();
  await expect(measured).toHaveCount(all);
  await expect(status).toHaveCount(0);
  expect(await studio.mergeId(), 'the merge on the screen stays').toBe(before.mergeId);
  await expect(page.getByText(/R² .*from/), 'surrogates never see them').toHaveCount(0);

  // Sorted by the average, the best first; the merge on the screen is marked.
  const averages = await measured.evaluateAll((rows) =>
    rows.map((row) => Number((row as HTMLElement).dataset.average)),
  );
  expect(averages).toEqual([...averages].sort((a, b) => b - a));
  await expect(measured.first()).toHaveAttribute('data-rank', 'best');
  await expect(sheet.locator('tr[aria-current="true"]')).toHaveCount(1);

  const other = sheet.locator('tr[data-rank]:not([aria-current])').first();
  const average = Number(await other.getAttribute('data-average'));
  await other.getByRole('button').first().click();
  await expect(sheet).toHaveCount(0);
  const after = await studio.measured(64, three);
  expect(after.mergeId).not.toBe(before.mergeId);
  const mean = after.rows.reduce((sum, { accuracy }) => sum + accuracy, 0) / three.length;
  expect(mean, 'the row told the same').toBeCloseTo(average, 10);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await studio.measured(64, three)).toEqual(before);
});

test('a method is tuned on calibration with a stated number of merges, while the sliders stay live', async ({
  studio,
  page,
}) => {
  const pair = studio.opening.slice(0, 2);
  const [first = ''] = pair;
  await studio.open(`?samples=64#v=1&e=${pair.join()}`);
  const before = await studio.measured(64, pair);
  await page.getByRole('button', { name: 'Leaderboard of all methods' }).click();
  const sheet = page.getByRole('dialog', { name: 'Leaderboard' });
  await expect(sheet.getByText(/24 merges each on n = 64 calibration images per task/)).toBeVisible();
  await sheet.getByRole('button', { name: 'Tune all' }).click();
  await expect(sheet.getByText(/merge \d+ of 24/)).toBeVisible();

  // A drag in the middle of it is measured first.
  await page.keyboard.press('Escape');
  await studio.type(`λ of ${first}`, '0.7');
  const moved = await studio.measured(64, pair);
  expect(moved.mergeId).not.toBe(before.mergeId);
  await studio.result.getByRole('button', { name: /^Leaderboard/ }).click();
  // All of them would take minutes.
  await expect(sheet.getByRole('status')).toContainText(/, [1-9]\d* of \d+ tuned$/);
  await sheet.getByRole('button', { name: 'Stop' }).click();
  await sheet.getByRole('radio', { name: 'Tuned' }).check();
  await expect(sheet.locator('tr[data-rank="best"]')).not.toHaveCount(0);
  expect(await studio.mergeId()).toBe(moved.mergeId);
});

test('a pinned result stands behind the bars of later ones, with what changed', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1');
  const before = await studio.measured(64);
  await page.keyboard.press('p');
  const pins = page.getByRole('region', { name: 'Pinned merges' });
  await expect(pins.locator('[data-pin="a"]')).toHaveAttribute('data-merge-id', before.mergeId);
  await expect(studio.result.locator('.pinned')).toHaveCount(0);

  await page.keyboard.press(']');
  const after = await studio.measured(64);
  expect(after.mergeId).not.toBe(before.mergeId);
  await expect(studio.result.locator('.task-bar .pinned')).toHaveCount(studio.opening.length);
  await expect(studio.result.locator('td.delta')).toHaveText(studio.opening.map(() => /^[+−]\d+\.\d points/));
  await expect(pins.getByRole('listitem').first()).toHaveText(/^method .+ → .+/);
  expect(page.url(), 'pins are no part of the link').not.toMatch(/pin/);

  await pins.getByRole('button', { name: 'Swap with A' }).click();
  expect(await studio.measured(64)).toEqual(before);
  await expect(pins.locator('[data-pin="a"]')).toHaveAttribute('data-merge-id', after.mergeId);

  // Longer than the wait that gathers what is kept.
  await page.waitForTimeout(1500);
  await page.reload();
  await studio.measured(64);
  await expect(pins.locator('[data-pin="a"]')).toHaveAttribute('data-merge-id', after.mergeId);
  await pins.getByRole('button', { name: 'Use A' }).click();
  expect(await studio.measured(64)).toEqual(after);
  await pins.getByRole('button', { name: 'Unpin A' }).click();
  await expect(pins).toHaveCount(0);
});
