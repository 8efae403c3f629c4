import type { Page, Worker } from '@playwright/test';
import { expect, type Studio, test } from './studio.ts';

/** Serves a file of the zoo other than it is, until the returned function is called. */
async function damage(page: Page, file: string, change: (bytes: Buffer) => Buffer): Promise<() => Promise<void>> {
  const address = `**/${file}`;
  await page.route(address, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: change(await response.body()) });
  });
  return () => page.unroute(address);
}

function workersNamed(page: Page, name: string): Worker[] {
  return page.workers().filter((worker) => worker.url().includes(name));
}

/** A recipe that is not the default, to see that it is kept. */
async function openOwnRecipe(studio: Studio, query = '?samples=64'): Promise<readonly string[]> {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`${query}#v=1&e=${pair.join()}&l=.2,.7`);
  return pair;
}

async function recipeIsKept(studio: Studio): Promise<void> {
  const [first, second] = studio.opening;
  await expect(studio.slider(`λ ${first}`)).toHaveValue('0.2');
  await expect(studio.slider(`λ ${second}`)).toHaveValue('0.7');
}

const damages = [
  {
    what: 'damaged',
    says: /SHA-256 is [0-9a-f]{12}… but the card says/,
    change: (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      const middle = copy.length >> 1;
      copy[middle] = (copy[middle] ?? 0) ^ 1;
      return copy;
    },
  },
  {
    what: 'cut off',
    says: /got \d+ bytes, the card says \d+; is it cut off/,
    change: (bytes: Buffer) => bytes.subarray(0, bytes.length - 100),
  },
];

for (const { what, says, change } of damages) {
  test(`a file of weights that is ${what} is named, and with the right one the recipe is merged`, async ({
    studio,
    page,
    card,
  }) => {
    const file = card.experts.find(({ id }) => id === studio.opening[1])?.file ?? '';
    const repair = await damage(page, file, change);
    const pair = await openOwnRecipe(studio);
    const told = studio.result.getByRole('alert');
    await expect(told).toContainText(file);
    await expect(told).toContainText(says);
    await expect(told, 'and what to do').toContainText('Reload the page');
    await recipeIsKept(studio);
    await repair();
    await told.getByRole('button', { name: 'Start again with this recipe' }).click();
    await studio.measured(64, pair);
    await recipeIsKept(studio);
    await expect(told).toHaveCount(0);
  });
}

test('a card that cannot be read is told', async ({ studio, page }) => {
  await page.route('**/card.json', (route) => route.fulfill({ json: { version: 1, family: 'glyph-vit' } }));
  await studio.open();
  await expect(page.getByRole('alert')).toContainText('The models could not be opened');
  await expect(page.getByRole('alert')).toContainText(/card\.json: \w+: got undefined, wanted/);
  await page.unroute('**/card.json');
  await page.getByRole('button', { name: 'Try again' }).click();
  await studio.measured();
});

test('a worker whose script does not arrive is told and can be started again', async ({ studio, page }) => {
  await page.route('**/merge.worker*.js', (route) => route.fulfill({ status: 404 }));
  const pair = await openOwnRecipe(studio);
  const told = studio.result.getByRole('alert');
  await expect(told).toContainText(/The merge worker stopped: .*could not be loaded/);
  await recipeIsKept(studio);
  await page.unroute('**/merge.worker*.js');
  await told.getByRole('button', { name: 'Start again with this recipe' }).click();
  await studio.measured(64, pair);
  studio.problems.splice(0);
});

for (const name of ['evaluate', 'merge']) {
  test(`a crash of the ${name} worker is recovered from with the recipe kept`, async ({ studio, page }) => {
    const pair = await openOwnRecipe(studio);
    const before = await studio.measured(64, pair);
    const [victim] = workersNamed(page, `${name}.worker`);
    expect(victim, 'a worker to crash').toBeDefined();
    await victim?.evaluate(() => {
      setTimeout(() => {
        throw new Error('boom');
      });
    });
    // The crash is noticed at the next work at the latest.
    await studio.type(`λ of ${pair[0]}`, '0.5');
    const after = await studio.measured(64, pair);
    expect(after.mergeId).not.toBe(before.mergeId);
    await expect(studio.slider(`λ ${pair[1]}`)).toHaveValue('0.7');
    await expect(studio.result.getByRole('alert')).toHaveCount(0);
    expect(workersNamed(page, `${name}.worker`).length).toBeGreaterThan(0);
    expect(workersNamed(page, `${name}.worker`), 'it was rebuilt').not.toContain(victim);
    studio.problems.splice(0);
  });
}

test('a backend that cannot be opened is told with what to do', async ({ studio, page }) => {
  // Where there is a graphics device, its library does not arrive.
  await page.route('**/*webgpu*.js', (route) => route.abort());
  await openOwnRecipe(studio, '?backend=webgpu');
  const told = studio.result.getByRole('alert');
  await expect(told).toContainText('No computing backend could be opened (webgpu:');
  await expect(told).toContainText('?backend=wasm');
  await recipeIsKept(studio);
  studio.problems.splice(0);
});

test('a crash of the worker that estimates costs no estimates', async ({ studio, page }) => {
  const [, second = '', third = ''] = studio.opening;
  const estimated = page.getByText(/from \d+ measured merges/);
  await studio.open('?samples=16');
  await studio.measured(16);
  await expect(estimated).toBeVisible();
  const [victim] = workersNamed(page, 'search.worker');
  await victim?.evaluate(() => {
    setTimeout(() => {
      throw new Error('boom');
    });
  });
  await page.getByRole('combobox', { name: 'Task of the horizontal axis' }).selectOption(second);
  await page.getByRole('combobox', { name: 'Task of the vertical axis' }).selectOption(third);
  await expect.poll(() => workersNamed(page, 'search.worker').length).toBe(1);
  await expect.poll(() => workersNamed(page, 'search.worker')[0] !== victim, 'it was rebuilt').toBe(true);
  await expect(estimated).toBeVisible();
  studio.problems.splice(0);
});
