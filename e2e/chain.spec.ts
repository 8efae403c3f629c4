import { expect, test } from './studio.ts';

test('a chain is put together from steps: dropping, sign votes, growing with depth', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1&m=ties&lv=tune');
  const alone = await studio.measured(64);
  await page.getByRole('combobox', { name: 'Add a step before the merge' }).selectOption('dare');
  await page.getByRole('combobox', { name: 'Add a step after the merge' }).selectOption('lines');

  const cards = page.locator('.step-controls[data-card]');
  await expect(cards).toHaveCount(3);
  await expect(cards.nth(0)).toContainText('before the merge');
  await expect(cards.nth(2)).toContainText('after the merge');
  const whole = await studio.measured(64);
  expect(whole.mergeId).not.toBe(alone.mergeId);
  await expect(page).toHaveURL(/m=dare\+ties\+lines/);

  // Every step has sliders of its own, and they count.
  await page.getByRole('slider', { name: 'p drop rate' }).press('ArrowRight');
  const more = await studio.measured(64);
  expect(more.mergeId).not.toBe(whole.mergeId);

  await page.reload();
  expect((await studio.measured(64)).mergeId).toBe(more.mergeId);
  await page.getByRole('button', { name: 'Remove DARE' }).click();
  await page.getByRole('button', { name: 'Remove LiNeS' }).click();
  expect((await studio.measured(64)).mergeId).toBe(alone.mergeId);
});

test('experts that are merged one after the other are dragged into another order', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1&m=opcm&lv=tune');
  const first = await studio.measured(64);
  const handles = page.getByRole('button', { name: /in the order/ });
  await expect(handles).toHaveCount(studio.opening.length);
  const order = () =>
    page.locator('.model[data-ordered]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.expert));
  const [one, two, ...rest] = studio.opening;
  expect(await order()).toEqual(studio.opening);

  // The first expert is let go below the second.
  const from = await handles.nth(0).boundingBox();
  const to = await handles.nth(1).boundingBox();
  if (!from || !to) throw new Error('no handles');
  await page.mouse.move(from.x + 8, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + 8, to.y + to.height - 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(order).toEqual([two, one, ...rest]);
  const swapped = await studio.measured(64);
  expect(swapped.mergeId).not.toBe(first.mergeId);

  // The order travels in the link, and the keyboard moves as well.
  await page.reload();
  expect((await studio.measured(64)).mergeId).toBe(swapped.mergeId);
  await handles.nth(0).focus();
  await page.keyboard.press('ArrowDown');
  await expect.poll(order).toEqual(studio.opening);
  expect((await studio.measured(64)).mergeId).toBe(first.mergeId);
});

test('coefficients keep their sum, add up to one and reach beyond their range', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1&lv=tune');
  await studio.measured(64);
  const [one = '', two = ''] = studio.opening;
  await page.getByRole('button', { name: 'Σ = 1' }).click();
  const sum = page.locator('output.sum');
  await expect(sum).toHaveText('Σ 1.00');
  await page.getByRole('button', { name: 'Keep the sum' }).click();
  await studio.slider(`λ ${one}`).press('PageUp');
  await expect(sum).toHaveText('Σ 1.00');
  await page.getByRole('button', { name: 'Keep the sum' }).click();

  await page.getByRole('button', { name: 'Wider range' }).click();
  await studio.slider(`λ ${two}`).press('End');
  await expect(studio.slider(`λ ${two}`)).toHaveValue('3');
  const wide = await studio.measured(64);
  await expect(page).toHaveURL(/w=1/);
  await page.reload();
  expect((await studio.measured(64)).mergeId).toBe(wide.mergeId);
});
