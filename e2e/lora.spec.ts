/** The merge as a LoRA: the error is that of the files, a high rank gives the merge back, and the download is what the base takes. */
import { AxeBuilder } from '@axe-core/playwright';
import { unzipSync } from 'fflate';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { llama } from './checkpoints.ts';
import { choose, download, handed, merge, verdict } from './own-files.ts';
import { expect, test } from './studio.ts';

const SAMPLES = 16;

test('the change of the merge is taken away as an adapter', async ({ studio, page, request, card }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=${SAMPLES}#v=1&e=${pair.join()}`);
  await studio.measured(SAMPLES, pair);
  await page.getByRole('tab', { name: 'Inspect' }).click();
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });
  await panel.getByRole('radio', { name: 'LoRA' }).check();
  const rank = panel.getByRole('slider', { name: 'rank' });
  await expect(rank).toBeVisible();
  const most = Number(await rank.getAttribute('max'));
  const line = panel.locator('[data-rank]');

  const take = (name: RegExp) => handed(page, panel.getByRole('button', { name }));
  const tensorsOf = (bytes: Uint8Array, name: string) =>
    new Map(
      [...readSafetensors(bytes, name).tensors].map(([key, tensor]) => [key, { ...tensor, values: toFloat32(tensor) }]),
    );
  const baseBytes = await (await request.get(`./zoo/${card.family}/${card.base.file}`)).body();
  const base = tensorsOf(new Uint8Array(baseBytes), 'base');
  const networkBytes = await take(/Download the network/);
  expect(readSafetensors(networkBytes, 'merge').metadata).toMatchObject({ family: card.family, format: 'pt' });
  const merge = tensorsOf(networkBytes, 'merge');

  /** ‖merge − (base + BA)‖ ÷ ‖merge − base‖, from the downloaded adapter. */
  const missed = async (): Promise<number> => {
    const files = unzipSync(await take(/Download the adapter/));
    const adapter = tensorsOf(files['adapter_model.safetensors'] ?? new Uint8Array(), 'adapter');
    let [left, whole] = [0, 0];
    for (const [name, { values }] of merge) {
      const from = base.get(name)?.values;
      if (!from) throw new Error(`the base has no ${name}`);
      const at = `base_model.model.${name.replace(/\.weight$/, '')}`;
      const [a, b] = [adapter.get(`${at}.lora_A.weight`), adapter.get(`${at}.lora_B.weight`)];
      const [r, cols] = [a?.shape[0] ?? 0, (a?.values.length ?? 0) / (a?.shape[0] ?? 1)];
      for (let i = 0; i < values.length; i++) {
        const change = (values[i] ?? 0) - (from[i] ?? 0);
        let held = 0;
        for (let j = 0; j < r; j++)
          held += (b?.values[Math.floor(i / cols) * r + j] ?? 0) * (a?.values[j * cols + (i % cols)] ?? 0);
        left += (change - held) ** 2;
        whole += change ** 2;
      }
    }
    return Math.sqrt(left / whole);
  };
  for (const chosen of [1, most]) {
    await rank.fill(`${chosen}`);
    await expect(line).toHaveAttribute('data-rank', `${chosen}`);
    expect(await missed()).toBeCloseTo(Number(await line.getAttribute('data-error')), 3);
  }
  expect(Number(await line.getAttribute('data-matrices'))).toBeLessThan(1e-3);
  await expect(panel.locator('table[data-measured="true"]')).toBeVisible();
  for (const task of pair) await expect(panel.locator(`tr[data-task="${task}"] td`).first()).toHaveText(/\d %/);
  expect((await new AxeBuilder({ page }).include('.inspect').analyze()).violations).toEqual([]);
});

test('an adapter is taken out of a merge of dropped files, dropped again on the base, and is the merge but for the stated error', async ({
  studio,
  page,
}) => {
  const models = ['base', 'one', 'two'].map((name, i) => llama(`${name}.safetensors`, { seed: i + 1 }));
  const base = models[0]?.buffer ?? Buffer.alloc(0);
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(models);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await merge(page);
  const whole = await download(page);
  await page.getByRole('radio', { name: 'Inspect' }).check();
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });
  await panel.getByRole('radio', { name: 'LoRA' }).check();
  const rank = panel.getByRole('slider', { name: 'rank' });
  const line = panel.locator('[data-rank]');
  await rank.fill('6');
  await expect(line).toHaveAttribute('data-rank', '6');
  const leftOut = Number(await line.getAttribute('data-error'));
  await expect(panel.locator('[data-lora="model.norm.weight"]')).toHaveAttribute('data-fate', 'left-out');
  await panel.getByRole('radio', { name: 'keep in full' }).check();
  await expect(panel.locator('[data-lora="model.norm.weight"]')).toHaveAttribute('data-fate', 'in-full');
  const stated = Number(await line.getAttribute('data-error'));
  expect(stated).toBeGreaterThan(0.1);
  expect(stated).toBeLessThan(leftOut);
  const zip = unzipSync(
    new Uint8Array(await handed(page, panel.getByRole('button', { name: /Download the adapter/ }))),
  );
  expect((await new AxeBuilder({ page }).include('.inspect').analyze()).violations).toEqual([]);

  // A new visit: the base, the merge, and the adapter that belongs on the base.
  await page.reload();
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
  const adapter = Object.entries(zip).map(([name, bytes]) => file(name, Buffer.from(bytes)));
  await choose(page).setInputFiles([file('base.safetensors', base), file('merge.safetensors', whole), ...adapter]);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('radio', { name: 'Inspect' }).check();
  await panel.getByRole('radio', { name: 'Network' }).check();
  const difference = panel.getByRole('region', { name: 'Difference of any two' });
  await difference.getByRole('combobox', { name: 'from' }).selectOption('merge');
  await difference.getByRole('combobox', { name: 'to' }).selectOption('adapter_model');
  const told = difference.locator('.difference[data-fresh="true"]');
  await expect(told).toContainText('‖adapter_model − merge‖');
  const start = readSafetensors(new Uint8Array(base), 'base').tensors;
  let change = 0;
  for (const [name, tensor] of readSafetensors(new Uint8Array(whole), 'merge').tensors) {
    const from = start.get(name);
    if (!from) throw new Error(`the base has no ${name}`);
    const before = toFloat32(from);
    for (const [i, value] of toFloat32(tensor).entries()) change += (value - (before[i] ?? 0)) ** 2;
  }
  expect(Number(await told.getAttribute('data-norm')) / Math.sqrt(change)).toBeCloseTo(stated, 5);
});
