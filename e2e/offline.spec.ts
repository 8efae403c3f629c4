import type { Page } from '@playwright/test';
import { expect, test } from './studio.ts';

test.use({ serviceWorkers: 'allow' });

/** Until the worker has its copy of everything. */
async function copied(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state === 'activated') return;
    await new Promise((resolve) => active?.addEventListener('statechange', resolve, { once: true }));
  });
}

// Every journey fails on a request to another host, see studio.ts: this one too, with the worker at work.
test('after the first visit the page opens, merges and measures without a network', async ({
  studio,
  page,
  context,
}) => {
  await studio.open('?samples=64');
  await studio.measured(64);
  await copied(page);
  await context.setOffline(true);
  await page.reload();
  await studio.measured(64);
  // Another method, and experts whose weights this visit has not needed yet.
  await studio.open('?samples=64#v=1&e=cyrillic,lower&m=ties');
  await studio.measured(64, ['lower', 'cyrillic']);
  // A part of the page that is loaded only when it is asked for.
  await studio.methodButton.click();
  await expect(studio.methodSheet.locator('[data-method]').first()).toBeVisible();
});

test('the page says what the browser keeps for it, and removes it when asked', async ({ studio, page }) => {
  await studio.open('?samples=64');
  await studio.measured(64);
  await copied(page);
  await page.locator('.device-chip').click();
  const storage = page.getByRole('region', { name: 'Kept in this browser' });
  const copy = storage.getByRole('listitem').filter({ hasText: 'The page and its models' });
  await expect(copy).toContainText(/\d(\.\d+)? MB/);
  await copy.getByRole('button').click();
  await expect(copy).toContainText('nothing');
  expect(await page.evaluate(() => caches.keys())).toEqual([]);
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
});

test('the page may run neither text as code nor anything from elsewhere', async ({ studio, page }) => {
  await studio.open('?samples=64');
  await studio.measured(64);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-eval'");
  // In a task of the page's own: inside of `evaluate` itself the browser is told to make an exception.
  const outcome = await page.evaluate(
    () =>
      new Promise((resolve) =>
        setTimeout(() => {
          try {
            resolve(new Function('return "it ran"')());
          } catch {
            resolve('refused');
          }
        }),
      ),
  );
  expect(outcome).toBe('refused');
  // The refusal is a message on the console.
  studio.problems.length = 0;
});

test('the page can be installed', async ({ page, request }) => {
  await page.goto('./');
  const address = await page.locator('link[rel="manifest"]').getAttribute('href');
  const manifest = await (await request.get(new URL(address ?? '', page.url()).href)).json();
  expect(manifest).toMatchObject({ name: 'Merge Studio', display: 'standalone' });
  for (const { src } of manifest.icons as readonly { src: string }[]) {
    expect((await request.get(new URL(src, page.url()).href)).status(), src).toBe(200);
  }
});
