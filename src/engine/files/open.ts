/** Opens what was dropped: which files make up which model, from their headers and the JSON beside them alone. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Folder, foldersOf } from './folders.ts';
import { foreignProblem } from './foreign.ts';
import { openConfig } from './open-config.ts';
import { openModel } from './open-model.ts';
import { type FileProblem, problemOf } from './problems.ts';
import { openSharded, type Shards, shardsOf } from './shards.ts';

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

async function openFolder(folder: Folder): Promise<Opened> {
  const problems: FileProblem[] = [];
  const checkpoints: Checkpoint[] = [];
  const attempt = async (path: string, open: () => Promise<Checkpoint>) => {
    try {
      checkpoints.push(await open());
    } catch (error) {
      problems.push(problemOf(path, error));
    }
  };
  const { sharded, single, problems: indexProblems } = await shardsOf(folder);
  problems.push(...indexProblems);
  const { config, adapterConfig, problems: configProblems } = await openConfig(folder);
  problems.push(...configProblems);
  const configs = { config, adapterConfig };
  const openShards = (shards: Shards) =>
    attempt(shards.path, async () => {
      const { checkpoint, notes } = await openSharded(shards, folder, configs);
      problems.push(...notes);
      return checkpoint;
    });
  await Promise.all([
    ...sharded.map(openShards),
    ...single.map((source) => attempt(source.path, () => openModel([source], folder, configs))),
  ]);
  for (const source of folder.files) {
    const problem = foreignProblem(source, sharded.length + single.length > 0);
    if (problem) problems.push(problem);
  }
  return { checkpoints, problems };
}

/** Ids are what jobs and recipes call a model: its name in letters, digits, "." and "-", with a number where that is taken. */
function withIds(checkpoints: readonly Checkpoint[], taken: Iterable<string>): Checkpoint[] {
  const used = new Set(taken);
  return checkpoints.map(({ outline, parts }) => {
    const stem = outline.name.replace(/[^\p{L}\p{N}.-]+/gu, '-').replace(/^-+|-+$/g, '') || 'model';
    let id = stem;
    for (let n = 2; used.has(id); n++) id = `${stem}-${n}`;
    used.add(id);
    return { outline: { ...outline, id }, parts };
  });
}
