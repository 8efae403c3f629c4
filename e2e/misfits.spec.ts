/** Files that do not fit, or cannot be opened: the page says why, and what can be chosen. */
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { llama } from './checkpoints.ts';
import { download, drop, merge, verdict } from './own-files.ts';
import { expect, test } from './studio.ts';

test('models that do not fit say why, and what can be chosen', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  await drop(page, [llama('base.safetensors', { seed: 1 }), llama('wide.safetensors', { seed: 2, hidden: 24 })]);
  await expect(verdict(page)).not.toHaveAttribute('data-fit', 'yes');
  const row = page.getByRole('row', { name: /layers\.0\.self_attn\.q_proj\.weight/ });
  await expect(row).toContainText('✗');
  await expect(row).toContainText(/24 × 24|\[24, 24\]/);
  await expect(page.getByRole('button', { name: 'Merge', exact: true })).toBeDisabled();

  await page.getByRole('button', { name: 'Close wide' }).click();
  await drop(page, [llama('talkative.safetensors', { seed: 3, vocabulary: 40 })]);
  const choices = page.getByRole('region', { name: 'Choices' });
  await expect(choices).toContainText(/rows|vocabular/i);
  await expect(verdict(page)).toHaveAttribute('data-fit', 'open');
  await choices.getByRole('radio').first().click();
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
});

test('other tokens and other widths are chosen about one by one', async ({ studio, page }) => {
  await studio.open('?samples=16#files');
  const made = [
    llama('base.safetensors', { seed: 1 }),
    llama('talkative.safetensors', { seed: 2, vocabulary: 40 }),
    llama('broad.safetensors', { seed: 3, inner: 48 }),
  ];
  await page.getByLabel('Choose files …').setInputFiles(made);
  const choices = page.getByRole('region', { name: 'Choices' });
  await expect(choices.getByRole('group')).toHaveCount(2);
  await expect(choices.getByRole('group', { name: /vocabularies differ/ })).toContainText('40 rows in talkative');
  const shapes = choices.getByRole('group', { name: /Shapes differ/ });
  await expect(shapes).toContainText('[48, 16] in broad');
  const output = page.getByRole('region', { name: 'Output' });
  await expect(output).toContainText('2 choices are still to be made');
  await expect(output.getByRole('button', { name: 'mergekit YAML' })).toBeDisabled();
  await output.getByRole('button', { name: 'Show them' }).click();
  await page.keyboard.press('Space');
  await expect(verdict(page)).toHaveAttribute('data-fit', 'open');
  await shapes.getByRole('radio', { name: /^merge the others/ }).check();
  await expect(verdict(page)).toHaveAttribute('data-fit', 'yes');
  const up = 'model.layers.0.mlp.up_proj.weight';
  await expect(page.getByRole('row', { name: new RegExp(up) })).toContainText('merged without broad');
  await merge(page);
  const values = (bytes: Uint8Array, name: string) => {
    const tensor = readSafetensors(bytes, 'file').tensors.get(name);
    return tensor ? toFloat32(tensor) : new Float32Array();
  };
  const got = values(await download(page), up);
  const [base, talkative] = made.map(({ buffer }) => values(buffer, up));
  const wanted = [...(base ?? [])].map((value, i) => value + 0.3 * ((talkative?.[i] ?? 0) - value));
  expect(got.length).toBe(32 * 16);
  expect(Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? 0))))).toBeLessThan(1e-6);
});

test('a truncated file says so, and the others open', async ({ studio, page }) => {
  await studio.open('?samples=16');
  await studio.measured(16);
  const whole = llama('whole.safetensors', { seed: 1 });
  const cut = { name: 'cut.safetensors', buffer: whole.buffer.subarray(0, whole.buffer.length - 1000) };
  await drop(page, [whole, cut, { name: 'old.bin', buffer: Buffer.from([0x80, 2]) }]);
  const problems = page.getByRole('alert', { name: 'Files that could not be opened' });
  await expect(problems).toContainText('cut.safetensors');
  await expect(problems).toContainText('old.bin');
  await expect(problems.getByRole('listitem')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Models', exact: true }).getByRole('listitem')).toContainText('whole');
});
