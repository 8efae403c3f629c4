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
}

export interface LoraHooks {
  /** In values of the models. @param doing the tensor that comes next */
  progress(done: number, total: number, doing: string): void;
  /** Lets messages in; rejects when the answer is no longer wanted. */
  breathe(): Promise<void>;
}

export function createFilesLora(load: (set: FilesSet) => Promise<readonly Checkpoint[]>) {
  let last: { readonly key: string; readonly change: Promise<DecomposedChange> } | undefined;
  const changeOf = (request: ChangeRequest, hooks: LoraHooks, isNew: boolean): Promise<DecomposedChange> => {
    const key = JSON.stringify(request);
    // What was dropped again under the same name is read anew.
    if (!isNew && last?.key === key) return last.change;
    const change = decomposed(request, load, hooks);
    last = { key, change };
    // What failed or was stopped is asked anew.
    change.catch(() => {
      if (last?.change === change) last = undefined;
    });
    return change;
  };
  return {
    spectra: async (request: ChangeRequest, hooks: LoraHooks): Promise<LoraSpectra> =>
      spectraOf(await changeOf(request, hooks, true)),
    file: async (request: ChangeRequest, chosen: LoraChoice, hooks: LoraHooks): Promise<Blob> =>
      zippedBlob(adapterOutput(await changeOf(request, hooks, false), { ...chosen, dtype: 'F32' }), hooks.breathe),
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
