import { expect, test } from './studio.ts';

test('nested MAP merges two by two, follows changed weights, and outlives a reload', async ({ studio, page }) => {
  const three = studio.opening.slice(0, 3);
  const [first = '', second = ''] = three;
  await studio.open(`?samples=16#v=1&e=${three.join()}&g=nested`);
  await studio.measured(16, three);
  await page.getByRole('radio', { name: '8', exact: true }).check();
  const tree = page.getByRole('region', { name: 'Pareto front' });
  await expect(tree.getByText('N − 1 = 2 fronts in two coefficients, 8 merges each: 16')).toBeVisible();
  await expect(tree.getByText(/at most \d+ merges/)).toBeVisible();

  const everything = tree.getByText('Everything is measured for these weights');
  await tree.getByRole('button', { name: 'Measure the nodes' }).click();
  await expect(everything).toBeVisible();
  const nodes = tree.locator('[data-node]');
  await expect(nodes).toHaveCount(2);
  await expect(tree.locator('[data-node][data-state="done"]')).toHaveCount(2);
  const preferred = tree.getByRole('region', { name: 'Preferred merge' });
  const coefficients = () => preferred.getAttribute('data-coefficients');
  const before = await coefficients();

  // Other weights choose anew at once, and say what they need.
  await studio.type(`weight of ${first}`, '1');
  await studio.type(`weight of ${second}`, '0');
  await expect(tree.getByText(/Chosen anew from what is measured/)).toBeVisible();
  await expect(tree.locator('[data-node]:not([data-state="done"])')).not.toHaveCount(0);
  await tree.getByRole('button', { name: 'Measure the rest' }).click();
  await expect(everything).toBeVisible();
  const after = await coefficients();
  expect(after).not.toBe(before);

  // Longer than the wait that gathers what is kept.
  await page.waitForTimeout(1500);
  await page.reload();
  await expect(everything).toBeVisible();
  expect(await coefficients()).toBe(after);
  await expect(page.getByRole('slider', { name: `weight ${second}`, exact: true })).toHaveValue('0');

  await preferred.getByRole('button', { name: 'Set the sliders to it' }).click();
  await expect(preferred.getByRole('button', { name: 'On the sliders' })).toBeDisabled();
  for (const [i, task] of three.entries())
    expect(Number(await studio.slider(`λ ${task}`).inputValue())).toBeCloseTo(Number(after?.split(',')[i]), 6);
  await studio.measured(16, three);
});
