/** What the files worker tells of a change between two dropped models, or a model and a merge, as a low-rank adapter. */
import { StudioError } from '../fault.ts';
import type { Checkpoint } from '../files/checkpoint.ts';
import { type DecomposedChange, decomposeChange } from '../files/extract-lora.ts';
import { adapterOutput } from '../files/write-lora.ts';
import type { FilesSet } from './files-inspection.ts';
import { type LoraChoice, type LoraSpectra, spectraOf, zippedBlob } from './lora-answers.ts';

/** Two models of a set by their ids, and the largest rank that will be asked for. */
export interface ChangeRequest {
  readonly set: FilesSet;
  readonly model: string;
  readonly from: string;
  readonly most: number;
  /** Tells files apart that are dropped under the same names. */
  readonly files: string;
}

export interface LoraHooks {
  /** In values of the models. @param doing the tensor that comes next */
  progress(done: number, total: number, doing: string): void;
  /** Lets messages in; rejects when the answer is no longer wanted. */
  breathe(): Promise<void>;
}

export function createFilesLora(load: (set: FilesSet) => Promise<readonly Checkpoint[]>) {
  let last: { readonly key: string; readonly change: DecomposedChange } | undefined;
  /** Only what is finished is used again: a new question stops the one that is under way. */
  const changeOf = async (request: ChangeRequest, hooks: LoraHooks): Promise<DecomposedChange> => {
    const key = JSON.stringify(request);
    if (last?.key !== key) last = { key, change: await decomposed(request, load, hooks) };
    return last.change;
  };
  return {
    spectra: async (request: ChangeRequest, hooks: LoraHooks): Promise<LoraSpectra> =>
      spectraOf(await changeOf(request, hooks)),
    file: async (request: ChangeRequest, chosen: LoraChoice, hooks: LoraHooks): Promise<Blob> =>
      zippedBlob(adapterOutput(await changeOf(request, hooks), { ...chosen, dtype: 'F32' }), hooks.breathe),
  };
}

async function decomposed(
  { set, model, from, most }: ChangeRequest,
  load: Parameters<typeof createFilesLora>[0],
  hooks: LoraHooks,
) {
  const checkpoints = await load(set);
  const named = (id: string): Checkpoint => {
    const found = checkpoints.find(({ outline }) => outline.id === id);
    if (found) return found;
    throw new StudioError('files', `The model “${id}” is not open any more.`, 'Drop its files again.');
  };
  return decomposeChange(named(model), named(from), most, hooks);
}
