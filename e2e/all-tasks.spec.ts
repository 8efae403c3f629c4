import { readFile } from 'node:fs/promises';
import { expect, test } from './studio.ts';

test('a front of three tasks is measured, brushed, given a floor and taken away', async ({ studio, page }) => {
  const three = studio.opening.slice(0, 3);
  const [first = '', second = ''] = three;
  await studio.open(`?samples=64#v=1&e=${three.join()}&g=all`);
  await studio.measured(64, three);

  // p = 10 unknowns for three coefficients: the budget is said first.
  await expect(page.getByText(/20 merges.*p = 10 unknowns/)).toBeVisible();
  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  await expect(page.getByText(/R² .*from 2[01] measured merges/)).toBeVisible();
  await expect(
    page.getByText(/2[01] measured merges, \d+ of them on the front of these goals · dashed: \d+ predicted/),
  ).toBeVisible();
  await expect(page.getByText(/hypervolume 0\.\d{3}, reference 0.0 % of each/)).toBeVisible();

  const counted = page.getByText(/\d+ of \d+ merges in the selection/);
  const selected = async () => Number(/(\d+) of/.exec(await counted.innerText())?.[1]);
  const all = await selected();
  const name = studio.nameOf(first);
  const least = page.getByRole('slider', { name: `at least ${name}`, exact: true });
  await least.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageUp');
  await expect.poll(selected).toBeLessThan(all);
  const brushed = await selected();
  const floor = page.getByRole('slider', { name: `floor ${studio.nameOf(second)}`, exact: true });
  await floor.focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageUp');
  await expect.poll(selected).toBeLessThan(brushed);

  await page.getByRole('button', { name: 'Files' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the points as CSV' }).click();
  const csv = await readFile(await (await download).path(), 'utf8');
  const [header = '', ...lines] = csv.trim().split(/\r?\n/);
  expect(header).toContain(three.map((task) => `coefficient.${task}`).join());
  expect(header).toContain(three.map((task) => `estimated.${task}`).join());
  expect(lines.filter((line) => line.includes(',measured,')).length).toBeGreaterThanOrEqual(20);
  expect(lines.filter((line) => line.includes(',estimated,')).length).toBeGreaterThan(5);
});

test('more merges are chosen where the front gains', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  await studio.measured(16, pair);
  await page.getByRole('button', { name: 'Measure 2p points' }).click();
  const more = page.getByRole('button', { name: '8 more for the front' });
  await expect(more).toBeEnabled();
  await more.click();
  await expect(page.getByRole('progressbar', { name: 'Measured merges' })).toHaveAttribute('max', '8');
  await expect(page.getByText(/R² .*from 2[01] measured merges/)).toBeVisible();
});
