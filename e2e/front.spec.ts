import type { Locator } from '@playwright/test';
import { expect, test } from './studio.ts';

/** A mark of the plot that stands farthest from its neighbours, so that a click means it. */
async function loneliest(marks: Locator): Promise<Locator> {
  const at = await marks.evaluateAll((elements) =>
    elements.map((element) => {
      const { left, top } = element.getBoundingClientRect();
      return [left, top] as const;
    }),
  );
  const room = at.map((own, i) =>
    Math.min(...at.filter((_, j) => j !== i).map((other) => Math.hypot(own[0] - other[0], own[1] - other[1]))),
  );
  return marks.nth(room.indexOf(Math.max(...room)));
}

test('points are measured with progress, can be stopped and gone on with, and give a front', async ({
  studio,
  page,
}) => {
  const pair = studio.opening.slice(0, 2);
  const planned = page.locator('[data-source="design"]');
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  await studio.measured(16, pair);
  await expect(page.locator('[data-front]')).toHaveCount(0);
  await expect(page.getByText(/12 merges.*p = 6 unknowns/)).toBeVisible();

  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  const progress = page.getByRole('progressbar', { name: 'Measured merges' });
  await expect(progress).toHaveAttribute('max', '12');
  await expect.poll(async () => Number(await progress.getAttribute('value'))).toBeGreaterThanOrEqual(2);
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(page.getByText(/stopped after \d+ of 12 merges, which stay in the plot/)).toBeVisible();
  const [, done] = /stopped after (\d+)/.exec(await page.locator('.measure').innerText()) ?? [];
  expect(Number(done)).toBeLessThan(12);
  expect((await studio.measured(16, pair)).mergeId, 'the merge on the screen stays').toBe(await studio.mergeId());

  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  await expect
    .poll(async () => Number(await progress.getAttribute('value')), 'what was measured is not measured again')
    .toBeGreaterThan(Number(done));
  await expect(page.getByRole('button', { name: 'Measure 2p points' })).toBeVisible();
  await page.getByText(/Table of points/).click();
  await expect(page.getByRole('row', { name: /planned/ })).toHaveCount(12);
  await expect(page.getByText(/R² .*from 1[23] measured merges/)).toBeVisible();
  await expect(page.locator('[data-front]')).toBeVisible();

  // Below the axes' ends weaker points are left out of the drawing, never all.
  expect(await planned.count()).toBeGreaterThan(0);
});

test('measuring a front of three tasks can be paused, and resumed after a reload', async ({ studio, page }) => {
  const three = studio.opening.slice(0, 3);
  await studio.open(`?samples=16#v=1&e=${three.join()}&g=all`);
  await studio.measured(16, three);
  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  const progress = page.getByRole('progressbar', { name: 'Measured merges' });
  await expect(progress).toHaveAttribute('max', '20');
  const value = async () => Number(await progress.getAttribute('value'));
  await expect.poll(value).toBeGreaterThanOrEqual(2);
  await page.getByRole('button', { name: 'Pause' }).click();
  const paused = page.getByText(/paused after \d+ of 20 merges/);
  await expect(paused).toBeVisible();
  // The merge that was under way is finished, then nothing moves.
  await page.waitForTimeout(800);
  const done = await value();
  expect(done).toBeLessThan(20);
  await page.waitForTimeout(800);
  expect(await value()).toBe(done);

  await page.reload();
  await studio.measured(16, three);
  await expect(paused).toBeVisible();
  expect(await value()).toBe(done);
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Measure 2p points' })).toBeVisible();
  await page.getByRole('button', { name: /Table of points/ }).click();
  await expect(page.getByRole('row', { name: /planned/ })).toHaveCount(20);
  await expect(page.getByText(/2[01] measured merges, \d+ of them on the front of these goals/)).toBeVisible();
});

test('a click on a point takes its merge over', async ({ studio, page }) => {
  await studio.open('?samples=64');
  const before = await studio.measured(64);
  const mark = await loneliest(page.locator('[data-point]'));
  const id = (await mark.getAttribute('data-point')) ?? '';
  const name = (await mark.getAttribute('aria-label')) ?? '';
  const { x, y, width, height } = (await mark.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.click(x + width / 2, y + height / 2);

  await expect.poll(() => studio.mergeId()).toBe(id);
  expect(id).not.toBe(before.mergeId);
  for (const task of studio.opening) {
    const value = Number(await studio.slider(`λ ${task}`).inputValue());
    expect(name, 'the sliders stand where the point says').toContain(`λ ${task} ${value.toFixed(2).replace(/^0/, '')}`);
  }
  await studio.measured(64);
});
