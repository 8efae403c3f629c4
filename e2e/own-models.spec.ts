/** The visitor's own models beyond a plain merge: looked into, one network of several, links, configurations, and what a crash leaves. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { sha256Hex } from '../src/core/hash.ts';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { llama } from './checkpoints.ts';
import { choose, download, merge, merged, verdict } from './own-files.ts';
import { expect, test } from './studio.ts';

const models = () => [
  llama('base.safetensors', { seed: 1 }),
  llama('one.safetensors', { seed: 2 }),
  llama('two.safetensors', { seed: 3 }),
];

const NAME = 'model.layers.0.self_attn.q_proj.weight';
function values(bytes: Uint8Array, name = NAME): Float32Array {
  const tensor = readSafetensors(bytes, 'file').tensors.get(name);
  if (!tensor) throw new Error(`${name} is missing`);
  return toFloat32(tensor);
}

/** Counts what the lane workers post from now on. */
async function countAnswers(page: Page): Promise<() => Promise<number>> {
  const lanes = page.workers().filter((worker) => worker.url().includes('lane'));
  for (const lane of lanes)
    await lane.evaluate(() => {
      const counts = { answers: 0 };
      Object.assign(globalThis, { counts });
      const post = MessagePort.prototype.postMessage;
      MessagePort.prototype.postMessage = function (this: MessagePort, ...given: unknown[]) {
        counts.answers++;
        return Reflect.apply(post, this, given);
      };
    });
  return async () => {
    const each = lanes.map((lane) =>
      lane.evaluate(() => Number(Reflect.get(Reflect.get(globalThis, 'counts'), 'answers'))),
    );
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  };
}

test('models and their merge are looked into: norms and changes are those of the files', async ({ studio, page }) => {
  const all = models();
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(all);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  const answers = await countAnswers(page);
  await merge(page);
  expect(await answers(), 'the lane workers do the arithmetic').toBeGreaterThan(0);
  const bytes = await download(page);
  await page.getByRole('radio', { name: 'Inspect' }).check();
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });
  await panel.getByRole('searchbox').fill('layers.0.self_attn.q_proj');
  await panel.locator('.tensor-list select').first().selectOption('Merge');
  const row = panel.locator(`[data-tensor="${NAME}"]`);
  const norm = (all: Float32Array) => Math.hypot(...all);
  const own = values(bytes);
  const base = values(all[0]?.buffer ?? new Uint8Array());
  const read = async (name: string) => Number(await row.getAttribute(name));
  await expect(row).toBeVisible();
  expect(await read('data-norm')).toBeCloseTo(norm(own), 4);
  expect(await read('data-change')).toBeCloseTo(norm(own.map((value, i) => value - (base[i] ?? 0))), 4);
  await row.getByRole('button').click();
  await expect(panel.getByRole('region', { name: 'Singular values' })).toBeVisible();
  await expect(panel.getByRole('region', { name: 'What trimming keeps' })).toBeVisible();
  await panel.getByRole('radio', { name: 'Network' }).check();
  await expect(panel.locator('.difference')).toContainText('‖Merge − base‖');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await new AxeBuilder({ page }).analyze();
    expect(passes.length).toBeGreaterThan(10);
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))).toEqual([]);
  }
});

test('of a method that gives one network for each expert, the chosen one is written', async ({ studio, page }) => {
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(models());
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('region', { name: 'Method', exact: true }).getByRole('button').first().click();
  await page.getByRole('dialog').getByText('BitDelta', { exact: false }).first().click();
  const whose = page.getByRole('combobox', { name: /Network for/ });
  await expect(whose).toHaveValue('one');
  await merge(page);
  const first = sha256Hex(await download(page));
  await whose.selectOption('two');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(merged(page)).not.toContainText(first);
  const bytes = await download(page);
  // BitDelta: base + sign(change) · mean |change|, of the second expert.
  const [base, , two] = models().map(({ buffer }) => values(buffer));
  if (!base || !two) throw new Error('three models were made');
  const change = two.map((value, i) => value - (base[i] ?? 0));
  const scale = change.reduce((sum, value) => sum + Math.abs(value), 0) / change.length;
  const got = values(bytes);
  expect(
    Math.max(...got.map((value, i) => Math.abs(value - (base[i] ?? 0) - Math.sign(change[i] ?? 0) * scale))),
  ).toBeLessThan(1e-5);
});

test('a link names the files that it needs, and is what it was when they are dropped', async ({ studio, page }) => {
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(models());
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await studio.type('λ of two', '0.85');
  await page.getByRole('radio', { name: 'BF16' }).check();
  await page.getByRole('button', { name: 'Link', exact: true }).click();
  await expect(page).toHaveURL(/#files&f=/);
  const { hash } = new URL(page.url());
  expect(hash.length).toBeLessThan(4000);

  await studio.open(`?samples=16${hash}`);
  const wanted = page.getByRole('region', { name: 'Files that the merge needs' });
  await expect(wanted.getByRole('listitem')).toHaveCount(3);
  await expect(wanted).toContainText('two.safetensors');
  await choose(page).setInputFiles(models().slice(0, 2));
  await expect(wanted.getByRole('listitem')).toHaveCount(1);
  await expect(page.getByText('Whether they merge is told when all files of the link are open.')).toBeVisible();
  // It is the same file under another name.
  await choose(page).setInputFiles(
    models()
      .slice(2)
      .map((file) => ({ ...file, name: 'second.safetensors' })),
  );
  await expect(wanted).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'λ of second as a number' })).toHaveValue('0.85');
  await expect(page.getByRole('radio', { name: 'BF16' })).toBeChecked();
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
});

test('a mergekit configuration beside the models decides, and says what it does otherwise', async ({
  studio,
  page,
}) => {
  const text = `merge_method: linear
models:
  - model: models/one
    parameters: { weight: 0.25 }
  - model: models/two
    parameters: { weight: 0.75 }
dtype: float32
`;
  await studio.open('?samples=16#files');
  const config = { name: 'mix.yaml', mimeType: 'text/yaml', buffer: Buffer.from(text) };
  await choose(page).setInputFiles([...models(), config]);
  await expect(page.getByRole('region', { name: 'mergekit configuration' })).toContainText('mix.yaml');
  await merge(page);
  const [, one, two] = models().map(({ buffer }) => values(buffer));
  const got = values(await download(page));
  expect(
    Math.max(...got.map((value, i) => Math.abs(value - 0.25 * (one?.[i] ?? 0) - 0.75 * (two?.[i] ?? 0)))),
  ).toBeLessThan(1e-6);
  const box = page.getByRole('textbox', { name: 'Text of the configuration' });
  await box.fill(text.replace('models/two', 'models/three'));
  await expect(page.getByText(/line \d+: .*three/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Merge', exact: true })).toBeDisabled();
});

test('a merge that waits says what it is, and makes room for another one', async ({ studio, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  const paths = ['base', 'one', 'two'].map((name, seed) => {
    const path = join(folder, `${name}.safetensors`);
    writeFileSync(path, llama(`${name}.safetensors`, { seed, hidden: 512, layers: 6, vocabulary: 4096 }).buffer);
    return path;
  });
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(paths);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused. What is written stays.')).toBeVisible();
  const output = page.getByRole('region', { name: 'Output' });
  await expect(output).toContainText('Task Arithmetic: one, two');
  const instead = output.getByRole('button', { name: 'Give this one up and merge what is set' });
  await expect(instead).toHaveCount(0);
  await page.getByRole('radio', { name: 'BF16' }).check();
  await instead.click();
  await expect(merged(page)).toBeVisible();
  const { tensors } = readSafetensors(await download(page), 'merge');
  expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['BF16']));
  await expect(output.getByRole('region', { name: 'Interrupted merge' })).toHaveCount(0);
});

test('a merge that the browser cut off goes on where it was, and writes the same file', async ({ studio, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'merge-studio-'));
  const paths = ['base', 'one', 'two'].map((name, seed) => {
    const path = join(folder, `${name}.safetensors`);
    writeFileSync(path, llama(`${name}.safetensors`, { seed, hidden: 512, layers: 12, vocabulary: 4096 }).buffer);
    return path;
  });
  await studio.open('?samples=16#files');
  await choose(page).setInputFiles(paths);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  // The journal is written every 64 MB; the tab is closed without a word after that.
  await expect(page.getByText(/ · ([7-9]\d|1[0-3]\d)(\.\d)? MB of/)).toBeVisible();
  const other = await page.context().newPage();
  await page.close();
  await other.goto('./?samples=16#files');
  const interrupted = other.getByRole('region', { name: 'Interrupted merge' });
  await expect(interrupted).toContainText('two.safetensors');
  await choose(other).setInputFiles(paths);
  await interrupted.getByRole('button', { name: 'Go on' }).click();
  await expect(merged(other)).toContainText(/went on after [1-9]\d* tensors/);
  const resumed = sha256Hex(await download(other));
  await expect(merged(other)).toContainText(resumed);
  await merged(other).getByRole('button', { name: 'Remove from this browser' }).click();
  await merge(other);
  await expect(merged(other)).not.toContainText('went on after');
  await expect(merged(other)).toContainText(resumed);

  // What earlier visits left is told, and can be taken away.
  await other.reload();
  const earlier = other.getByRole('region', { name: 'Earlier merges' });
  await expect(earlier.getByRole('listitem')).toHaveCount(1);
  await earlier.getByRole('button', { name: /^Remove/ }).click();
  await expect(earlier).toHaveCount(0);
});
