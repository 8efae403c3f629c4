/** Links to own models: which files, by name, size and the begin of their print, their parts, and the recipe; never a weight. */
import { readRecipeJson, writeRecipeJson } from '../../formats/recipe-json.ts';
import { catalogue } from '../catalogue.ts';
import type { FilesState, Role, Wanted } from './state.ts';
import { useFiles } from './store.ts';

const PRINT_DIGITS = 12;
/** Links are typed by strangers: more than this is not read. */
const LONGEST = 20_000;
const MOST_FILES = 200;

/** What comes after the page's address. */
export function filesLink({ models, roles, recipe, dtype }: FilesState): string {
  const files = models
    .filter(({ outline }) => roles[outline.id] !== 'out')
    .flatMap(({ outline, files: own }) =>
      own.map(({ path, size, print }) =>
        [path.split('/').at(-1) ?? path, size, print.slice(0, PRINT_DIGITS), outline.id, roles[outline.id]]
          .map((part) => encodeURIComponent(String(part)))
          .join(':'),
      ),
    );
  const query = new URLSearchParams({ d: dtype, r: writeRecipeJson(recipe) });
  return `#files&f=${files.join(',')}&${query}`;
}

interface Linked {
  readonly wanted: readonly Wanted[];
  readonly roles: Readonly<Record<string, Role>>;
}

function readFiles(text: string): Linked {
  const all = text.split(',').slice(0, MOST_FILES).filter(Boolean);
  const roles: Record<string, Role> = {};
  const wanted = all.flatMap((one): readonly Wanted[] => {
    const [name = '', size = '', print = '', id = '', role = ''] = one.split(':').map(decoded);
    const bytes = Number(size);
    if (name === '' || !Number.isSafeInteger(bytes) || bytes < 0 || !/^[0-9a-f]{1,64}$/.test(print)) return [];
    if (id !== '') roles[id] = role === 'base' ? 'base' : 'expert';
    return [{ id, name, size: bytes, print }];
  });
  return { wanted, roles };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Asks for the files that the address names, and sets what it says. */
export function openFilesLink(hash: string): void {
  if (hash.length > LONGEST) return;
  const values = new URLSearchParams(hash.replace(/^#files&?/, ''));
  const { wanted, roles } = readFiles(values.get('f') ?? '');
  if (wanted.length === 0) return;
  const ids = Object.entries(roles).filter(([, role]) => role === 'expert');
  const roster = { family: 'files', experts: ids.map(([id]) => ({ id })) };
  const read = readRecipeJson(values.get('r') ?? '', catalogue, roster);
  const dtype = (['as-base', 'F32', 'F16', 'BF16'] as const).find((one) => one === values.get('d')) ?? 'as-base';
  useFiles.setState({
    wanted,
    dtype,
    roles: { ...roles, ...useFiles.getState().roles },
    ...(read.kind === 'ok' && { recipe: read.recipe, methodTouched: true }),
  });
}
