import { expect, test } from './studio.ts';

test('a curve over depth is drawn, shared and reloaded: the same curve, merge and bars', async ({ studio, page }) => {
  const [first = '', second = ''] = studio.opening;
  const pair = [first, second];
  await studio.open(`?samples=16#v=1&e=${pair.join()}&lv=tune`);
  const plain = await studio.measured(16, pair);

  await page.getByRole('button', { name: /^per layer/ }).click();
  await page.getByRole('button', { name: `only ${first}` }).click();
  const point = (block: number) => page.getByRole('slider', { name: `factor at block ${block}, ${first}` });
  await expect(point(1)).toHaveAttribute('aria-valuenow', '1');

  const box = await point(3).locator('circle.reach').boundingBox();
  if (!box) throw new Error('the last point is not on the screen');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y + 60, { steps: 6 });
  await page.mouse.up();
  await expect(point(3)).toHaveAttribute('aria-valuenow', '0');
  const lowered = await studio.measured(16, pair);
  expect(lowered.mergeId, 'another merge').not.toBe(plain.mergeId);

  // Keys move the point, and one hold of a key is one step back.
  await point(1).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
  await expect(point(1)).toHaveAttribute('aria-valuenow', '1.2');
  await page.getByRole('button', { name: 'biases' }).click();
  await expect(page.getByText(/\d+ of \d+ tensors, [\d,]+ of [\d,]+ weights/)).toBeVisible();
  const drawn = await studio.measured(16, pair);
  expect(page.url()).toContain('&c.');

  const link = page.url();
  await page.reload();
  const again = await studio.measured(16, pair);
  expect(page.url()).toBe(link);
  expect(again).toEqual(drawn);
  await page.getByRole('button', { name: /^per layer/ }).click();
  await page.getByRole('button', { name: `only ${first}` }).click();
  await expect(point(1)).toHaveAttribute('aria-valuenow', '1.2');
  await expect(point(3)).toHaveAttribute('aria-valuenow', '0');
  await expect(page.getByRole('button', { name: 'biases' })).toHaveAttribute('aria-pressed', 'false');

  // A flat shape and no filter are the merge without them.
  await page.getByRole('button', { name: 'biases' }).click();
  await page.getByRole('button', { name: 'flat', exact: true }).click();
  await expect.poll(() => studio.mergeId()).toBe(plain.mergeId);
  expect(page.url()).not.toContain('&c=');
});

test('several points move together, and a strength of 0 can be taken back', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}&lv=tune`);
  await studio.measured(16, pair);
  await page.getByRole('button', { name: /^per layer/ }).click();
  const values = () =>
    page
      .locator('.curve-plane [data-point]')
      .evaluateAll((points) => points.map((point) => Number(point.getAttribute('aria-valuenow'))));

  await page.getByRole('button', { name: 'rising', exact: true }).click();
  expect(await values()).toEqual([0.2, 1, 1.8]);
  const strength = studio.slider('strength, all experts');
  await strength.focus();
  await page.keyboard.press('Home');
  expect(await values()).toEqual([1, 1, 1]);
  await page.keyboard.press('End');
  expect(await values()).toEqual([0, 1, 2]);

  await page.getByRole('button', { name: 'flat', exact: true }).click();
  const plane = await page
    .getByRole('group', { name: /^Factors over depth/ })
    .locator('svg')
    .boundingBox();
  if (!plane) throw new Error('there is no plot');
  await page.mouse.move(plane.x + 4, plane.y + 20);
  await page.mouse.down();
  await page.mouse.move(plane.x + 0.6 * plane.width, plane.y + 24, { steps: 6 });
  await page.mouse.up();
  await expect(page.getByText('2 points')).toBeVisible();
  await page.getByRole('button', { name: 'lower factor at 2 points' }).click();
  expect(await values()).toEqual([0.95, 0.95, 1]);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await values()).toEqual([1, 1, 1]);
});
