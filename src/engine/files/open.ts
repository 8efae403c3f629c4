/** Opens what was dropped: which files make up which model, from their headers and the JSON beside them alone. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Folder, foldersOf } from './folders.ts';
import { foreignProblem } from './foreign.ts';
import { openConfig } from './open-config.ts';
import { openModel } from './open-model.ts';
import { openTokenizer } from './open-tokenizer.ts';
import { type FileProblem, problemOf } from './problems.ts';
import { openSharded, shardsOf } from './shards.ts';

export interface Opened {
  readonly checkpoints: readonly Checkpoint[];
  readonly problems: readonly FileProblem[];
}

/**
 * Opens every model among some files: sharded ones by their index (or, without one, by their shards' numbers), every other
 * .safetensors file as a model of its own, adapters as adapters. A file that cannot be opened is a problem in words; the others open.
 * @param taken ids of models that are open already
 */
export async function openCheckpoints(sources: readonly ByteSource[], taken: Iterable<string> = []): Promise<Opened> {
  const folders = foldersOf(sources);
  const opened = await Promise.all(folders.map(openFolder));
  const problems = opened.flatMap((each) => each.problems);
  const checkpoints = opened.flatMap((each) => each.checkpoints);
  if (checkpoints.length === 0 && problems.length === 0)
    problems.push({
      path: sources[0]?.path ?? '',
      kind: 'refused',
      message: `none of ${sources.length} files holds weights`,
      todo: 'Drop .safetensors files, or a folder with them.',
    });
  return { checkpoints: withIds(checkpoints, taken), problems };
}

/** What became of one model of a folder. */
type Attempt = { readonly checkpoint?: Checkpoint; readonly problems: readonly FileProblem[] };

async function openFolder(folder: Folder): Promise<Opened> {
  const [{ sharded, single, problems }, { problems: doubts, ...configs }, tokens] = await Promise.all([
    shardsOf(folder),
    openConfig(folder),
    openTokenizer(folder),
  ]);
  const attempts = await Promise.all([
    ...sharded.map((shards) =>
      attempt(shards.path, async () => {
        const { checkpoint, notes } = await openSharded(shards, folder, configs);
        return { checkpoint, problems: notes };
      }),
    ),
    ...single.map((source) =>
      attempt(source.path, async () => ({ checkpoint: await openModel([source], folder, configs), problems: [] })),
    ),
  ]);
  const checkpoints = attempts.flatMap(({ checkpoint }) => (checkpoint ? withTokenizer(checkpoint, tokens) : []));
  // Files without a folder were chosen one by one: each was meant.
  const beside = folder.path !== '' && checkpoints.length > 0;
  const foreign = folder.files.flatMap((file) => foreignProblem(file, beside) ?? []);
  return {
    checkpoints,
    problems: [
      ...problems,
      ...doubts,
      ...(checkpoints.length > 0 ? tokens.problems : []),
      ...attempts.flatMap((each) => each.problems),
      ...foreign,
    ],
  };
}

function withTokenizer(checkpoint: Checkpoint, { tokenizer }: Awaited<ReturnType<typeof openTokenizer>>): Checkpoint {
  if (!tokenizer) return checkpoint;
  const outline = { ...checkpoint.outline, vocabulary: tokenizer.outline };
  return { ...checkpoint, outline, readTokenizer: tokenizer.read };
}

async function attempt(path: string, open: () => Promise<Attempt>): Promise<Attempt> {
  try {
    return await open();
  } catch (error) {
    return { problems: [problemOf(path, error)] };
  }
}

/** Ids are what jobs and recipes call a model: its name in letters, digits, "." and "-", with a number where that is taken. */
function withIds(checkpoints: readonly Checkpoint[], taken: Iterable<string>): Checkpoint[] {
  const used = new Set(taken);
  return checkpoints.map((checkpoint) => {
    const { outline } = checkpoint;
    const stem = outline.name.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^-+|-+$/g, '') || 'model';
    let id = stem;
    for (let n = 2; used.has(id); n++) id = `${stem}-${n}`;
    used.add(id);
    return { ...checkpoint, outline: { ...outline, id } };
  });
}
