import { expect, test } from './studio.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('everything can be used on a phone', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  await studio.open('?samples=64');
  const before = await studio.measured(64);
  expect(await fits()).toBe(true);
  await expect(studio.row(task)).toBeInViewport();
  await expect(studio.slider(`λ ${task}`), 'a slider is in view without scrolling').toBeInViewport();

  for (let i = 0; i < 3; i++) await page.getByRole('button', { name: `raise λ of ${task}` }).tap();
  await page.getByRole('button', { name: `lower λ of ${task}` }).tap();
  await expect(studio.slider(`λ ${task}`)).toHaveValue('0.4');
  const raised = await studio.measured(64);
  expect(raised.mergeId).not.toBe(before.mergeId);

  const tabs = page.getByRole('tablist', { name: 'Pages' });
  for (const [name, region] of [
    ['Front', 'Pareto front'],
    ['Why', 'Explanation'],
    ['Mix', 'Ingredients'],
  ] as const) {
    await tabs.getByRole('tab', { name }).tap();
    await expect(page.getByRole('region', { name: region, exact: true })).toBeVisible();
    await expect(studio.result, 'the result stays in view').toBeInViewport();
    expect(await fits(), `no sideways scrolling on ${name}`).toBe(true);
  }

  await studio.methodButton.tap();
  const { width = 0 } = (await studio.methodSheet.boundingBox()) ?? {};
  expect(width).toBeGreaterThan(360);
  expect(await fits()).toBe(true);
  await studio.methodSheet.locator('[data-method="weight-average"]').tap();
  expect((await studio.measured(64)).mergeId).not.toBe(raised.mergeId);
});

test('turning the phone keeps everything', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  await studio.open('?samples=64');
  await studio.type(`λ of ${task}`, '0.9');
  const upright = await studio.measured(64);
  await page.setViewportSize({ width: 844, height: 390 });
  await expect(studio.slider(`λ ${task}`)).toHaveValue('0.9');
  expect(await studio.measured(64)).toEqual(upright);
});
