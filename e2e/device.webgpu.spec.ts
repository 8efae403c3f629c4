import { expect, test } from './studio.ts';

test('a graphics device gives the numbers of WebAssembly, within one sample per task', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  const hash = `#v=1&e=${pair.join()}&l=.4,.8`;
  await studio.open(`?backend=wasm&samples=16${hash}`);
  const wasm = await studio.measured(16, pair);
  await expect(page.getByRole('button', { name: /^WebAssembly/ })).toBeVisible();

  await studio.open(`?backend=webgpu&samples=16${hash}`);
  await expect(page.getByRole('button', { name: /^WebGPU.*on the GPU/ })).toBeVisible({ timeout: 120_000 });
  const webgpu = await studio.measured(16, pair);
  expect(webgpu.mergeId).toBe(wasm.mergeId);
  webgpu.rows.forEach(({ task, accuracy, n }, i) => {
    const difference = Math.abs(accuracy - (wasm.rows[i]?.accuracy ?? Number.NaN)) * n;
    expect(difference, `${task}: samples answered differently`).toBeLessThanOrEqual(1);
  });
});

test('an adapter that is emulated in software is passed over, and the page says why', async ({ studio, page }) => {
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?samples=16#v=1&e=${pair.join()}`);
  await studio.measured(16, pair);
  await page.getByRole('button', { name: /^WebAssembly/ }).click();
  await expect(page.getByRole('dialog', { name: 'Device' })).toContainText(/WebGPU: too slow: \d+ ms/);
});

test('a lost device is told or rebuilt, and the recipe is kept', async ({ studio, page }) => {
  test.setTimeout(240_000);
  const pair = studio.opening.slice(0, 2);
  await studio.open(`?backend=webgpu&samples=16#v=1&e=${pair.join()}&l=.4,.8`);
  await expect(page.getByRole('button', { name: /^WebGPU/ })).toBeVisible({ timeout: 120_000 });
  await studio.measured(16, pair);
  const [victim] = page.workers().filter((worker) => worker.url().includes('merge.worker'));
  expect(victim, 'the worker that owns the device').toBeDefined();
  await victim?.evaluate(() => {
    const { createCommandEncoder } = GPUDevice.prototype;
    GPUDevice.prototype.createCommandEncoder = function (...given) {
      this.destroy();
      return createCommandEncoder.apply(this, given);
    };
  });
  await studio.type(`λ of ${pair[0]}`, '0.6');
  await studio.measured(16, pair);
  await expect(studio.slider(`λ ${pair[1]}`)).toHaveValue('0.8');
  const now = page.workers().filter((worker) => worker.url().includes('merge.worker'));
  expect(now).toHaveLength(1);
  expect(now, 'its worker was rebuilt').not.toContain(victim);
});
