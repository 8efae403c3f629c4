/** Looking into the networks: what is shown is what the published files hold, and what the studio measures. */
import { AxeBuilder } from '@axe-core/playwright';
import { readSafetensors } from '../src/formats/safetensors/file.ts';
import { toFloat32 } from '../src/formats/safetensors/values.ts';
import { expect, test } from './studio.ts';

const TENSOR = 'blocks.0.attn.q.weight';
const SAMPLES = 16;

const product = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const minus = (a: Float32Array, b: Float32Array) => a.map((value, i) => value - (b[i] ?? 0));

test('norms, cosines and differences are those of the files; lines and planes are measured', async ({
  studio,
  page,
  request,
  card,
}) => {
  const pair = studio.opening.slice(0, 2);
  const [first = '', second = ''] = pair;
  const files = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const { id, file } of [
    { id: 'base', file: card.base.file },
    ...card.experts.filter(({ id }) => pair.includes(id)),
  ]) {
    const bytes = await (await request.get(`./zoo/${card.family}/${file}`)).body();
    const { tensors } = readSafetensors(new Uint8Array(bytes), file);
    files.set(id, new Map([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)])));
  }
  const of = (id: string, tensor: string) => files.get(id)?.get(tensor) ?? new Float32Array();
  const tau = (id: string, tensor: string) => minus(of(id, tensor), of('base', tensor));

  await studio.open(`?samples=${SAMPLES}#v=1&e=${pair.join()}`);
  const { mergeId } = await studio.measured(SAMPLES, pair);
  await page.getByRole('tab', { name: 'Inspect' }).click();
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });

  // The list: every tensor of the network, the merge's own norm and change.
  await expect(panel.getByText(`merge ${mergeId.slice(0, 6)}`)).toBeVisible();
  await panel.getByRole('searchbox').fill('attn.q.weight');
  await expect(panel.locator('li[data-tensor]')).toHaveCount(card.model.blocks);
  await panel.getByRole('combobox', { name: 'of', exact: true }).selectOption({ label: studio.nameOf(first) });
  const row = panel.locator(`li[data-tensor="${TENSOR}"]`);
  const shown = async (attribute: string) => Number(await row.getAttribute(attribute));
  expect(await shown('data-norm')).toBeCloseTo(Math.sqrt(product(of(first, TENSOR), of(first, TENSOR))), 6);
  expect(await shown('data-change')).toBeCloseTo(Math.sqrt(product(tau(first, TENSOR), tau(first, TENSOR))), 6);

  // One tensor.
  await row.getByRole('button').click();
  const wanted = product(tau(first, TENSOR), tau(second, TENSOR));
  const cosine =
    wanted /
    Math.sqrt(product(tau(first, TENSOR), tau(first, TENSOR)) * product(tau(second, TENSOR), tau(second, TENSOR)));
  const cell = panel.locator(`td[data-pair="${first} ${second}"]`);
  expect(Number(await cell.getAttribute('data-value'))).toBeCloseTo(cosine, 6);
  const opposed = [...tau(first, TENSOR)].filter((value, i) => value * (tau(second, TENSOR)[i] ?? 0) < 0).length;
  const conflicts = await panel.locator('[data-conflicts]').getAttribute('data-conflicts');
  expect(Number(conflicts)).toBeCloseTo(opposed / of('base', TENSOR).length, 9);
  await expect(panel.locator(`[data-spectrum="${mergeId} change"]`)).toBeVisible();
  await expect(panel.getByRole('img', { name: /Agreement of signs/ })).toBeVisible();
  await panel.getByRole('slider', { name: 'density' }).fill('1');
  await expect(panel.getByText('Kept by nobody: 0 %, by 1: 0 %, by all 2: 100 %.')).toBeVisible();
  expect((await new AxeBuilder({ page }).include('.inspect').analyze()).violations).toEqual([]);

  // The networks as wholes.
  await panel.getByRole('radio', { name: 'Network' }).check();
  const [all] = [[...(files.get('base')?.keys() ?? [])]];
  const total = (a: string, b: string) => all.reduce((sum, name) => sum + product(tau(a, name), tau(b, name)), 0);
  const whole = total(first, second) / Math.sqrt(total(first, first) * total(second, second));
  const cosines = panel.getByRole('region', { name: 'Cosines' });
  const shownWhole = await cosines.locator(`td[data-pair="${first} ${second}"]`).getAttribute('data-value');
  expect(Number(shownWhole)).toBeCloseTo(whole, 6);
  const alignment = panel.getByRole('region', { name: 'Do they see the same?' });
  await expect(alignment.locator('td[data-pair="base base"]')).toHaveText('1');
  const difference = panel.getByRole('region', { name: 'Difference of any two' });
  await difference.getByRole('combobox', { name: 'to', exact: true }).selectOption({ label: studio.nameOf(first) });
  await expect
    .poll(async () => Number(await difference.locator('.difference').getAttribute('data-norm')))
    .toBeCloseTo(Math.sqrt(total(first, first)), 5);
  expect((await new AxeBuilder({ page }).include('.inspect').analyze()).violations).toEqual([]);

  // Between them: the line ends at what the studio measured of the merge itself.
  await panel.getByRole('radio', { name: 'Between' }).check();
  const line = panel.getByRole('region', { name: 'Along the line between two' });
  await line.getByRole('combobox', { name: 'to', exact: true }).selectOption({ label: 'Merge' });
  await line.getByRole('combobox', { name: 'from', exact: true }).selectOption({ label: 'Base' });
  await line.getByRole('button', { name: 'Measure 21 places' }).click();
  await expect(line.getByRole('button', { name: 'All 21 measured' })).toBeVisible();
  const { rows } = await studio.read();
  const mean = rows.reduce((sum, { accuracy }) => sum + accuracy, 0) / rows.length;
  expect(Number(await line.locator('.line-plot').getAttribute('data-end'))).toBeCloseTo(mean, 9);

  // The merge of two experts by task arithmetic lies in the plane of base and experts.
  const plane = panel.getByRole('region', { name: 'On the plane through three' });
  await expect(plane.getByText('Merge lies in this plane.')).toBeVisible();
  await expect(plane.locator(`.plane-mark[data-model="${mergeId}"]`)).toBeVisible();
  await plane.getByRole('button', { name: 'Measure 225 places' }).click();
  await expect
    .poll(async () => Number(await plane.locator('.plane-plot').getAttribute('data-known')))
    .toBeGreaterThan(4);
  await plane.getByRole('button', { name: 'Stop' }).click();
  await expect(plane.getByRole('button', { name: 'Go on' })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('.inspect').analyze()).violations).toEqual([]);
});

test('the level Inspect opens the panel, and a drag goes on while it is open', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=${SAMPLES}#v=1&e=${pair.join()}&lv=inspect`);
  const panel = page.getByRole('region', { name: 'Inspect', exact: true });
  await expect(panel.locator('li[data-tensor]').first()).toBeVisible();
  const before = (await studio.measured(SAMPLES, pair)).mergeId;
  const subject = await panel.getAttribute('data-subject');
  expect(subject).toContain(before);
  const held = await studio.grab(`λ ${pair[0]}`, 0.4);
  await held.moveTo(0.8);
  // While the slider is held, the panel keeps what it showed.
  expect(await panel.getAttribute('data-subject')).toBe(subject);
  await held.release();
  const after = (await studio.measured(SAMPLES, pair)).mergeId;
  await expect.poll(() => panel.getAttribute('data-subject')).toContain(after);
  await expect(panel).toHaveAttribute('data-fresh', 'true');
  await page.getByRole('button', { name: 'Wide', exact: true }).click();
  await expect(page.getByRole('dialog', { name: /^Inspect/ })).toBeVisible();
});
