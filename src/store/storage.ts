/** What the browser keeps for this page: its offline copy, measurements, and files of merges. Nothing else is ever stored. */
import { clear, entries } from 'idb-keyval';

export interface Stored {
  readonly id: 'offline' | 'measurements' | 'files';
  readonly bytes: number;
  /** Files, or entries of the database. */
  readonly items: number;
}

/** What is kept now, by kind; a kind that the browser does not have counts as empty. */
export async function storedNow(): Promise<readonly Stored[]> {
  const sizes = await Promise.all([offlineCopy(), measurements(), files()].map((size) => size.catch(() => [])));
  const ids = ['offline', 'measurements', 'files'] as const;
  return ids.map((id, i) => {
    const all = sizes[i] ?? [];
    return { id, bytes: all.reduce((sum, size) => sum + size, 0), items: all.length };
  });
}

/** Removes one kind for good. Measurements of this page are forgotten with the next load, so the page should be loaded anew. */
export async function clearStored(id: Stored['id']): Promise<void> {
  switch (id) {
    case 'offline': {
      // The worker goes too, or it would answer from what is gone; the next visit makes a new copy.
      const workers = await navigator.serviceWorker.getRegistrations();
      await Promise.all(workers.map((worker) => worker.unregister()));
      const names = await caches.keys();
      await Promise.all(names.map((name) => caches.delete(name)));
      return;
    }
    case 'measurements':
      return clear();
    case 'files': {
      const folder = await navigator.storage.getDirectory();
      for await (const name of folder.keys()) await folder.removeEntry(name, { recursive: true });
    }
  }
}

async function offlineCopy(): Promise<number[]> {
  const sizes: number[] = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      sizes.push(response ? (await response.blob()).size : 0);
    }
  }
  return sizes;
}

/** As text: what the database needs for it is its own business. */
const measurements = async (): Promise<number[]> =>
  (await entries<string, unknown>()).map(([key, value]) => JSON.stringify([key, value]).length + blobsIn(value));

/** Files of own models are kept as they are. */
const blobsIn = (value: unknown): number =>
  value instanceof Map
    ? [...value.values()].reduce((sum: number, part: unknown) => sum + (part instanceof Blob ? part.size : 0), 0)
    : 0;

const files = async (): Promise<number[]> => sizesIn(await navigator.storage.getDirectory());

async function sizesIn(folder: FileSystemDirectoryHandle): Promise<number[]> {
  const sizes: number[] = [];
  for await (const entry of folder.values()) {
    if (entry instanceof FileSystemDirectoryHandle) sizes.push(...(await sizesIn(entry)));
    else if (entry instanceof FileSystemFileHandle) sizes.push((await entry.getFile()).size);
  }
  return sizes;
}
