import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import peer from './fixtures/own-mlp/result.json' with { type: 'json' };
import { drop } from './own-files.ts';
import { expect, test } from './studio.ts';

const FOLDER = fileURLToPath(new URL('./fixtures/own-mlp/', import.meta.url));
const MODELS = ['base.safetensors', 'digits.safetensors', 'upper.safetensors'];
/** One pair plain, one packed. */
const DATA = [
  'digits-images-idx3-ubyte',
  'digits-labels-idx1-ubyte',
  'upper-images-idx3-ubyte.gz',
  'upper-labels-idx1-ubyte.gz',
];
/** Of 300 samples a third is kept apart. */
const TEST = 200;

const sheetOf = (page: Page) => page.getByRole('dialog', { name: 'Your own models and data' });

const sampleFiles = (names: readonly string[]) =>
  names.map((name) => ({ name, buffer: readFileSync(`${FOLDER}${name}`) }));

async function openSheet(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open measurements' }).click();
  await page.getByRole('button', { name: 'Your own models and data …' }).click();
  await expect(sheetOf(page)).toBeVisible();
}

test('own IDX data on own perceptrons: they are measured, opened in the studio, merged, linked and left again', async ({
  studio,
  page,
}) => {
  await studio.open('?samples=64#v=1');
  await openSheet(page);
  const sheet = sheetOf(page);
  const status = sheet.locator('.own-status');
  await expect(sheet.getByRole('button', { name: 'Open in the studio' })).toBeDisabled();
  // Data alone say what is missing; models alone too.
  await drop(page, sampleFiles(DATA));
  await expect(status).toContainText('a base and at least two experts');
  await drop(page, sampleFiles(MODELS));
  await expect(status).toHaveAttribute('data-phase', 'measured');
  await expect(status).toContainText(`${TEST} test and 100 calibration samples`);
  await expect(sheet.getByRole('combobox', { name: 'Base' })).toHaveValue('base.safetensors');
  await expect(sheet.getByText('perceptron 196 → 48 → 24')).toBeVisible();
  await expect(sheet.getByText(/Fewer than 30 samples of 26 of 26 classes/)).toBeVisible();
  // Measured, not told: each expert knows its own task best, as PyTorch says too.
  const shown = async (model: string, column: number) => {
    const text = await sheet.getByRole('row', { name: model }).getByRole('cell').nth(column).innerText();
    return Number.parseFloat(text) / 100;
  };
  for (const [column, task] of (['digits', 'upper'] as const).entries()) {
    const wanted = peer.models[task][task];
    expect(Math.abs((await shown(task, column)) - wanted.correct / wanted.n)).toBeLessThan(0.08);
    expect(await shown(task, column)).toBeGreaterThan(await shown('base', column));
  }
  const words = ['studio', 'evaluate', '--own', FOLDER, '--json'];
  const printed = JSON.parse(execFileSync(process.execPath, ['scripts/node.mjs', ...words], { encoding: 'utf8' }));
  for (const model of ['base', 'digits', 'upper'])
    for (const [column, task] of ['digits', 'upper'].entries())
      expect(await shown(model, column), `${model} on ${task}`).toBeCloseTo(
        printed.models[model][task].correct / TEST,
        6,
      );
  const base = await shown('base', 0);
  const opened = page.waitForEvent('load');
  await sheet.getByRole('button', { name: 'Open in the studio' }).click();
  await opened;

  // The address names the family; a reload, which limits the samples no more, has it still.
  await expect(page).toHaveURL(/#v=1&z=own-[0-9a-f]{12}$/);
  const link = new URL(page.url()).hash;
  await studio.open(link);
  await expect(page.locator('.family')).toHaveText('Own models');
  const row = studio.row('digits');
  await expect(row).toHaveAttribute('data-n', String(TEST));
  await expect(row).toHaveAttribute('data-state', 'measured');
  await expect(studio.row('upper')).toHaveAttribute('data-n', String(TEST));
  const accuracy = async () => Number(await row.getAttribute('data-accuracy'));
  const before = await accuracy();
  expect(before).toBeGreaterThan(base);
  expect(link).toContain(printed.family);
  for (const { id, accuracy: wanted } of printed.tasks)
    expect(Number(await studio.row(id).getAttribute('data-accuracy')), `the merge on ${id}`).toBeCloseTo(wanted, 9);

  // Without any expert the merge is the base, to the last answer.
  await studio.open(`${link}&l=0,0`);
  await expect.poll(accuracy).toBeCloseTo(base, 6);
  const drag = await studio.grab('λ digits', 0.5);
  await drag.moveTo(0.8);
  await expect.poll(accuracy).toBeGreaterThan(base);
  await drag.release();
  await expect(row).toHaveAttribute('data-n', String(TEST));

  // Back to the bundled models, and forward again.
  await page.getByRole('link', { name: 'Back to the zoo' }).click();
  await expect(page.locator('.family')).toHaveText(studio.card.name);
  await expect(studio.row('kana').or(studio.row('digits')).first()).toBeVisible();
  await page.goBack();
  await expect(page.locator('.family')).toHaveText('Own models');
});

test('a link to models that are not here says so, and loads nothing in their place', async ({ studio, page }) => {
  await studio.open('#v=1&z=own-0123456789ab');
  await expect(page.getByRole('alert')).toContainText('a link holds settings, never files');
  await expect(studio.result).toHaveCount(0);
  await page.getByRole('link', { name: 'Open the default recipe' }).click();
  await expect(studio.result).toBeVisible();
});

test('data that do not fit are told with both sides', async ({ studio, page }) => {
  await studio.open('?samples=64#v=1');
  await page.getByRole('button', { name: 'Your own models', exact: true }).click();
  await page.getByRole('button', { name: 'Evaluate with your own data …' }).click();
  const input = sheetOf(page).locator('input[type=file]').first();
  const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 10}`);
  const csv = Buffer.from(`x,label\n${rows.join('\n')}\n`);
  await input.setInputFiles([{ name: 'digits.csv', mimeType: 'text/csv', buffer: csv }]);
  await input.setInputFiles([...MODELS, ...DATA.slice(2)].map((name) => `${FOLDER}${name}`));
  await expect(sheetOf(page).locator('.own-status')).toContainText(
    'digits: each sample has 1 numbers, but the network takes 196',
  );
});

/** Noise in 28 × 28 pixels with labels in turn: nothing to learn, but it can be counted. */
function noise(name: string, classes: number): readonly { name: string; mimeType: string; buffer: Buffer }[] {
  const count = 60;
  const header = (...sides: number[]) =>
    Buffer.from([0, 0, 8, sides.length, ...sides.flatMap((side) => [0, 0, side >> 8, side & 255])]);
  const levels = Buffer.from(Array.from({ length: count * 784 }, (_, i) => (i * 7919 + (i >> 5) * 104729) & 255));
  const labels = Buffer.from(Array.from({ length: count }, (_, i) => i % classes));
  const file = (role: string, ...parts: Buffer[]) => ({
    name: `${name}-${role}`,
    mimeType: 'application/octet-stream',
    buffer: Buffer.concat(parts),
  });
  return [file('images-idx3-ubyte', header(count, 28, 28), levels), file('labels-idx1-ubyte', header(count), labels)];
}

test('attention heads that no file tells are chosen, and stay with the family', async ({ studio, page }) => {
  const models = ['base', 'digits', 'upper', 'heads'].map((name) => `public/zoo/glyph-vit/${name}.safetensors`);
  const data = [...noise('digits', 10), ...noise('upper', 26)];
  await studio.open('?samples=64#v=1');
  await openSheet(page);
  const sheet = sheetOf(page);
  const input = sheet.locator('input[type=file]').first();
  await input.setInputFiles(models);
  await expect(sheet.locator('.own-status')).toContainText('Add labelled data for each expert');
  const heads = sheet.getByRole('combobox', { name: 'Attention heads' });
  await expect(heads).toHaveValue('2');
  await expect(heads.getByRole('option')).toHaveText(['1', '2', '4', '8', '16', '32', '64']);
  await input.setInputFiles(data);
  await expect(sheet.locator('.own-status')).toHaveAttribute('data-phase', 'measured');
  await heads.selectOption('8');
  await expect(sheet.getByText('As you chose; the files do not tell.')).toBeVisible();
  await expect(sheet.locator('.own-status')).toHaveAttribute('data-phase', 'measured');
  const opened = page.waitForEvent('load');
  await sheet.getByRole('button', { name: 'Open in the studio' }).click();
  await opened;
  await expect(studio.row('digits')).toHaveAttribute('data-state', 'measured');

  // The command line, told the same number, makes the same family; without it another one.
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  for (const path of models) copyFileSync(path, join(folder, basename(path)));
  for (const { name, buffer } of data) writeFileSync(join(folder, name), buffer);
  const family = (...more: string[]) => {
    const words = ['scripts/node.mjs', 'studio', 'evaluate', '--own', folder, '--json', ...more];
    return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' })).family;
  };
  expect(page.url()).toContain(`z=${family('--attention-heads', '8')}`);
  expect(page.url()).not.toContain(family());
});
