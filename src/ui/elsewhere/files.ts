/** What was chosen or dropped, folders opened. */
import type { OpenedFile } from '../../store/elsewhere/open-files.ts';
import { useStudio } from '../../store/studio.ts';

/** A folder that holds more was hardly meant. */
const MOST_FILES = 10_000;

/** With the file itself, for those who read parts of it. */
export interface Dropped extends OpenedFile {
  readonly file: File;
}

const opened = (file: File, path: string): Dropped => ({ path, size: file.size, text: () => file.text(), file });

export function fromFiles(files: Iterable<File>): readonly Dropped[] {
  return [...files].slice(0, MOST_FILES).map((file) => opened(file, file.webkitRelativePath || file.name));
}

/** @param entries taken from the drop while it was handled: afterwards a browser gives none */
export async function fromEntries(entries: readonly FileSystemEntry[]): Promise<readonly Dropped[]> {
  const found: Dropped[] = [];
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

/** Weights in any format: those that cannot be read get a sentence that says what to do. */
const WEIGHTS = /\.(safetensors|gguf|bin|pth?|ckpt|h5|onnx)$/i;
const CONFIGURATION = /\.ya?ml$|(config|index)\.json$/i;
/** Samples of own data, which nothing else here is called like. */
const SAMPLES = /(idx\d|ubyte)(\.gz)?$|\.(png|jpe?g)$/i;

/** Opens whatever was dropped or chosen: models on their own screen, a configuration there too while it is open. */
export async function openDropped(files: readonly Dropped[]): Promise<void> {
  const own = useStudio.getState().files;
  const { dialog } = useStudio.getState();
  if (dialog === 'own' || files.every(({ path }) => SAMPLES.test(path))) {
    useStudio.getState().setDialog('own');
    const { addFiles } = await import('../../store/own/own-family.ts');
    return addFiles(files.map(({ path, file }) => ({ path, blob: file })));
  }
  if (files.some(({ path }) => WEIGHTS.test(path) || (own && CONFIGURATION.test(path)))) {
    useStudio.getState().showFiles(true);
    const { filesDropped } = await import('../../store/files/dropped.ts');
    return filesDropped(files.map(({ path, file }) => ({ path, file })));
  }
  if (own) useStudio.getState().showFiles(false);
  const { openAndTell } = await import('../../store/elsewhere/open-files.ts');
  await openAndTell(files, 'calibration');
}

/** Measurements that were chosen with a button. */
export async function openChosen(files: readonly { readonly file: File }[]): Promise<void> {
  const { openAndTell } = await import('../../store/elsewhere/open-files.ts');
  await openAndTell(fromFiles(files.map(({ file }) => file)), 'calibration');
}
