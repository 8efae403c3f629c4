import { expect, Studio, test } from './studio.ts';

test('a copied link opens the same merge with the same numbers, and so does a reload', async ({
  studio,
  page,
  context,
  card,
  baseURL,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [first = '', second = ''] = studio.opening;
  await studio.open();
  await studio.measured();
  await studio.choose('ties');
  await page.getByText('Tune', { exact: true }).click();
  await studio.type('density', '0.35');
  const shared = await studio.measured();

  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());
  expect(link).toBe(`${baseURL}#v=1&m=ties&p.density=.35&lv=tune`);

  const other = new Studio(await context.newPage(), card, baseURL ?? '');
  await other.page.goto(link);
  expect(await other.measured()).toEqual(shared);
  await expect(other.page.getByRole('radio', { name: 'Tune' })).toBeChecked();
  await other.page.reload();
  expect(await other.measured()).toEqual(shared);
  await other.open(`?samples=64#v=1&e=${first},${second}&l=.25,.75`);
  await expect(other.slider(`λ ${second}`)).toHaveValue('0.75');
  expect(other.problems).toEqual([]);
});

test('Back and Forward walk through decisions, not through the movements of a drag', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  await studio.open('?samples=64');
  const opening = await studio.measured(64);

  const hand = await studio.grab(`λ ${task}`, 0.4);
  for (const share of [0.5, 0.6, 0.7]) await hand.moveTo(share);
  await hand.release();
  const dragged = await studio.measured(64);
  await studio.choose('weight-average');
  const averaged = await studio.measured(64);
  expect(new Set([opening, dragged, averaged].map(({ mergeId }) => mergeId)).size).toBe(3);

  await page.goBack();
  expect(await studio.measured(64)).toEqual(dragged);
  await expect(studio.methodButton).toContainText('Task Arithmetic');
  await page.goBack();
  expect(await studio.measured(64)).toEqual(opening);
  await page.goForward();
  expect(await studio.measured(64)).toEqual(dragged);
  await page.goForward();
  expect(await studio.measured(64)).toEqual(averaged);

  // What is wrong in a link typed by hand is put right in its own entry: Back leaves it.
  await page.evaluate(() => {
    location.hash = '#v=1&l=999,999,999,999';
  });
  await expect.poll(() => page.url()).toContain('l=1.5,1.5');
  await page.goBack();
  expect(await studio.measured(64)).toEqual(averaged);
});
