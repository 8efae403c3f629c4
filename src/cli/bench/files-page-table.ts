/** How long the page takes from a folder of a large model's shards to the table on the screen. */
import { mkdir, open as openFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Profiled, Site } from './browser.ts';
import { largeModel, SHARDS, TABLE_GOAL_MS } from './files-table.ts';
import type { Row } from './report.ts';
import { spreadOf } from './spread.ts';

const VISITS = 5;

export async function pageTable(site: Site, open: () => Promise<Profiled>, folder: string): Promise<Row> {
  const models = join(folder, 'sharded');
  await writeHeaders(models);
  const all: { readonly ms: number; readonly tensors: number }[] = [];
  for (let visit = 0; visit < VISITS; visit++) {
    const { page, close } = await open();
    await page.goto(`${site.address}?backend=wasm&samples=16#files`);
    const choose = page.getByLabel('Choose a folder …');
    await choose.waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    const table = page.evaluate<{ readonly ms: number; readonly tensors: number }>('bench.table()');
    await choose.setInputFiles(models);
    all.push(await table);
    await close();
  }
  const spread = spreadOf(all.map(({ ms }) => ms));
  return {
    what: `a folder of two models in 2 × ${SHARDS} files is chosen, their table of ${all[0]?.tensors} tensors is painted`,
    measured: spread,
    unit: 'ms',
    goal: TABLE_GOAL_MS,
    beside: `${VISITS} visits, each a browser of its own`,
  };
}

/** Files as long as they say, with nothing behind their headers but a byte that tells base and fine-tune apart: they take no room. */
async function writeHeaders(folder: string): Promise<void> {
  const shards = ['base', 'tuned'].flatMap((name, mark) => largeModel(name).map((shard) => ({ ...shard, mark })));
  for (const { path, size, header, mark } of shards) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const handle = await openFile(file, 'w');
    await handle.write(header);
    await handle.write(Uint8Array.of(mark));
    await handle.truncate(size);
    await handle.close();
  }
}
