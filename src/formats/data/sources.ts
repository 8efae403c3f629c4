/** Which of some files belong together as one set of samples. */

export type SourceKind = 'idx' | 'table' | 'text' | 'images';

export interface DataSource {
  /** Of its kind and place; no two have the same. */
  readonly id: string;
  /** Of its file, pair or folder, for people and to find the expert that it belongs to. */
  readonly name: string;
  readonly kind: SourceKind;
  /** Paths; of an IDX pair in any order. */
  readonly files: readonly string[];
}

const TABLE = /\.csv(\.gz)?$/i;
const TEXT = /\.(txt|tsv)(\.gz)?$/i;
const IMAGE = /\.(png|jpe?g)$/i;
const IDX = /(idx\d?|ubyte)(\.gz)?$|[-_.](images|labels)(\.gz)?$/i;
/** What the two files of a pair do not have in common. */
const ROLE = /[-_.]?(images|labels|idx\d|ubyte|idx)(?=[-_.]|$)/gi;

/** @returns in the order of their first file; what is no data is left out */
export function sourcesOf(paths: readonly string[]): readonly DataSource[] {
  const groups = new Map<string, { id: string; name: string; kind: SourceKind; files: string[] }>();
  for (const path of paths) {
    const found = belonging(path);
    if (!found) continue;
    const key = `${found.kind} ${found.at}`;
    const group = groups.get(key) ?? { id: key, name: found.name, kind: found.kind, files: [] };
    group.files.push(path);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function belonging(
  path: string,
): { readonly kind: SourceKind; readonly at: string; readonly name: string } | undefined {
  const parts = path.split('/');
  const file = parts.at(-1) ?? path;
  if (TABLE.test(file)) return { kind: 'table', at: path, name: file.replace(TABLE, '') };
  if (IMAGE.test(file)) {
    // The folder of an image is its class; the folder around it is the set.
    const folder = parts.slice(0, -2);
    return { kind: 'images', at: folder.join('/'), name: folder.at(-1) ?? 'images' };
  }
  if (TEXT.test(file)) return { kind: 'text', at: path, name: file.replace(TEXT, '') };
  if (!IDX.test(file)) return undefined;
  const stem = file.replace(/\.gz$/i, '').replace(ROLE, '');
  return { kind: 'idx', at: [...parts.slice(0, -1), stem.toLowerCase()].join('/'), name: stem || 'samples' };
}

/** The class of an image in a folder of folders. */
export const classOfImage = (path: string): string => path.split('/').at(-2) ?? '';
