/** Files on disk as sources of bytes: each is opened once, when it is first read. */
import { open, read } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { StudioError } from '../../engine/fault.ts';
import type { ByteSource } from '../../formats/byte-source.ts';

const openFile = promisify(open);
const readFile = promisify(read);

/** Beside a file that is named alone: without them an adapter has no scale, a model no architecture and its rows no tokens. */
const NEIGHBOURS = [
  'config.json',
  'adapter_config.json',
  'tokenizer.json',
  'vocab.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
];
/** Folders in folders: a pipeline of diffusers has two. */
const MAX_DEPTH = 4;

/**
 * Files as they are named, and everything in folders.
 * @throws StudioError naming the path that is not there
 */
export async function sourcesOf(paths: readonly string[]): Promise<ByteSource[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const about = await stat(path).catch(() => {
      throw new StudioError('files', `${path}: there is no such file or folder`);
    });
    if (about.isDirectory()) for (const file of await filesIn(path, MAX_DEPTH)) files.add(file);
    else for (const file of [join(path), ...(await neighboursOf(path))]) files.add(file);
  }
  return Promise.all(Array.from(files, diskSource));
}

async function filesIn(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = entries
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      // Links too: the cache of Hugging Face is made of them.
      const about = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
      if (about?.isFile()) return [path];
      return about?.isDirectory() && depth > 0 ? filesIn(path, depth - 1) : [];
    });
  return (await Promise.all(found)).flat();
}

async function neighboursOf(path: string): Promise<string[]> {
  const names = new Set(await readdir(dirname(path)));
  return NEIGHBOURS.filter((name) => name !== basename(path) && names.has(name)).map((name) =>
    join(dirname(path), name),
  );
}

async function diskSource(path: string): Promise<ByteSource> {
  const { size } = await stat(path);
  // A bare descriptor, open until the program ends: a FileHandle would have to be closed by whoever is done with the source.
  let opening: Promise<number> | undefined;
  const opened = () => {
    opening ??= openFile(path, 'r');
    return opening;
  };
  const readPart = async (begin: number, end: number): Promise<Uint8Array> => {
    const file = await opened();
    const length = Math.max(0, Math.min(end, size) - begin);
    // Not filled with zeros: every byte is read, or none is given.
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await readFile(file, bytes, filled, bytes.length - filled, begin + filled);
      if (bytesRead === 0)
        throw new StudioError(
          'files',
          `${path}: ends at byte ${begin + filled}, but had ${size} bytes when it was opened`,
        );
      filled += bytesRead;
    }
    return bytes;
  };
  return { path, size, read: readPart, shared: opened };
}
