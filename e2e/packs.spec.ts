import { expect, test } from './studio.ts';

test('a network per task: its size is told, and every pack measured so far stays in the plot', async ({
  studio,
  page,
}) => {
  await studio.open('?samples=64');
  const single = await studio.measured(64);
  const panel = page.getByRole('region', { name: 'Pack size' });
  await expect(panel, 'a single network is no pack').toHaveCount(0);

  await studio.choose('emr');
  const emr = await studio.measured(64);
  expect(emr.mergeId).not.toBe(single.mergeId);
  await expect(panel.locator('.pack-size')).toContainText(/8[89]\d kB, 2\.13 × one network/);
  await expect(panel.locator('[data-mask]')).toHaveCount(studio.opening.length);
  for (const share of await panel.locator('[data-mask]').evaluateAll((rows) => rows.map((row) => row.dataset.kept))) {
    expect(Number(share)).toBeGreaterThan(0);
    expect(Number(share)).toBeLessThan(1);
  }
  const mean = emr.rows.reduce((sum, { accuracy }) => sum + accuracy, 0) / emr.rows.length;
  const star = panel.locator('[data-kind="current"][data-pack]');
  expect(Number(await star.getAttribute('data-accuracy'))).toBeCloseTo(mean, 6);

  await studio.choose('bitdelta');
  await studio.measured(64);
  await expect(star).toHaveAttribute('data-pack', 'BitDelta');
  const known = panel.locator('[data-kind="pack"][data-pack]');
  await expect(known).toHaveAttribute('data-pack', 'EMR-Merging');
  expect(Number(await star.getAttribute('data-size'))).toBeLessThan(Number(await known.getAttribute('data-size')));
  await expect(panel.locator('[data-mask]'), 'BitDelta masks nothing').toHaveCount(0);
  const table = panel.getByRole('table', { name: /^Size and mean accuracy/ });
  await expect(table.getByRole('row', { name: /^BitDelta \(on the screen\)/ })).toContainText('64');
  await expect(table.getByRole('row', { name: /^all experts/ })).toContainText(String(studio.opening.length));
});

test('tasks without an expert in the pack are run by the base', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=64#v=1&e=${pair.join()}&m=emr`);
  await studio.measured(64, pair);
  await expect(page.getByRole('region', { name: 'Pack size' })).toContainText('left out are run by the base');
  await page.getByRole('checkbox', { name: /^all \d+ tasks$/ }).check();
  const order = studio.card.tasks.map(({ id }) => id);
  const tasks = [...pair, ...order.filter((id) => !pair.includes(id))];
  const { rows } = await studio.measured(64, tasks);
  for (const { task, accuracy } of rows.filter((row) => !pair.includes(row.task))) {
    const base = studio.card.accuracy.base?.[task]?.find(({ n }) => n === 64);
    expect(Math.abs(accuracy - (base ? base.correct / base.n : Number.NaN)), task).toBeLessThan(0.02);
  }
});

test('a pack is measured anew after a reload, so that its size is known', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1&m=emr');
  await studio.measured(64);
  const size = page.getByRole('region', { name: 'Pack size' }).locator('[data-bits]');
  await expect(size).toHaveCount(1);
  // The merge that rested here has become a point, which is kept.
  await expect(page.getByRole('button', { name: /^Table of points \(\d+\)$/ })).toBeVisible();
  await page.reload();
  await expect(size).toHaveCount(1);
});

test('nested MAP refuses packs in words', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1&m=tall-masks&g=nested');
  await studio.measured(64);
  await expect(page.getByText(/This method gives one network for each task/)).toBeVisible();
});
