import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expect, test } from './studio.ts';

/** Three models, two accuracies and a loss, from quadratics with a little noise; then two rows that cannot be used. */
function measurements(): string {
  const ticks = [0, 0.5, 1];
  // A generator of its own: the same file in every run.
  let state = 1;
  const noise = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  const share = (value: number) => Math.round(400 * (value + 0.02 * noise())) / 400;
  const rows = ticks.flatMap((a) =>
    ticks.flatMap((b) =>
      ticks.map((c) => {
        const gsm8k = share(0.4 + 0.4 * a - 0.2 * a * a - 0.15 * b);
        const humaneval = share(0.35 + 0.5 * b - 0.25 * b * b - 0.1 * c);
        const loss = 2.4 - 0.8 * c + 0.4 * c * c + 0.3 * a + 0.02 * noise();
        return [a, b, c, gsm8k, humaneval, loss.toFixed(4), 400, 400].join();
      }),
    ),
  );
  const coefficients = ['instruct', 'code', 'maths'].map((name) => `coefficient.${name}`);
  const header = [...coefficients, 'task.gsm8k', 'task.humaneval', 'task.val_loss', 'n.gsm8k', 'n.humaneval'].join();
  const bad = ['0.2,0.1,zero,0.5,0.5,2.1,400,400', '0.3,0.3,0.3,0.5,83 %,2.2,400,400'];
  return [header, ...rows, ...bad].join('\n');
}

/** Drops a file as a browser tells it: above the page first, then let go. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([path, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], path));
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    [name, text] as const,
  );
}

test('measurements of other models are explored on the same screen, planned further, and left for the zoo', async ({
  studio,
  page,
}) => {
  const { result } = studio;
  const value = (task: string) => result.locator(`tr[data-task="${task}"]`).getAttribute('data-value').then(Number);
  const state = (task: string) => result.locator(`tr[data-task="${task}"]`);
  await studio.open('?samples=16#v=1');
  await expect(result).toBeVisible();
  await drop(page, 'llama.csv', measurements());

  await expect(page.getByRole('region', { name: 'Measurements' })).toContainText('27 measured merges');
  await expect(page).toHaveURL(/#points$/);
  const remarks = page.getByRole('list', { name: 'Remarks on the file' });
  await expect(remarks).toContainText(/line 29: .*zero/);
  await expect(remarks).toContainText(/line 30: .*83 %/);
  await expect(page.getByRole('checkbox', { name: 'smaller is better: val_loss' })).toBeChecked();

  // At a measured merge, then between.
  await expect(state('gsm8k')).toHaveAttribute('data-state', 'measured');
  await expect(state('gsm8k')).toHaveAttribute('data-n', '400');
  await studio.type('instruct', '0.2');
  await expect(state('gsm8k')).toHaveAttribute('data-state', 'estimated');
  const before = await value('gsm8k');
  await studio.type('instruct', '0.8');
  await expect.poll(() => value('gsm8k')).toBeGreaterThan(before + 0.05);
  await expect(page.getByText(/gsm8k R² (0\.9|1\.0)\d/)).toBeVisible();

  // A floor under an accuracy and a ceiling over the loss keep fewer merges.
  const count = page.getByText(/\d+ of \d+ merges in the selection/);
  await expect(count).toBeVisible();
  const floor = page.getByRole('slider', { name: 'floor gsm8k' });
  await floor.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('PageUp');
  const ceiling = page.getByRole('slider', { name: 'ceiling val_loss' });
  await ceiling.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
  await expect
    .poll(async () => {
      const [, kept = 0, all = 0] = /(\d+) of (\d+) merges/.exec((await count.textContent()) ?? '') ?? [];
      return 0 < Number(kept) && Number(kept) < Number(all);
    })
    .toBe(true);
  const held = await floor.getAttribute('aria-valuetext');

  // Longer than the wait that gathers changes.
  await page.waitForTimeout(500);
  await page.reload();
  await expect(remarks).toContainText('line 29');
  await expect(page.getByRole('textbox', { name: 'instruct as a number' })).toHaveValue('0.80');
  await expect(floor).toHaveAttribute('aria-valuetext', held ?? '');

  await page.getByRole('button', { name: 'Plan more merges …' }).click();
  const merges = page.getByRole('textbox', { name: 'Merges to plan' });
  await expect(merges).toHaveValue(/^20/);
  await merges.fill('7');
  await merges.press('Enter');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the plan of 7 merges' }).click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  const folder = 'merge-plan-7';
  const programs = ['README.md', 'coefficients.csv', 'run.sh', 'run.slurm', 'run_ray.py', 'collect.py'];
  const configurations = Array.from({ length: 7 }, (_, i) => `configs/merge-00${i}.yaml`);
  expect(Object.keys(archive)).toEqual([...programs, ...configurations].map((path) => `${folder}/${path}`));
  const vectors = new TextDecoder().decode(archive[`${folder}/coefficients.csv`]);
  expect(vectors).toMatch(/^id,coefficient\.instruct,coefficient\.code,coefficient\.maths\n/);
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Back to the zoo' }).click();
  await expect(studio.methodButton).toBeVisible();
  await expect(page).toHaveURL(/#v=1$/);
  await expect(page.locator('[data-front]')).toBeVisible();
});

test('a link to measurements that are not in this browser says so', async ({ studio, page }) => {
  await studio.open('#points');
  await expect(page.getByRole('alert')).toContainText('this browser has none');
  await page.getByRole('link', { name: 'Open the default recipe' }).click();
  await expect(studio.result).toBeVisible();
});
