import type { Page } from '@playwright/test';
import { expect, test } from './studio.ts';

interface Seen {
  readonly state: string;
  readonly accuracy: string;
  readonly slider: string;
}

/** Notes every state that a task's row passes through, with the slider's value at that moment. */
function watch(page: Page, task: string): Promise<void> {
  return page.evaluate((id) => {
    const seen: Seen[] = [];
    Object.assign(window, { seen });
    const note = () => {
      const { state = '', accuracy = '' } = document.querySelector<HTMLElement>(`tr[data-task="${id}"]`)?.dataset ?? {};
      const slider = document.querySelector<HTMLInputElement>(`input[aria-label="λ ${id}"]`)?.value ?? '';
      seen.push({ state, accuracy, slider });
    };
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      attributeFilter: ['data-accuracy', 'data-state'],
    });
  }, task);
}

const seenBy = (page: Page) => page.evaluate(() => (window as unknown as { seen: Seen[] }).seen);

test('while a slider is dragged the estimates follow it, and then the bars are measured anew', async ({
  studio,
  page,
}) => {
  const [task = ''] = studio.opening;
  await studio.open();
  const before = await studio.measured();
  await expect(page.getByText(/from \d+ measured merges/)).toBeVisible();
  await watch(page, task);

  const hand = await studio.grab(`λ ${task}`, 0.4);
  for (const share of [0.5, 0.6, 0.7, 0.8]) await hand.moveTo(share);
  await expect.poll(() => studio.mergeId()).not.toBe(before.mergeId);
  const estimates = (await seenBy(page)).filter((row) => row.state === 'estimated');
  expect(new Set(estimates.map((row) => row.slider)).size, 'places of the slider with an estimate').toBeGreaterThan(3);
  expect(new Set(estimates.map((row) => row.accuracy)).size, 'different estimates').toBeGreaterThan(3);
  await hand.release();

  const after = await studio.measured();
  expect(after.mergeId).not.toBe(before.mergeId);
  expect(after.rows.map((row) => row.accuracy)).not.toEqual(before.rows.map((row) => row.accuracy));
  expect(Number(await studio.slider(`λ ${task}`).inputValue())).toBeGreaterThan(0.9);

  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await studio.measured(), 'one undo takes the whole drag back').toEqual(before);
  await page.getByRole('button', { name: 'Redo' }).click();
  expect(await studio.measured()).toEqual(after);
});

test('numbers can be typed, raised and lowered, and a double click takes them back', async ({ studio, page }) => {
  const [task = ''] = studio.opening;
  const slider = studio.slider(`λ ${task}`);
  await studio.open('?samples=64#v=1&lv=tune');
  const usual = await slider.inputValue();
  const start = await studio.measured(64);

  await studio.type(`λ of ${task}`, '0.75');
  await expect(slider).toHaveValue('0.75');
  await page.getByRole('button', { name: `raise λ of ${task}` }).click();
  await expect(slider).toHaveValue('0.8');
  const moved = await studio.measured(64);
  expect(moved.mergeId).not.toBe(start.mergeId);

  await studio.type(`λ of ${task}`, '99');
  await expect(slider).toHaveValue((await slider.getAttribute('max')) ?? '');

  await slider.dblclick({ position: { x: 2, y: 4 } });
  await expect(slider).toHaveValue(usual);
  expect(await studio.measured(64)).toEqual(start);
});
