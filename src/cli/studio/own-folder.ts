/** A folder of own models and data as the page would have them dropped. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import type { OwnFile, ReadImages } from '../../engine/own/read-data.ts';
import { DataError, MAX_FILE_BYTES } from '../../formats/data/samples.ts';
import { sourcesOf } from '../../formats/data/sources.ts';

/** A folder of pictures has one file per sample; more are hardly meant. */
const MOST_FILES = 200_000;

/** Nothing here decodes pictures, and a program for it would be larger than the studio. */
export const noImages: ReadImages = async (files, label) => {
  throw new StudioError(
    'recipe',
    `${label}: ${files.length} pictures (${files[0]?.path} …) cannot be read on the command line.`,
    'Evaluate them in the page, or write them as an IDX pair or a CSV of their grey levels.',
  );
};

/** Models and data below it, by their paths with "/" between folders; everything else is left alone. */
export async function ownFolder(folder: string): Promise<readonly OwnFile[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new StudioError('recipe', `--own ${folder}: is no folder; wanted one with models (.safetensors) and data`);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(join(folder, 'x').length - 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => /\.safetensors$/i.test(path) || sourcesOf([path]).length > 0)
    .sort();
  if (paths.length > MOST_FILES)
    throw new DataError(`--own ${folder}: holds ${paths.length} files, at most ${MOST_FILES} are read`);
  const files: OwnFile[] = [];
  for (const path of paths) files.push({ path, blob: await blobOf(join(folder, path), path) });
  return files;
}

async function blobOf(place: string, path: string): Promise<Blob> {
  const { size } = await stat(place);
  if (size > MAX_FILE_BYTES) throw new DataError(`${path}: has ${size} bytes, at most ${MAX_FILE_BYTES} are read`);
  return new Blob([await readFile(place)]);
}
