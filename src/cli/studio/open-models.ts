/** Opens models on disk, by the paths that a command names. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { StudioError } from '../../engine/fault.ts';
import { adaptTo } from '../../engine/files/adapter.ts';
import type { Checkpoint } from '../../engine/files/checkpoint.ts';
import { foldersOf } from '../../engine/files/folders.ts';
import { openCheckpoints } from '../../engine/files/open.ts';
import { openTokenizer } from '../../engine/files/open-tokenizer.ts';
import type { ModelReference } from '../../formats/mergekit/configuration.ts';
import type { Tokenizer } from '../../formats/tokenizer/vocabulary.ts';
import { sourcesOf } from './disk.ts';

/** What a recipe over named models calls the base. */
export const BASE = 'base';

/** The one model at a path. */
async function openAt(path: string, taken: Iterable<string>): Promise<Checkpoint> {
  const [only, ...more] = await openAll(path, taken);
  if (only && more.length === 0) return only;
  throw new StudioError('files', `${path}: holds ${more.length + (only ? 1 : 0)} models, wanted one: name its file`);
}

/** Every model at a path; doubts go to stderr. @throws StudioError naming the first file that cannot be opened */
export async function openAll(path: string, taken: Iterable<string>): Promise<readonly Checkpoint[]> {
  const { checkpoints, problems } = await openCheckpoints(await sourcesOf([path]), taken);
  for (const { kind, path: where, message } of problems) {
    if (kind === 'refused')
      throw new StudioError('files', message.startsWith(where) ? message : `${where}: ${message}`);
    process.stderr.write(`${where}: ${message}\n`);
  }
  return checkpoints;
}

/** Models by `ModelReference.text`, and why others cannot be opened. */
export interface OpenedReferences {
  readonly models: ReadonlyMap<string, Checkpoint>;
  readonly failures: readonly { readonly text: string; readonly message: string }[];
}

/** @param folder of the configuration, where its paths are looked for first */
export async function openReferences(references: readonly ModelReference[], folder: string): Promise<OpenedReferences> {
  const models = new Map<string, Checkpoint>();
  const failures: { text: string; message: string }[] = [];
  const paths = new Map<string, Checkpoint>();
  const openOnce = async (path: string) => {
    const found = await locate(path, folder);
    const known =
      paths.get(found) ??
      (await openAt(
        found,
        Array.from(paths.values(), ({ outline }) => outline.id),
      ));
    paths.set(found, known);
    return known;
  };
  for (const { text, model, lora } of references) {
    try {
      const plain = await openOnce(model);
      models.set(text, lora === undefined ? plain : await adaptTo(await openOnce(lora), plain));
    } catch (error) {
      if (!(error instanceof StudioError)) throw error;
      failures.push({ text, message: error.message });
    }
  }
  return { models, failures };
}

/** Of a folder that need not hold weights; undefined where there is none. */
export async function tokenizerAt(path: string, folder: string): Promise<Tokenizer | undefined> {
  const [own] = foldersOf(await sourcesOf([await locate(path, folder)]));
  if (!own) return undefined;
  const { tokenizer, problems } = await openTokenizer(own);
  const [problem] = problems;
  if (!tokenizer && problem) throw new StudioError('files', problem.message);
  return tokenizer?.read();
}

/** A path beside the configuration, or where the command runs. */
async function locate(path: string, folder: string): Promise<string> {
  const candidates = isAbsolute(path) ? [path] : [join(folder, path), resolve(path)];
  for (const candidate of candidates)
    if (
      await stat(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  throw new StudioError(
    'files',
    `${path}: there is no such file or folder, neither beside the configuration nor here; models are not downloaded`,
  );
}

/** Under the names that the recipe has for them. */
export async function openNamed(
  named: ReadonlyMap<string, string>,
  experts: readonly string[],
): Promise<ReadonlyMap<string, Checkpoint>> {
  const models = new Map<string, Checkpoint>();
  const wanted = [...(named.has(BASE) ? [BASE] : []), ...experts];
  for (const name of wanted) {
    const path = named.get(name);
    if (path === undefined) throw new StudioError('recipe', `--models: no path of ${name}, which the recipe merges`);
    const opened = await openAt(path, []);
    const base = models.get(BASE);
    const model = opened.outline.kind === 'adapter' && base ? await adaptTo(opened, base) : opened;
    models.set(name, { ...model, outline: { ...model.outline, id: name } });
  }
  return models;
}
