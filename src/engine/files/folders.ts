/** Dropped files by the folder that they lie in. */
import type { ByteSource } from '../../formats/byte-source.ts';
import { StudioError } from '../fault.ts';

export interface Folder {
  /** With "/" between its parts; '' where files were dropped without one. */
  readonly path: string;
  readonly files: readonly ByteSource[];
}

/** In the order of their first files. */
export function foldersOf(sources: readonly ByteSource[]): Folder[] {
  const folders = new Map<string, ByteSource[]>();
  for (const source of sources) {
    const path = source.path.slice(0, Math.max(source.path.lastIndexOf('/'), 0));
    const files = folders.get(path);
    if (files) files.push(source);
    else folders.set(path, [source]);
  }
  return Array.from(folders, ([path, files]) => ({ path, files }));
}

export const fileName = ({ path }: ByteSource): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * The folder's file of that name, if it is there.
 * @throws StudioError when two are
 */
export function fileNamed({ files }: Folder, name: string): ByteSource | undefined {
  const [found, other] = files.filter((file) => fileName(file) === name);
  if (other)
    throw new StudioError(
      'files',
      `${other.path}: is there twice; drop the folders of two models, not their files together`,
    );
  return found;
}
