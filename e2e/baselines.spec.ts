import { readFile } from 'node:fs/promises';
import { expect, test } from './studio.ts';

test('MAP is compared with random search and a shared λ, and the plot is taken away as a picture', async ({
  studio,
  page,
}) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  await studio.measured(16, pair);
  await page.getByText('Compare with …').click();
  const row = (id: string) => page.locator(`tr[data-set="${id}"]`);
  await expect(row('random'), 'a budget needs something to compare with').toContainText('measure points first');

  const plan = page.getByRole('button', { name: 'Measure 2p points' });
  await plan.click();
  await expect(plan).toBeVisible();
  await row('random').getByRole('button', { name: 'Measure 12 merges of random search' }).click();
  await expect(plan).toBeVisible();
  await row('shared')
    .getByRole('button', { name: /Measure \d+ merges of shared λ/ })
    .click();
  await expect(plan).toBeVisible();

  const volume = (id: string) => page.locator(`[data-volume="${id}"]`);
  await expect(volume('map')).toHaveText(/^MAP [01]\.\d{3} \(12 merges\)$/);
  await expect(volume('random')).toHaveText(/^random search [01]\.\d{3} \(12 merges\)$/);
  await expect(volume('shared')).toHaveText(/^shared λ [01]\.\d{3} \(11 merges\)$/);
  await expect(row('random')).toContainText(/[01]\.\d{3} → [01]\.\d{3}/);
  await expect(page.locator('.comparisons text')).toHaveText(['random search', 'shared λ']);
  await expect(page.getByText(/R² .*from 1[23] measured merges/), 'surrogates do not see them').toBeVisible();

  const save = async (format: string) => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download the plot as ${format}` }).click();
    const file = await download;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  await page.getByRole('button', { name: 'Files' }).click();
  const svg = await save('SVG');
  expect(svg.name).toMatch(/^trade-offs-.+-calibration\.svg$/);
  const text = svg.bytes.toString();
  expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const word of ['random search', 'shared λ', 'predicted front (estimated)', 'n = 16', ...pair])
    expect(text).toContain(word);
  const png = await save('PNG');
  expect(png.name).toBe(svg.name.replace('.svg', '.png'));
  const width = Number(/ width="(\d+)"/.exec(text)?.[1]);
  expect(png.bytes.readUInt32BE(16), 'twice the size').toBe(2 * width);

  await page.reload();
  await studio.measured(16, pair);
  await expect(volume('random'), 'kept').toHaveText(/\(12 merges\)$/);
});
