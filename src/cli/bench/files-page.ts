/** Merging dropped files in the built page, in a real Chromium: files through its own button, the output in its own storage. */
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { COPY_PAGE, openSite, type Profiled, type Site } from './browser.ts';
import type { Answers } from './files-answers.ts';
import { pageTable } from './files-page-table.ts';
import { filesRows, type Runs } from './files-rows.ts';
import { ALL_SUBJECTS, MODELS, mergekitConfig, PIECE_BYTES, ROUNDS, type Subject, THREADS } from './files-subjects.ts';
import { rendererMemory } from './renderer-memory.ts';
import type { Group } from './report.ts';
import { spreadOf } from './spread.ts';
import type { Subject as Zoo } from './subject.ts';

interface FilesPage {
  readonly zoo: Zoo;
  /** Room for profiles and configurations. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly answers: Answers;
  readonly announce: (what: string) => void;
}

/** A merge may wait for the disk. */
const PATIENCE_MS = 600_000;

export async function filesPageGroups({ zoo, folder, files, answers, announce }: FilesPage): Promise<Group[]> {
  announce('files in Chromium: build');
  const site = await openSite(zoo.folder, zoo.card.family);
  const open = (): Promise<Profiled> => mkdtemp(join(folder, 'profile-')).then(site.openWithProfile);
  try {
    announce('files in Chromium: the answers');
    await checkAnswers(site, open, folder, answers);
    const { size } = await stat(files[0] ?? '');
    announce('files in Chromium: a plain copy');
    const what = `plain copy: ${MODELS} files read, one written, 1 worker`;
    const rows = await filesRows(size, { what, ms: await copies(site, open, files) }, (subject, threads) => {
      announce(`files in Chromium: ${subject.what} on ${threads} threads`);
      return merges(site, open, { subject, threads, files, folder });
    });
    announce('files in Chromium: the table of a large model');
    return [
      {
        title: `Merging files of ${(size / 1e6).toFixed(0)} MB, float16, in Chromium: input and output bytes per second`,
        rows,
      },
      {
        title: 'The table of a sharded model of 70 billion parameters in Chromium',
        rows: [await pageTable(site, open, folder)],
      },
    ];
  } finally {
    await site.close();
  }
}

type Open = () => Promise<Profiled>;

/** Blob slices into a file of the browser's own storage, in a worker: what a merge reads and writes, without the merge. */
async function copies(site: Site, open: Open, files: readonly string[]) {
  const { page, close } = await open();
  await page.goto(`${site.address}${COPY_PAGE}`);
  await page.locator('input').setInputFiles([...files]);
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await page.evaluate<number>(`bench.copy(${PIECE_BYTES})`));
  await close();
  return spreadOf(all);
}

interface Merging {
  readonly subject: Subject;
  readonly threads: number;
  readonly files: readonly string[];
  readonly folder: string;
}

/** The page with these files and this merge on it, ready to begin. */
async function prepared(page: Page, { address }: Site, { subject, threads, files, folder }: Merging): Promise<Locator> {
  // The files worker does everything alone where its helpers cannot be loaded; else it writes, and each processor has one that merges.
  if (threads === 1) await page.route('**/lane.worker*.js', (route) => route.abort());
  await page.addInitScript(`Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${threads} })`);
  await page.goto(`${address}?backend=wasm&samples=16#files`);
  const own = files.slice(0, subject.models);
  const config = join(folder, `${subject.mergekit}-in-page.yaml`);
  await writeFile(
    config,
    mergekitConfig(
      subject,
      own.map((path) => basename(path, '.safetensors')),
    ),
  );
  const choose = page.getByLabel(/^(Choose|Add) files …$/);
  await choose.setInputFiles([...own, config]);
  const button = page.getByRole('button', { name: 'Merge', exact: true });
  await page.locator('.merge-actions .primary:enabled', { hasText: 'Merge' }).waitFor();
  // Work on the bundled models, which the page begins with, ends.
  await page.waitForLoadState('networkidle');
  return button;
}

const card = (page: Page) => page.getByRole('region', { name: 'Merged file' });

async function checkAnswers(site: Site, open: Open, folder: string, answers: Answers): Promise<void> {
  for (const subject of ALL_SUBJECTS)
    for (const threads of THREADS) {
      const { page, close } = await open();
      const button = await prepared(page, site, { subject, threads, files: answers.files, folder });
      await button.click();
      await card(page).waitFor();
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        card(page).getByRole('button', { name: 'Download' }).click(),
      ]);
      const got = join(folder, 'from-page.safetensors');
      await file.saveAs(got);
      await close();
      await answers.expect(subject, `${subject.what} on ${threads} threads in Chromium`, got);
    }
}

async function merges(site: Site, open: Open, merging: Merging): Promise<Runs> {
  const { page, session, close } = await open();
  page.setDefaultTimeout(PATIENCE_MS);
  await prepared(page, site, merging);
  const memory = await rendererMemory(session);
  const rounds: { readonly written: number; readonly whole: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await page.evaluate('bench.mergeFiles()'));
    await card(page).getByRole('button', { name: 'Remove from this browser' }).click();
    await card(page).waitFor({ state: 'detached' });
  }
  const peak = await memory?.peak();
  await close();
  return {
    ms: spreadOf(rounds.map(({ written }) => written)),
    wholeMs: spreadOf(rounds.map(({ whole }) => whole)),
    peakBytes: peak?.bytes,
    ...(peak && { beside: `of which ${(peak.grown / 1e6).toFixed(0)} MB since the merge began` }),
  };
}
