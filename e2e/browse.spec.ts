import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './studio.ts';

/** What axe calls serious in the sheet that is open on top. */
async function barriers(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

test('methods are browsed by what they need, looked at, and one is taken', async ({ studio, page }) => {
  await studio.open('?samples=64');
  const before = await studio.measured(64);
  await studio.methodButton.click();
  const { methodSheet } = studio;
  const entries = methodSheet.locator('[data-method]');
  await expect(entries).not.toHaveCount(0);
  const all = await entries.count();

  const seed = methodSheet.getByRole('button', { name: /^seed \d+$/ });
  const promised = Number(/\d+/.exec((await seed.textContent()) ?? '')?.[0]);
  await seed.click();
  await expect(entries).toHaveCount(promised);
  expect(promised).toBeLessThan(all);
  await expect(methodSheet.locator('[data-method="dare"]')).toBeVisible();
  await expect(methodSheet.locator('[data-method="ties"]')).toHaveCount(0);
  await methodSheet.getByRole('button', { name: 'Clear filters' }).click();
  await expect(entries).toHaveCount(all);
  expect(await barriers(page)).toEqual([]);

  // What is on the screen has its number already; another method is measured for whoever rests on it.
  const entry = (id: string) => methodSheet.locator(`[data-method="${id}"]`);
  const ties = entry('ties');
  await expect(entry('task-arithmetic').getByText('measured on 64 images per task')).toBeVisible();
  await expect(ties.getByText('measured on')).toHaveCount(0);
  await ties.hover();
  await expect(ties.getByText('measured on 64 images per task')).toBeVisible();
  const promise = /(\d+\.\d) %/.exec((await ties.textContent()) ?? '')?.[1];
  expect(await studio.mergeId(), 'the merge on the screen stays').toBe(before.mergeId);

  await ties.click();
  const { rows } = await studio.measured(64);
  const mean = rows.reduce((sum, row) => sum + row.accuracy, 0) / rows.length;
  expect((100 * mean).toFixed(1), 'what the preview said').toBe(promise);
});

test('every method has a page of its own, whose address opens it again', async ({ studio, page }) => {
  await studio.open('?samples=64');
  await studio.measured(64);
  await studio.methodButton.click();
  await studio.methodSheet.getByRole('button', { name: 'About TIES' }).click();
  const doc = page.getByRole('dialog', { name: 'TIES' });
  await expect(doc.getByRole('table')).toContainText('density');
  await expect(doc.locator('math').first()).toBeVisible();
  await expect(doc).toContainText('@misc{yadav2023ties');
  expect(page.url()).toContain('d=ties');
  expect(await barriers(page)).toEqual([]);

  await page.reload();
  await expect(doc.getByRole('table')).toContainText('density');
  await page.keyboard.press(']');
  const next = page.getByRole('dialog').filter({ hasNot: page.getByRole('heading', { name: 'TIES', exact: true }) });
  await expect(next.getByRole('heading', { level: 2 })).toBeVisible();
  expect(page.url()).not.toContain('d=ties');
  await page.keyboard.press('[');
  await expect(doc).toBeVisible();
  await page.goBack();
  await page.goBack();
  await expect(doc, 'back to the page before').toBeVisible();

  await doc.getByRole('button', { name: 'Use TIES' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(studio.methodButton).toContainText('TIES');
  expect(page.url()).toMatch(/m=ties/);
  expect(page.url()).not.toMatch(/d=ties/);
  await studio.measured(64);
});

test('the explanation leads to the page, with the numbers of the sliders in its formula', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  await studio.open('?samples=16');
  await studio.measured(16);
  await studio.type(`λ of ${task}`, '0.77');
  await page.getByRole('button', { name: 'All about Task Arithmetic' }).click();
  const doc = page.getByRole('dialog', { name: 'Task Arithmetic' });
  await expect(doc.locator('.numbered')).toContainText('.77');
  await expect(doc.getByRole('button', { name: 'Use Task Arithmetic' })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(doc).toHaveCount(0);
  expect(page.url()).not.toContain('d=');
});

test('texts that cannot be fetched are told, and fetched again on request', async ({ studio, page }) => {
  let broken = true;
  await page.route('**/*handbook*.js', (route) => (broken ? route.abort() : route.continue()));
  await studio.open('?samples=16');
  await studio.measured(16);
  const panel = page.getByRole('region', { name: 'Explanation' });
  await expect(panel.getByRole('alert')).toContainText('could not be loaded');
  broken = false;
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('alert')).toHaveCount(0);
  await expect(panel).toContainText('Adds every expert’s change');
  // The failed request is the browser's to report.
  studio.problems.splice(0);
});
