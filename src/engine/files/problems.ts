/** What could not be opened, or was opened with a doubt, in words. */
import { StudioError } from '../fault.ts';

export interface FileProblem {
  /** Of the file, or of the index of a sharded model. */
  readonly path: string;
  /** A refused file is not open; a note is about one that is. */
  readonly kind: 'refused' | 'note';
  /** What, where, got and wanted. */
  readonly message: string;
  /** What the user can do. */
  readonly todo: string;
}

/** @param error what opening the file threw: a format's error names the file itself */
export function problemOf(path: string, error: unknown): FileProblem {
  if (error instanceof StudioError) return { path, kind: 'refused', message: error.message, todo: error.todo };
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && error.name === 'SafetensorsError')
    return { path, kind: 'refused', message, todo: 'Download or export the file again, then drop it again.' };
  return {
    path,
    kind: 'refused',
    message: `${path}: cannot be read (${message})`,
    todo: 'The file may have been moved, changed or locked; drop it again.',
  };
}
