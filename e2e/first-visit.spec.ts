import { expect, test } from './studio.ts';

/** A latch for requests: they wait until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test('the page says what it is before any script has arrived', async ({ studio, page }) => {
  const scripts = gate();
  await page.route('**/*.js', async (route) => {
    await scripts.opened;
    await route.continue();
  });
  await page.goto('./', { waitUntil: 'commit' });
  await expect(page.getByRole('heading', { name: 'Merge Studio' })).toBeVisible();
  await expect(page.getByText('watch every task respond')).toBeVisible();
  await expect(studio.result).toHaveCount(0);
  scripts.open();
  await expect(studio.result).toBeVisible();
});

test('a visitor who touches nothing sees the zoo’s numbers at once and then a real merge measured here', async ({
  studio,
  page,
  card,
}) => {
  const [weights, samples] = [gate(), gate()];
  await page.route(/\.(safetensors|bin)$/, async (route) => {
    await (route.request().url().endsWith('.bin') ? samples : weights).opened;
    await route.continue();
  });
  await studio.open();

  await expect(studio.result.getByText(/Loading the experts: 0\.0 MB of [1-9]\.\d MB/)).toBeVisible();
  const early = await studio.read();
  expect(early.phase).not.toBe('measured');
  expect(early.rows.map((row) => row.task)).toEqual(studio.opening);
  const precomputed = card.opening.points[0]?.test;
  for (const { task, accuracy, n } of early.rows) {
    const score = precomputed?.[task];
    expect({ task, accuracy, n }).toEqual({ task, accuracy: (score?.correct ?? -1) / (score?.n ?? 1), n: score?.n });
  }

  weights.open();
  const received = async () => Number(await studio.result.getByRole('progressbar').getAttribute('value'));
  await expect.poll(received).toBeGreaterThanOrEqual(card.base.bytes * (1 + studio.opening.length));
  expect((await studio.read()).rows).toEqual(early.rows);
  samples.open();
  const { rows } = await studio.measured();
  expect(studio.images).toBe(512);
  for (const { accuracy } of rows) expect(accuracy * 512).toBeCloseTo(Math.round(accuracy * 512), 6);
  await expect(studio.result.getByRole('progressbar')).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^WebAssembly/ })).toBeVisible();
  await expect(page.getByTestId('sentence')).not.toBeEmpty();
});
