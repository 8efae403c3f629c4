import { readFile } from 'node:fs/promises';
import { expect, test } from './studio.ts';

test('measurements from a file are explored, bad rows are named, and what is taken away comes back', async ({
  studio,
  page,
}) => {
  const [first = '', second = ''] = studio.opening;
  await studio.open(`?samples=16#v=1&e=${first},${second}`);
  await studio.measured(16, [first, second]);

  await page.getByRole('button', { name: 'Files' }).click();
  const ticks = [0, 0.5, 1];
  const good = ticks.flatMap((x) => ticks.map((y) => `${x},${y},${0.9 - 0.3 * y},${0.8 - 0.3 * x},64,64`));
  const header = `coefficient.${first},coefficient.${second},task.${first},task.${second},n.${first},n.${second}`;
  const csv = [header, ...good, '0.2,zero,0.5,0.5,64,64', '0.3,0.3,0.5,83 %,64,64'].join('\n');
  await page
    .getByLabel('open a file')
    .setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  const notes = page.getByRole('status').filter({ hasText: 'mine.csv' });
  await expect(notes).toContainText('mine.csv: 9 measured merges on the calibration split.');
  await expect(notes).toContainText(/line 11: .*zero/);
  await expect(notes).toContainText(/line 12: .*83 %/);

  // Nine rows determine the six unknowns of a quadratic: the front is predicted, the sliders drive the surrogates.
  await expect(page.locator('[data-front]')).toBeVisible();
  await page.getByText(/Table of points/).click();
  await expect(page.getByRole('row', { name: /from a file/ })).toHaveCount(9);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the points as CSV' }).click();
  const saved = await readFile(await (await download).path());
  // A visitor without these points.
  await page.evaluate(() =>
    indexedDB.databases().then((all) => all.map(({ name = '' }) => indexedDB.deleteDatabase(name))),
  );
  await page.reload();
  await studio.measured(16, [first, second]);
  await page.getByRole('button', { name: 'Files' }).click();
  await page.getByLabel('open a file').setInputFiles({ name: 'saved.csv', mimeType: 'text/csv', buffer: saved });
  await expect(page.getByRole('status').filter({ hasText: 'saved.csv' })).toContainText(
    /saved\.csv: (9|10) measured merges/,
  );
  await expect(page.locator('[data-front]')).toBeVisible();
});
