/** Files that a link or a recipe names, and those that are open. */
import { otherBytes } from '../../formats/checkpoint/recipe-of-files.ts';
import { printedFiles } from './prints.ts';
import type { FilesState, Wanted } from './state.ts';

/** Why the open file of that name is not the wanted one; undefined where none has its name. */
export const otherFile = ({ name, size, print }: Wanted, { models }: Pick<FilesState, 'models'>): string | undefined =>
  otherBytes(
    { name, bytes: size, print },
    models.map(({ files }) => ({ files: printedFiles(files) })),
  );
