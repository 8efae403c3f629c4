/** What journeys through the visitor's own files share: how they come, what the page says of them, and what it hands over. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect } from './studio.ts';

export const choose = (page: Page) => page.getByLabel(/^(Choose|Add) files …$/);
export const verdict = (page: Page) => page.getByRole('region', { name: 'Will they merge?' });
export const merged = (page: Page) => page.getByRole('region', { name: 'Merged file' });

/** Files from the desktop, as a browser tells it: above the page first, then let go. */
export async function drop(
  page: Page,
  files: readonly { readonly name: string; readonly buffer: Buffer }[],
): Promise<void> {
  const given = files.map(({ name, buffer }) => ({ name, text: buffer.toString('base64') }));
  await page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of all)
      dataTransfer.items.add(new File([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))], name));
    for (const type of ['dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, given);
}

export async function merge(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(merged(page)).toBeVisible();
}

/** @returns the file that a button hands to the downloads */
export async function handed(page: Page, button: Locator): Promise<Buffer> {
  const [file] = await Promise.all([page.waitForEvent('download'), button.click()]);
  return readFileSync(await file.path());
}

/** @returns the merged file */
export const download = (page: Page): Promise<Buffer> =>
  handed(page, merged(page).getByRole('button', { name: 'Download' }));
