/** Which .safetensors files of a folder are shards of one model, and whether they are all there. */
import type { ByteSource } from '../../formats/byte-source.ts';
import { SafetensorsError } from '../../formats/safetensors/header.ts';
import { MAX_INDEX_BYTES, parseShardIndex, type ShardIndex } from '../../formats/safetensors/shard-index.ts';
import { byteLength } from '../../formats/safetensors/write.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type Folder, fileName, fileNamed } from './folders.ts';
import type { Configs } from './open-config.ts';
import { openModel } from './open-model.ts';
import { type FileProblem, problemOf } from './problems.ts';

export interface Shards {
  /** Of the index, or of the first shard where there is none. */
  readonly path: string;
  /** File names, in order. */
  readonly names: readonly string[];
  readonly index: ShardIndex | undefined;
}

const SAFETENSORS = /\.safetensors$/i;
const INDEX = /\.safetensors\.index\.json$/i;
const NUMBERED = /^(.*)-(\d{2,6})-of-(\d{2,6})(\.safetensors)$/i;
/** A number in a shard's name that is larger is no number of shards. */
const MAX_SHARDS = 10_000;

export async function shardsOf(folder: Folder): Promise<{
  readonly sharded: readonly Shards[];
  readonly single: readonly ByteSource[];
  readonly problems: readonly FileProblem[];
}> {
  const problems: FileProblem[] = [];
  const sharded: Shards[] = [];
  for (const source of folder.files.filter((file) => INDEX.test(fileName(file)))) {
    try {
      const index = await openIndex(source);
      sharded.push({ path: source.path, names: [...new Set(index.weightMap.values())].sort(), index });
    } catch (error) {
      problems.push(problemOf(source.path, error));
    }
  }
  const claimed = new Set(sharded.flatMap(({ names }) => names));
  const left = folder.files.filter((file) => SAFETENSORS.test(file.path) && !claimed.has(fileName(file)));
  const numbered = numberedSets(left);
  return {
    sharded: [...sharded, ...numbered],
    single: left.filter((file) => !numbered.some(({ names }) => names.includes(fileName(file)))),
    problems,
  };
}

async function openIndex(source: ByteSource): Promise<ShardIndex> {
  if (source.size > MAX_INDEX_BYTES)
    throw new SafetensorsError(`${source.path}: has ${source.size} bytes, at most ${MAX_INDEX_BYTES} are read`);
  return parseShardIndex(new TextDecoder().decode(await source.read(0, source.size)), source.path);
}

/** Shards without an index: "model-00001-of-00003.safetensors" asks for the other two. */
function numberedSets(files: readonly ByteSource[]): Shards[] {
  const sets = new Map<string, Shards>();
  for (const file of files) {
    const [, stem, number, of, ending] = NUMBERED.exec(fileName(file)) ?? [];
    if (stem === undefined || number === undefined || of === undefined || Number(of) > MAX_SHARDS) continue;
    const key = `${stem}-of-${of}`;
    if (sets.has(key)) continue;
    const names = Array.from(
      { length: Number(of) },
      (_, i) => `${stem}-${String(i + 1).padStart(number.length, '0')}-of-${of}${ending}`,
    );
    sets.set(key, { path: file.path, names, index: undefined });
  }
  return [...sets.values()];
}

/** @throws SafetensorsError naming the shards that are missing, or the tensor that is not where the index says */
export async function openSharded(
  { path, names, index }: Shards,
  folder: Folder,
  configs: Configs,
): Promise<{ readonly checkpoint: Checkpoint; readonly notes: readonly FileProblem[] }> {
  const missing = names.filter((name) => fileNamed(folder, name) === undefined);
  if (missing.length > 0) throw new SafetensorsError(missingInWords(path, missing, names.length));
  const sources = names.flatMap((name) => fileNamed(folder, name) ?? []);
  const checkpoint = await openModel(sources, folder, configs);
  return { checkpoint, notes: index ? checkIndex(path, index, checkpoint) : [] };
}

const NAMED = 5;

function missingInWords(path: string, missing: readonly string[], count: number): string {
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : '';
  const verb = missing.length === 1 ? 'is' : 'are';
  return `${path}: ${missing.length} of ${count} shards ${verb} missing: ${missing.slice(0, NAMED).join(', ')}${more}; drop the whole folder`;
}

function checkIndex(path: string, { weightMap, totalSize }: ShardIndex, { parts }: Checkpoint): FileProblem[] {
  for (const [tensor, file] of weightMap) {
    const part = parts.get(tensor);
    if (!part) throw new SafetensorsError(`${path}: ${tensor}: is said to be in ${file}, but no shard holds it`);
    if (part.kind === 'stored' && fileName(part.source) !== file)
      throw new SafetensorsError(`${path}: ${tensor}: is said to be in ${file}, but is in ${fileName(part.source)}`);
  }
  for (const [tensor, part] of parts) {
    if (!weightMap.has(tensor) && part.kind === 'stored')
      throw new SafetensorsError(`${path}: does not name ${tensor}, which ${fileName(part.source)} holds`);
  }
  const bytes = [...parts.values()].reduce((total, part) => total + byteLength(part), 0);
  if (totalSize === undefined || totalSize === bytes) return [];
  return [
    {
      path,
      kind: 'note',
      message: `${path}: total_size is ${totalSize}, but the shards' tensors have ${bytes} bytes in all; every tensor that it names is there`,
      todo: 'Nothing has to be done if the model was saved with tied weights; otherwise compare it with its source.',
    },
  ];
}
