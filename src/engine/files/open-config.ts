/** config.json and adapter_config.json beside a model's weights. */
import { parseJson } from '../../formats/json-checks.ts';
import { StudioError } from '../fault.ts';
import { type Folder, fileNamed } from './folders.ts';
import { type FileProblem, problemOf } from './problems.ts';

/** Published ones have some kilobytes; those with a label per class, at most some hundred. */
const MAX_CONFIG_BYTES = 4_000_000;

export interface Configs {
  /** Parsed and unchecked; null where there is none. */
  readonly config: unknown;
  readonly adapterConfig: unknown;
}

/** A configuration that cannot be read is a note: the weights say most of what it says. */
export async function openConfig(folder: Folder): Promise<Configs & { readonly problems: readonly FileProblem[] }> {
  const problems: FileProblem[] = [];
  const read = async (name: string): Promise<unknown> => {
    try {
      return await readJson(folder, name);
    } catch (error) {
      const path = folder.path === '' ? name : `${folder.path}/${name}`;
      problems.push({ ...problemOf(path, error), kind: 'note' });
      return null;
    }
  };
  const [config, adapterConfig] = await Promise.all([read('config.json'), read('adapter_config.json')]);
  return { config, adapterConfig, problems };
}

async function readJson(folder: Folder, name: string): Promise<unknown> {
  const source = fileNamed(folder, name);
  if (!source) return null;
  if (source.size > MAX_CONFIG_BYTES)
    throw new StudioError('files', `${source.path}: has ${source.size} bytes, at most ${MAX_CONFIG_BYTES} are read`);
  const parsed = parseJson(new TextDecoder().decode(await source.read(0, source.size)));
  if ('refusal' in parsed)
    throw new StudioError('files', `${source.path}: ${parsed.refusal}; the model is opened without it`);
  return parsed.json;
}
