import { expect, test } from './studio.ts';

test('an expert that is left out loses its row and its slider; “all tasks” shows what was forgotten', async ({
  studio,
  page,
  card,
}) => {
  const [left = '', ...kept] = studio.opening;
  const forgotten = card.tasks.map(({ id }) => id).filter((id) => !kept.includes(id));
  await studio.open('?samples=64');
  const before = await studio.measured(64);

  await page.getByRole('button', { name: `${left} in the mix` }).click();
  await expect(studio.row(left)).toHaveCount(0);
  await expect(studio.slider(`λ ${left}`)).toHaveCount(0);
  const without = await studio.measured(64, kept);
  expect(without.mergeId).not.toBe(before.mergeId);

  await page.getByRole('checkbox', { name: `all ${card.tasks.length} tasks` }).check();
  const all = await studio.measured(64, [...kept, ...forgotten]);
  expect(all.mergeId, 'what is looked at is no part of the merge').toBe(without.mergeId);
  await expect(studio.row(left)).toContainText('its expert is left out');

  await page.getByRole('button', { name: `${left} in the mix` }).click();
  await page.getByRole('checkbox', { name: `all ${card.tasks.length} tasks` }).uncheck();
  expect(await studio.measured(64)).toEqual(before);
});

test('the last expert cannot be left out', async ({ studio, page }) => {
  const [only = ''] = studio.opening;
  await studio.open(`?samples=64#v=1&e=${only}`);
  await studio.measured(64, [only]);
  await expect(page.getByRole('button', { name: `${only} in the mix` })).toBeDisabled();
});
