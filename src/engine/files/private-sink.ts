/** The browser's own storage of this page: merges are written there, can go on after a reload, and are then saved as a download. */
import { StudioError } from '../fault.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Sink } from './sink.ts';

const FOLDER = 'merges';
const JOURNAL_ENDING = '.journal';
/** Browsers stop somewhat before the quota that they tell. */
const SPARE_BYTES = 10_000_000;

/** What only workers have of a file in that storage: reading and writing at once, which the page's own types lack. */
interface Access {
  read(bytes: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

interface Accessible {
  createSyncAccessHandle(): Promise<Access>;
}

const isAccessible = (handle: object): handle is Accessible => 'createSyncAccessHandle' in handle;

async function accessTo(handle: FileSystemFileHandle): Promise<Access> {
  if (isAccessible(handle)) return handle.createSyncAccessHandle();
  throw new StudioError(
    'files',
    'This browser cannot write files of this size in its own storage.',
    'Use a newer browser, or the command line: npm run studio -- merge.',
  );
}

async function mergesFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(FOLDER, { create: true });
}

/** A file in it, written through a handle that no other tab can have meanwhile. */
export function privateSink(name: string): Sink {
  let access: Access | undefined;
  /** Read into again and again: of gigabytes, fresh memory for each piece would pile up. */
  let room = new Uint8Array();
  const opened = (): Access => {
    if (!access) throw new StudioError('internal', `${name}: the output was used before it was opened.`);
    return access;
  };
  const close = async () => {
    access?.flush();
    access?.close();
    access = undefined;
  };
  return {
    async open(totalBytes) {
      const folder = await mergesFolder();
      const handle = await folder.getFileHandle(name, { create: true });
      const { size } = await handle.getFile();
      await checkRoom(totalBytes - size);
      access = await accessTo(handle).catch((error: unknown) => {
        if (error instanceof StudioError) throw error;
        throw new StudioError(
          'memory',
          `${name}: the output cannot be opened in this browser's storage (${error instanceof Error ? error.message : error}).`,
          'Close other tabs of this studio that merge, then try again.',
        );
      });
      if (access.getSize() > totalBytes) access.truncate(totalBytes);
    },
    async write(at, bytes) {
      const written = opened().write(bytes, { at });
      if (written < bytes.length) throw noRoom(`wrote ${written} of ${bytes.length} bytes at byte ${at} of ${name}`);
    },
    async flush() {
      opened().flush();
    },
    async read(begin, end) {
      if (room.length !== end - begin) room = new Uint8Array(end - begin);
      const count = opened().read(room, { at: begin });
      return room.subarray(0, count);
    },
    finish: close,
    close,
    async discard() {
      await close();
      await removeMerge(name);
    },
  };
}

/** The journal of a merge, in a small file beside it. */
export function privateJournal(name: string): Journal {
  const file = `${name}${JOURNAL_ENDING}`;
  return {
    async load() {
      const folder = await mergesFolder();
      try {
        const handle = await folder.getFileHandle(file);
        return readEntry(await (await handle.getFile()).text());
      } catch {
        // None, or one that was being written when the tab was closed: the merge begins anew.
        return undefined;
      }
    },
    async save(entry) {
      const folder = await mergesFolder();
      const handle = await folder.getFileHandle(file, { create: true });
      const access = await accessTo(handle);
      const bytes = new TextEncoder().encode(JSON.stringify(entry));
      access.truncate(0);
      access.write(bytes, { at: 0 });
      access.flush();
      access.close();
    },
    async clear() {
      await (await mergesFolder()).removeEntry(file).catch(() => {});
    },
  };
}

function readEntry(text: string): JournalEntry | undefined {
  const { key, tensors, overflows }: Partial<JournalEntry> = JSON.parse(text);
  if (typeof key !== 'string' || !Number.isInteger(tensors) || !Array.isArray(overflows)) return undefined;
  return { key, tensors: tensors ?? 0, overflows };
}

/** Takes a merge and its journal away; nothing happens where there is none. */
export async function removeMerge(name: string): Promise<void> {
  const folder = await mergesFolder();
  await folder.removeEntry(name).catch(() => {});
  await folder.removeEntry(`${name}${JOURNAL_ENDING}`).catch(() => {});
}

/** A merge that was finished, to be read again. */
export async function storedMerge(name: string): Promise<File> {
  return (await (await mergesFolder()).getFileHandle(name)).getFile();
}

export interface StoredMerge {
  readonly name: string;
  readonly bytes: number;
}

/** All merges that lie there, finished or not. */
export async function storedMerges(): Promise<readonly StoredMerge[]> {
  const merges: StoredMerge[] = [];
  for await (const handle of (await mergesFolder()).values())
    if (handle.kind === 'file' && !handle.name.endsWith(JOURNAL_ENDING))
      merges.push({ name: handle.name, bytes: (await handle.getFile()).size });
  return merges;
}

async function checkRoom(bytes: number): Promise<void> {
  const { quota = Number.POSITIVE_INFINITY, usage = 0 } = await navigator.storage.estimate();
  const left = quota - usage - SPARE_BYTES;
  if (bytes <= left) return;
  throw noRoom(`the file takes ${megabytes(bytes)} more, and ${megabytes(Math.max(0, left))} are left`);
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;

const noRoom = (what: string) =>
  new StudioError(
    'memory',
    `There is no room in this browser's storage: ${what}.`,
    'Write to a file on your disk instead, choose a smaller data type, or clear what earlier merges left.',
  );
