/** What the files worker tells of the insides of dropped models, and of the merge that was made of them. */
import { recognise } from '../../formats/checkpoint/architecture.ts';
import { placeOf } from '../../formats/checkpoint/tensor-place.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoint } from '../files/checkpoint.ts';
import { differenceIn, differenceMap, type TensorDifference } from './difference.ts';
import { filesSource } from './files-inspect.ts';
import { keptMap } from './signs.ts';
import { type InspectSource, tensorNamed } from './source.ts';
import { surveyTensor, type TensorSurvey } from './survey.ts';
import { tensorPage } from './tensor-page.ts';

export interface FilesSet {
  readonly base: string | null;
  readonly experts: readonly string[];
  /** A merge in the browser's storage, by its name; null where there is none. */
  readonly merge: string | null;
}

/** Models by id, those of the set; the merge is called by its name. */
type Load = (set: FilesSet) => Promise<readonly Checkpoint[]>;

export interface LookHooks {
  /** @param done tensors */
  progress(done: number, total: number): void;
  /** Lets messages in; rejects when the answer is no longer wanted. */
  breathe(): Promise<void>;
}

export function createFilesInspection(load: Load) {
  let last: { readonly key: string; readonly source: Promise<InspectSource> } | undefined;
  const sourceOf = (set: FilesSet): Promise<InspectSource> => {
    const key = JSON.stringify(set);
    if (last?.key !== key) last = { key, source: open(set, load) };
    return last.source;
  };
  return {
    async survey(set: FilesSet, { progress, breathe }: LookHooks): Promise<readonly TensorSurvey[]> {
      // What was dropped again under the same name is read anew.
      last = undefined;
      const source = await sourceOf(set);
      const surveys: TensorSurvey[] = [];
      for (const tensor of source.tensors) {
        surveys.push(await surveyTensor(pausing(source, breathe), tensor));
        progress(surveys.length, source.tensors.length);
      }
      return surveys;
    },
    page: async (set: FilesSet, name: string) => tensorPage(await sourceOf(set), name),
    async kept(set: FilesSet, name: string, density: number) {
      const source = await sourceOf(set);
      return keptMap(source, tensorNamed(source, name), density);
    },
    async difference(
      set: FilesSet,
      a: string,
      b: string,
      { breathe }: LookHooks,
    ): Promise<readonly TensorDifference[]> {
      const source = pausing(await sourceOf(set), breathe);
      const all: TensorDifference[] = [];
      // One after the other: each holds a part of both models.
      for (const tensor of source.tensors) {
        const one = await differenceIn(source, tensor, a, b);
        if (one) all.push(one);
      }
      return all;
    },
    async differenceMap(set: FilesSet, name: string, a: string, b: string) {
      const source = await sourceOf(set);
      return differenceMap(source, tensorNamed(source, name), a, b);
    },
  };
}

/** Between the parts of a tensor messages are let in. */
const pausing = (source: InspectSource, breathe: () => Promise<void>): InspectSource => ({
  ...source,
  async read(model, tensor, from, to) {
    await breathe();
    return source.read(model, tensor, from, to);
  },
});

async function open(set: FilesSet, load: Load): Promise<InspectSource> {
  const checkpoints = await load(set);
  const [first] = checkpoints;
  if (!first) throw new StudioError('files', 'No model is chosen.', 'Drop a model, or give one a part.');
  const architecture = recognise(first.outline);
  return filesSource(checkpoints, set.base, set.merge === null ? [] : [set.merge], ({ name, shape }) => {
    const { depth, group } = placeOf(name, shape, architecture);
    return { depth, group };
  });
}
