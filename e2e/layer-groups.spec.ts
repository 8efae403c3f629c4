import { expect, test } from './studio.ts';

test('coefficients differ between groups of layers, and the link holds them', async ({ studio, page }) => {
  const [first = '', second = ''] = studio.opening;
  const pair = [first, second];
  await studio.open(`?samples=16#v=1&e=${pair.join()}&lv=tune`);
  const whole = await studio.measured(16, pair);
  await expect(page.getByText(/12 merges.*p = 6 unknowns/)).toBeVisible();

  await page.getByRole('group', { name: 'Groups of layers' }).getByText('2', { exact: true }).click();
  const divided = await studio.measured(16, pair);
  expect(divided.mergeId, 'another recipe').not.toBe(whole.mergeId);
  const answers = ({ rows }: typeof whole) => rows.map(({ task, accuracy }) => ({ task, accuracy }));
  expect(answers(divided), 'but the same network').toEqual(answers(whole));
  await expect(page.getByText(/30 merges.*p = 15 unknowns/)).toBeVisible();
  await expect(page.getByText('varies: λ of 2 experts in 2 groups of layers')).toBeVisible();

  const late = studio.slider(`λ ${first} · blocks 2–3`);
  await late.focus();
  await page.keyboard.press('Home');
  const moved = await studio.measured(16, pair);
  expect(moved.rows[0]?.accuracy).toBeLessThan(divided.rows[0]?.accuracy ?? 0);
  expect(page.url()).toContain('l=.3/-.5,.3/.3');

  await page.reload();
  expect(await studio.measured(16, pair)).toEqual(moved);
  await expect(late).toHaveValue('-0.5');
  await expect(studio.slider(`λ ${first} · block 1`)).toHaveValue('0.3');
});

test('a further control varies with the coefficients, and the budget follows', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}&m=ties`);
  await studio.measured(16, pair);
  await expect(page.getByText(/6 merges.*p = 3 unknowns/)).toBeVisible();

  await page.getByText('varies: λ', { exact: true }).click();
  await page.getByRole('checkbox', { name: /density/ }).check();
  await expect(page.getByText(/12 merges.*and a preparation each.*p = 6 unknowns/)).toBeVisible();
  await expect(page.getByText('varies: λ, K', { exact: true })).toBeVisible();
  expect(page.url()).toContain('vary=density');

  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  await expect(page.getByText(/R² .*from 1[23] measured merges/)).toBeVisible();
  await page.getByText('varies: λ, K', { exact: true }).click();
  await page.getByRole('checkbox', { name: /density/ }).uncheck();
  // Merges of other densities are no points of the front over λ alone.
  await expect(page.getByText(/R² .*from \d+ measured merges/)).toHaveCount(0);
  expect(page.url()).not.toContain('vary');
});
