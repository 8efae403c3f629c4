/** What was chosen or dropped, folders opened. */
import type { OpenedFile } from '../../store/elsewhere/open-files.ts';

/** A folder that holds more was hardly meant. */
const MOST_FILES = 10_000;

const opened = (file: File, path: string): OpenedFile => ({ path, size: file.size, text: () => file.text() });

export function fromFiles(files: Iterable<File>): readonly OpenedFile[] {
  return [...files].slice(0, MOST_FILES).map((file) => opened(file, file.webkitRelativePath || file.name));
}

/** @param entries taken from the drop while it was handled: afterwards a browser gives none */
export async function fromEntries(entries: readonly FileSystemEntry[]): Promise<readonly OpenedFile[]> {
  const found: OpenedFile[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry && found.length < MOST_FILES; entry = waiting.shift()) {
    if (isFile(entry)) {
      const { fullPath } = entry;
      found.push(opened(await fileOf(entry), fullPath.replace(/^\//, '')));
    } else if (isFolder(entry)) waiting.push(...(await childrenOf(entry)));
  }
  return found;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A reader gives a hundred entries at a time, and none at the end. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const read = () => new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
  const all: FileSystemEntry[] = [];
  for (let some = await read(); some.length > 0; some = await read()) all.push(...some);
  return all;
}
