import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { sha256Hex } from '../src/core/hash.ts';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { llama, lora } from './checkpoints.ts';
import { download, drop, handed, merge, merged, verdict } from './own-files.ts';
import { expect, test } from './studio.ts';

const ZOO = 'public/zoo/glyph-vit';
const zoo = (name: string) => {
  const path = `${ZOO}/${name}.safetensors`;
  return { name: `${name}.safetensors`, mimeType: 'application/octet-stream', buffer: readFileSync(path) };
};

/** @returns the text that a button of the recipe hands over */
const taken = async (page: Page, name: string): Promise<string> =>
  (await handed(page, page.getByRole('button', { name }))).toString('utf8');

test('two models that fit are merged, downloaded, and are what the command line writes', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  await drop(page, [zoo('base'), zoo('digits'), zoo('upper')]);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await expect(page.getByRole('row', { name: /blocks\.0\.attn\.q\.weight/ })).toContainText('merged');
  await studio.type('λ of digits', '0.5');
  await merge(page);
  const bytes = await download(page);
  await expect(merged(page)).toContainText(sha256Hex(bytes));

  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  for (const name of ['base', 'digits', 'upper']) writeFileSync(join(folder, `${name}.safetensors`), zoo(name).buffer);
  expect(await taken(page, 'mergekit YAML')).toContain('merge_method: task_arithmetic');
  expect(await taken(page, 'Model card')).toContain(sha256Hex(bytes));
  expect(await taken(page, 'Python program')).toContain('digits.safetensors');
  writeFileSync(join(folder, 'recipe.json'), await taken(page, 'Recipe (JSON)'));
  const at = (name: string) => join(folder, `${name}.safetensors`);
  const models = ['base', 'digits', 'upper'].map((name) => `${name}=${at(name)}`).join();
  const words = ['merge', '--recipe', join(folder, 'recipe.json'), '--models', models, '--out', at('out')];
  execFileSync(process.execPath, ['scripts/node.mjs', 'studio', ...words]);
  const own = readSafetensors(bytes, 'page').tensors;
  const other = readSafetensors(readFileSync(at('out')), 'command line').tensors;
  expect([...own.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [name, { bytes: values }] of own)
    expect(Buffer.compare(Buffer.from(values), Buffer.from(other.get(name)?.bytes ?? [])), name).toBe(0);

  // The result is a model like any other: dropped again beside the command line's, it does not differ.
  for (const name of ['base', 'digits', 'upper']) await page.getByRole('button', { name: `Close ${name}` }).click();
  await drop(page, [
    { name: 'base-page.safetensors', buffer: Buffer.from(bytes) },
    { name: 'command-line.safetensors', buffer: readFileSync(at('out')) },
  ]);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('button', { name: 'Read all weights' }).click();
  await expect(page.locator('tr[data-verdict="same"]')).toHaveCount(1);
});

test('the order of models and a curve over depth count, as they do on the command line', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  await drop(page, [zoo('base'), zoo('digits'), zoo('upper')]);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await expect(page.getByRole('region', { name: 'Order of the models' })).toHaveCount(0);
  await page.getByRole('region', { name: 'Method', exact: true }).locator('.method-button').click();
  await page.getByRole('dialog', { name: 'Methods' }).locator('[data-method="magmax"]').click();
  const order = page.getByRole('region', { name: 'Order of the models' });
  await order.getByRole('button', { name: 'upper earlier' }).click();
  await expect(order.getByRole('listitem')).toHaveText(['1. upper', '2. digits']);
  await page.getByRole('button', { name: /^per layer/ }).click();
  const point = page.getByRole('slider', { name: /^factor at block 1,/ });
  await point.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
  await expect(point).toHaveAttribute('aria-valuenow', '1.2');
  await page.getByRole('button', { name: 'biases' }).click();
  await expect(page.getByText(/\d+ of \d+ tensors, [\d,]+ of [\d,]+ weights/)).toBeVisible();
  await merge(page);
  const bytes = await download(page);

  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  const recipe = await taken(page, 'Recipe (JSON)');
  expect(recipe).toMatch(/upper[\s\S]*digits/);
  expect(recipe).toContain('"curves"');
  writeFileSync(join(folder, 'recipe.json'), recipe);
  const models = ['base', 'digits', 'upper'].map((name) => `${name}=${ZOO}/${name}.safetensors`).join();
  const out = join(folder, 'out.safetensors');
  const words = ['merge', '--recipe', join(folder, 'recipe.json'), '--models', models, '--out', out];
  execFileSync(process.execPath, ['scripts/node.mjs', 'studio', ...words]);
  const other = readSafetensors(readFileSync(out), 'command line').tensors;
  const base = readSafetensors(zoo('base').buffer, 'base').tensors;
  const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
    Buffer.compare(Buffer.from(a ?? []), Buffer.from(b ?? [])) === 0;
  for (const [name, { bytes: values }] of readSafetensors(bytes, 'page').tensors) {
    expect(same(values, other.get(name)?.bytes), name).toBe(true);
    // Biases of norms are norms.
    const kept = name.endsWith('.bias') && !name.includes('norm');
    expect(same(values, base.get(name)?.bytes), name).toBe(kept);
  }
});

test('groups of layers have coefficients of their own, in the file, the link and mergekit’s configuration', async ({
  studio,
  page,
}) => {
  await studio.open('?samples=16#files');
  const made = ['base', 'one', 'two'].map((name, seed) => llama(`${name}.safetensors`, { seed, layers: 4 }));
  await page.getByLabel('Choose files …').setInputFiles(made);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('group', { name: 'Groups of layers' }).getByRole('radio', { name: '2' }).check();
  await studio.type('λ of one, blocks 3–4', '0.75');
  await expect(page.getByText('Σ 0.60 / 1.05')).toBeVisible();
  await merge(page);
  const bytes = await download(page);

  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  for (const { name, buffer } of made) {
    const own = join(folder, name.replace('.safetensors', ''));
    mkdirSync(own);
    writeFileSync(join(own, 'model.safetensors'), buffer);
  }
  const yaml = await taken(page, 'mergekit YAML');
  expect(yaml).toContain('filter:');
  writeFileSync(join(folder, 'mergekit.yaml'), yaml);
  const out = join(folder, 'out.safetensors');
  const words = ['merge', join(folder, 'mergekit.yaml'), '--out', out];
  execFileSync(process.execPath, ['scripts/node.mjs', 'studio', ...words]);
  const other = readSafetensors(readFileSync(out), 'command line').tensors;
  for (const [name, tensor] of readSafetensors(bytes, 'page').tensors) {
    const [own, theirs] = [tensor, other.get(name)].map((one) => (one ? toFloat32(one) : new Float32Array()));
    expect(
      Math.max(...(own ?? []).map((value, i) => Math.abs(value - (theirs?.[i] ?? Number.NaN)))),
      name,
    ).toBeLessThan(1e-6);
  }

  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(page).toHaveURL(/#files&f=/);
  await studio.open(`?samples=16${new URL(page.url()).hash}`);
  await page.getByLabel('Choose files …').setInputFiles(made);
  await expect(page.getByRole('textbox', { name: 'λ of one, blocks 3–4 as a number' })).toHaveValue('0.75');
  await expect(page.getByRole('textbox', { name: 'λ of two, blocks 3–4 as a number' })).toHaveValue('0.30');
});

test('a LoRA is a task vector of its base', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  const base = llama('llama.safetensors', { seed: 1 });
  const [weights, config] = lora(4);
  if (!weights || !config) throw new Error('an adapter has two files');
  await drop(page, [base, weights, config]);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  const slider = page.getByRole('textbox', { name: /^λ of .* as a number$/ });
  await slider.fill('1');
  await slider.press('Enter');
  await merge(page);
  const name = 'model.layers.0.self_attn.q_proj.weight';
  const values = (bytes: Uint8Array, key: string) => {
    const tensor = readSafetensors(bytes, 'file').tensors.get(key);
    return tensor ? toFloat32(tensor) : new Float32Array();
  };
  const [down, up] = ['lora_A', 'lora_B'].map((part) =>
    values(weights.buffer, `base_model.model.model.layers.0.self_attn.q_proj.${part}.weight`),
  );
  const got = values(await download(page), name);
  const wanted = values(base.buffer, name).map((value, at) => {
    const [row, column] = [Math.floor(at / 16), at % 16];
    const change = [0, 1].reduce((sum, r) => sum + (up?.[row * 2 + r] ?? 0) * (down?.[r * 16 + column] ?? 0), 0);
    return value + (4 / 2) * change;
  });
  expect(got.length).toBe(256);
  expect(Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? 0))))).toBeLessThan(1e-6);
});

test('a merge that was cancelled goes on after a reload, and writes the same file', async ({ studio, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  const paths = ['base', 'one', 'two'].map((name, seed) => {
    const path = join(folder, `${name}.safetensors`);
    writeFileSync(path, llama(`${name}.safetensors`, { seed, hidden: 512, layers: 6, vocabulary: 4096 }).buffer);
    return path;
  });
  const open = async () => {
    await page.getByLabel(/^(Choose|Add) files …$/).setInputFiles(paths);
    await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  };
  await studio.open('?samples=16#files');
  await open();
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(page.getByText(/^[1-9]\d* of 57 tensors/)).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused. What is written stays.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText(/A merge was interrupted at [1-9]\d? %/)).toBeVisible();

  await page.reload();
  const interrupted = page.getByRole('region', { name: 'Interrupted merge' });
  await expect(interrupted).toContainText('Choose the same files again');
  await expect(interrupted).toContainText('two.safetensors');
  await open();
  await interrupted.getByRole('button', { name: 'Go on' }).click();
  await expect(merged(page)).toContainText(/went on after [1-9]\d* tensors/);
  const resumed = sha256Hex(await download(page));
  await expect(merged(page)).toContainText(resumed);
  await merged(page).getByRole('button', { name: 'Remove from this browser' }).click();
  await expect(merged(page)).toHaveCount(0);
  await merge(page);
  await expect(merged(page)).not.toContainText('went on after');
  await expect(merged(page)).toContainText(resumed);
});

for (const [name, width] of [
  ['desktop', 1440],
  ['phone', 390],
] as const)
  test(`no serious barrier on a ${name}`, async ({ studio, page }) => {
    await page.setViewportSize({ width, height: 844 });
    await studio.open('?samples=16#files');
    await page
      .getByLabel('Choose files …')
      .setInputFiles([
        llama('base.safetensors', { seed: 1 }),
        llama('expert.safetensors', { seed: 3, vocabulary: 40 }),
      ]);
    await expect(page.getByRole('region', { name: 'Choices' })).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations, passes } = await new AxeBuilder({ page }).analyze();
      expect(passes.length).toBeGreaterThan(10);
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))).toEqual([]);
    }
    if (name === 'phone') {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(wide, 'nothing reaches beyond the screen').toBeLessThanOrEqual(width);
    }
  });
