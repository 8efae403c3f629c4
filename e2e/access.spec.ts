import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './studio.ts';

const screens = [
  { name: 'desktop', viewport: { width: 1440, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
];

for (const { name, viewport } of screens) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`no serious barrier on a ${name} in ${colorScheme}`, async ({ studio, page }) => {
      const barriers = async () => {
        const axe = new AxeBuilder({ page });
        // Dark differs from light in nothing but its colours.
        const { violations, passes } = await (colorScheme === 'dark' ? axe.withRules('color-contrast') : axe).analyze();
        expect(passes.flatMap(({ nodes }) => nodes).length, 'elements that were looked at').toBeGreaterThan(20);
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
      };
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await studio.open('?samples=16#v=1&lv=tune');
      await studio.measured(16);
      expect(await barriers()).toEqual([]);
      if (name === 'desktop') {
        await page.getByTitle('All tasks of the mix and the coefficients side by side').click();
        await expect(page.getByText(/merges in the selection/)).toBeVisible();
        expect(await barriers(), 'with all tasks side by side').toEqual([]);
      }
      if (name === 'phone') {
        for (const tab of ['Front', 'Why', 'Mix']) {
          await page.getByRole('tab', { name: tab }).click();
          expect(await barriers(), tab).toEqual([]);
        }
      }
      await page.keyboard.press('p');
      await page.keyboard.press(']');
      await studio.measured(16);
      await expect(page.getByRole('region', { name: 'Pinned merges' })).toBeVisible();
      expect(await barriers(), 'with a pinned merge').toEqual([]);
      await studio.result.getByRole('button', { name: /^Leaderboard/ }).click();
      await page.getByRole('button', { name: /^Measure \d+ methods/ }).click();
      await expect(page.locator('tr[data-rank]').nth(2)).toBeVisible();
      expect(await barriers(), 'with the leaderboard open').toEqual([]);
      await page.keyboard.press('Escape');
      await studio.methodButton.click();
      await expect(studio.methodSheet).toBeVisible();
      expect(await barriers(), 'with the method sheet open').toEqual([]);
    });
  }
}
