/** Links to own models: which files, by name, size and the begin of their print, their parts, and the recipe; never a weight. */
import { type RecipeFile, readRecipeOfFiles } from '../../formats/checkpoint/recipe-of-files.ts';
import { readRecipeJson, writeRecipeJson } from '../../formats/recipe-json.ts';
import { catalogue } from '../catalogue.ts';
import { networkOf } from './asked.ts';
import { printedFiles, readPrints } from './prints.ts';
import type { FilesState, Role, Wanted } from './state.ts';
import { useFiles } from './store.ts';

const PRINT_DIGITS = 12;
/** Links are typed by strangers: more than this is not read. */
const LONGEST = 20_000;
const MOST_FILES = 200;

/** What comes after the page's address. @param state with prints, see prints.ts */
export function filesLink(state: FilesState): string {
  const { models, roles, recipe, dtype, choices } = state;
  const files = models
    .filter(({ outline }) => roles[outline.id] !== 'out')
    .flatMap(({ outline, files: own }) =>
      printedFiles(own).map(({ path, size, print }) =>
        [path.split('/').at(-1) ?? path, size, print.slice(0, PRINT_DIGITS), outline.id, roles[outline.id]]
          .map((part) => encodeURIComponent(String(part)))
          .join(':'),
      ),
    );
  const network = networkOf(state);
  const query = new URLSearchParams({
    d: dtype,
    r: writeRecipeJson(recipe),
    ...(network !== null && { n: network }),
    ...(Object.keys(choices).length > 0 && { c: JSON.stringify(choices) }),
  });
  return `#files&f=${files.join(',')}&${query}`;
}

/** The files of the models that are merged, for a recipe that somebody else shall repeat: those whose prints were read. */
export const recipeFilesOf = ({ models, roles }: Pick<FilesState, 'models' | 'roles'>): readonly RecipeFile[] =>
  models.flatMap(({ outline, files }) => {
    const part = roles[outline.id];
    if (part !== 'base' && part !== 'expert') return [];
    return printedFiles(files).map(({ path, size, print }) => ({
      model: outline.id,
      part,
      name: path.slice(path.lastIndexOf('/') + 1),
      bytes: size,
      print,
    }));
  });

/** Asks for the files that a recipe names, and sets what it says; why it cannot, in a sentence. */
export function openRecipeOfFiles(text: string): string | undefined {
  const more = readRecipeOfFiles(text);
  if ('refusal' in more) return `The recipe is ${more.refusal}.`;
  const others = useFiles.getState().models.map(({ outline }): [string, Role] => [outline.id, 'out']);
  const named = more.files.map(({ model, part }): [string, Role] => [model, part]);
  const roles: Record<string, Role> = Object.fromEntries([...others, ...named]);
  const experts = Object.keys(roles).filter((id) => roles[id] === 'expert');
  if (experts.length === 0) return 'The recipe names no files: it was not made over own files here.';
  const read = readRecipeJson(text, catalogue, { family: 'files', experts: experts.map((id) => ({ id })) });
  if (read.kind === 'refused') return read.reason;
  const { dtype, network, choices } = more;
  const wanted = more.files.map(({ model, name, bytes, print }) => ({ id: model, name, size: bytes, print }));
  useFiles.setState({ recipe: read.recipe, methodTouched: true, configuration: null, roles, dtype, network, choices });
  useFiles.getState().filesWanted(wanted);
  return undefined;
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
  const chosen = readRecipeOfFiles(`{"choices": ${values.get('c') ?? '{}'}}`);
  const network = values.get('n');
  useFiles.setState({
    wanted,
    dtype,
    network: ids.some(([id]) => id === network) ? network : null,
    choices: 'choices' in chosen ? chosen.choices : {},
    roles: { ...roles, ...useFiles.getState().roles },
    ...(read.kind === 'ok' && { recipe: read.recipe, methodTouched: true }),
  });
  void readPrints();
}
