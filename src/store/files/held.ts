/** The files that are open, for whoever else reads them: the store holds no files, and the worker gives none back. */
import type { DroppedFile } from '../../client/protocol.ts';
import type { FilesState } from './state.ts';

const held = new Map<string, DroppedFile>();

export function holdFiles(files: readonly DroppedFile[]): void {
  for (const file of files) held.set(file.path, file);
}

/** Of the models that are open now, configurations beside them included. */
export function heldFiles({ models }: Pick<FilesState, 'models'>): readonly DroppedFile[] {
  const folders = new Set(models.flatMap(({ files }) => files.map(({ path }) => folderOf(path))));
  const weights = new Set(models.flatMap(({ files }) => files.map(({ path }) => path)));
  return [...held.values()].filter(
    ({ path }) => weights.has(path) || (path.endsWith('.json') && folders.has(folderOf(path))),
  );
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
