/** Writes files on disk: under another name until they are whole, so that an interrupted merge is never taken for a model. */
import { type FileHandle, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import type { Journal, JournalEntry } from '../../engine/files/journal.ts';
import type { Sink } from '../../engine/files/sink.ts';

const PART = '.part';

export function diskSink(path: string): Sink {
  const part = `${path}${PART}`;
  let opened: FileHandle | undefined;
  const handle = (): FileHandle => {
    if (opened) return opened;
    throw new Error(`${part}: is not open`);
  };
  const unwritable = (error: unknown): never => {
    throw new StudioError('files', `${path}: cannot be written (${error instanceof Error ? error.message : error})`);
  };
  const close = async () => {
    await opened?.close();
    opened = undefined;
  };
  return {
    async open(totalBytes) {
      opened = await open(part, 'r+').catch(() => open(part, 'w+').catch(unwritable));
      const { size } = await opened.stat();
      await checkRoom(path, totalBytes - size);
      if (size !== totalBytes) await opened.truncate(totalBytes);
    },
    async write(at, bytes) {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await handle()
          .write(bytes, done, bytes.length - done, at + done)
          .catch(unwritable);
        done += bytesWritten;
      }
    },
    async flush() {
      await handle().datasync().catch(unwritable);
    },
    async read(begin, end) {
      const bytes = new Uint8Array(end - begin);
      let done = 0;
      while (done < bytes.length) {
        const { bytesRead } = await handle().read(bytes, done, bytes.length - done, begin + done);
        if (bytesRead === 0) return bytes.subarray(0, done);
        done += bytesRead;
      }
      return bytes;
    },
    async finish() {
      await close();
      await rename(part, path).catch(unwritable);
    },
    close,
    async discard() {
      await close();
      await rm(part, { force: true });
    },
  };
}

/** @throws StudioError when the disk has fewer bytes free */
async function checkRoom(path: string, wanted: number): Promise<void> {
  const disk = await statfs(dirname(path)).catch(() => undefined);
  if (!disk || disk.bavail * disk.bsize >= wanted) return;
  throw new StudioError(
    'files',
    `${path}: would take ${wanted} bytes more, and the disk has ${disk.bavail * disk.bsize} free`,
    'Make room, choose another disk, or write a smaller data type (--dtype).',
  );
}

/** The journal as a file beside what is written. */
export function diskJournal(path: string): Journal {
  return {
    async load() {
      const text = await readFile(path, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : entryOf(text);
    },
    async save(entry) {
      // A crash while it is written leaves the old one.
      await writeFile(`${path}${PART}`, JSON.stringify(entry));
      await rename(`${path}${PART}`, path);
    },
    clear: () => rm(path, { force: true }),
  };
}

/** Undefined for anything but a journal of ours. */
function entryOf(text: string): JournalEntry | undefined {
  try {
    const entry: unknown = JSON.parse(text);
    return isEntry(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

const isEntry = (entry: unknown): entry is JournalEntry =>
  typeof entry === 'object' &&
  entry !== null &&
  'key' in entry &&
  typeof entry.key === 'string' &&
  'tensors' in entry &&
  Number.isInteger(entry.tensors) &&
  'overflows' in entry &&
  Array.isArray(entry.overflows);
