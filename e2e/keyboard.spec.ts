import type { Locator, Page } from '@playwright/test';
import { expect, test } from './studio.ts';

/** More stops than the page has. */
const MOST_STOPS = 80;

async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let i = 0; i < MOST_STOPS; i++) {
    await page.keyboard.press('Tab');
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${target}`);
}

test('a recipe is changed, measured and taken back with the keyboard alone', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  const slider = studio.slider(`λ ${task}`);
  await studio.open('?samples=64');
  const opening = await studio.measured(64);

  await tabTo(page, slider);
  await page.keyboard.press('ArrowRight');
  await expect(slider).toHaveValue('0.35');
  await page.keyboard.press('PageUp');
  await expect(slider).toHaveValue('0.85');
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveValue('0.8');
  await page.keyboard.press('End');
  await expect(slider).toHaveValue((await slider.getAttribute('max')) ?? '');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Home');
  await expect(slider).toHaveValue((await slider.getAttribute('min')) ?? '');
  const lowest = await studio.measured(64);
  expect(lowest.mergeId).not.toBe(opening.mergeId);

  for (let i = 0; i < 6; i++) await page.keyboard.press('Control+z');
  expect(await studio.measured(64), 'each key press was one step').toEqual(opening);
  await page.keyboard.press('Control+Shift+z');
  await expect(slider).toHaveValue('0.35');
  await studio.measured(64);

  await page.keyboard.press('/');
  await expect(studio.methodSheet.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('ties');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(studio.methodSheet).toHaveCount(0);
  await expect(studio.methodButton).toContainText(/^TIES/);
  await studio.measured(64);
  await page.keyboard.press(']');
  await expect(studio.methodButton).not.toContainText(/^TIES/);
  await page.keyboard.press('[');
  await expect(studio.methodButton).toContainText(/^TIES/);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the points of the plot are walked with arrows and taken with Enter', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  await expect(page.locator('[data-point]').first()).toBeVisible();
  await tabTo(page, page.locator('[data-point][tabindex="0"]'));
  await page.keyboard.press('ArrowLeft');
  const focused = await page.evaluate(() => (document.activeElement as SVGElement | null)?.dataset.point);
  expect(focused).toMatch(/^[0-9a-f]{12}$/);
  await page.keyboard.press('Enter');
  await expect.poll(() => studio.mergeId()).toBe(focused);
});
