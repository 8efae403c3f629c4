/** The open models, and the merge that was made of them, as what is inspected. */
import type { FilesSet } from '../../client/protocol.ts';
import type { SeenModel, Subject, Survey } from '../inspect/subject.ts';
import { memo } from '../memo.ts';
import { filesEngine } from './engine.ts';
import { loraOf } from './lora.ts';
import type { FilesState } from './state.ts';

/** How far the reading of all weights is; null where nothing is read. */
type Tell = (done: number, total: number) => void;

let telling: Tell = () => {};

/** Who wants to know how much is read. */
export function onReading(tell: Tell): () => void {
  telling = tell;
  return () => {
    telling = () => {};
  };
}

/** The last survey: reading everything again takes as long as the first time. */
let surveyed: { readonly key: string; readonly survey: Promise<Survey> } | undefined;

export const isSurveyed = ({ key }: Subject): boolean => surveyed?.key === key;

function surveyOf(key: string, set: FilesSet, models: readonly SeenModel[], remarks: readonly string[]) {
  if (surveyed?.key === key) return surveyed.survey;
  const survey = filesEngine()
    .survey(set, (done, total) => telling(done, total))
    .then((tensors) => ({ models, tensors, remarks }));
  surveyed = { key, survey };
  // What failed or was stopped is asked anew.
  survey.catch(() => {
    if (surveyed?.survey === survey) surveyed = undefined;
  });
  return survey;
}

/** Nobody looks any more. */
export const stopReading = (): void => filesEngine().stopLooking();

/** Bytes of all models that are looked at. */
export const bytesToRead = ({ models, roles }: Pick<FilesState, 'models' | 'roles'>): number =>
  models.reduce((sum, { outline }) => sum + (isIn(roles, outline.id) ? outline.bytes : 0), 0);

const isIn = (roles: FilesState['roles'], id: string) => roles[id] === 'base' || roles[id] === 'expert';

/** Models get numbers as they are seen: files that are dropped later may have the names of these. */
const numbers = new WeakMap<object, number>();
let seenSoFar = 0;

function numberOf(outline: object): number {
  const number = numbers.get(outline) ?? ++seenSoFar;
  numbers.set(outline, number);
  return number;
}

/** Null where no model has a part. */
export const selectFilesSubject = memo(
  (state: FilesState) => [state.models, state.roles, state.recipe.experts, state.work],
  (models, roles, experts, work): Subject | null => {
    const base = models.find(({ outline }) => roles[outline.id] === 'base')?.outline;
    const chosen = experts.flatMap((id) => models.find(({ outline }) => outline.id === id)?.outline ?? []);
    if (!base && chosen.length === 0) return null;
    const written = writtenOf(work, base?.id ?? null, experts);
    const merge = written?.target === 'private' ? written.name : null;
    const set: FilesSet = { base: base?.id ?? null, experts: chosen.map(({ id }) => id), merge };
    // In the order of the worker.
    const seen: SeenModel[] = [
      ...(base ? [{ id: base.id, name: base.name, role: 'base' as const, index: -1 }] : []),
      ...chosen.map(({ id, name }, index) => ({ id, name, role: 'expert' as const, index })),
      ...(merge === null ? [] : [{ id: merge, name: 'Merge', role: 'merge' as const, index: -1 }]),
    ];
    const files = models.flatMap(({ outline }) => (isIn(roles, outline.id) ? [numberOf(outline)] : []));
    const key = JSON.stringify([set, files, merge === null ? null : written?.receipt.files[0]?.sha256]);
    const engine = filesEngine;
    const remarks =
      written && merge === null ? ['The merge lies where you wrote it: drop it here to look into it, too.'] : [];
    return {
      key,
      title: seen.map(({ name }) => name).join(' · '),
      survey: () => surveyOf(key, set, seen, remarks),
      page: (tensor) => engine().page(set, tensor),
      kept: (tensor, density) => engine().kept(set, tensor, density),
      difference: (a, b) => engine().difference(set, a, b),
      differenceMap: (tensor, a, b) => engine().differenceMap(set, tensor, a, b),
      behaviour: null,
      lora: loraOf(set, key, bytesToRead({ models, roles })),
    };
  },
);

/** Whether the merge that was made is among what is looked at: it lies in this browser and is of these models. */
export function canLookIntoMerge({ roles, recipe, work }: Pick<FilesState, 'roles' | 'recipe' | 'work'>): boolean {
  const base = Object.keys(roles).find((id) => roles[id] === 'base') ?? null;
  return writtenOf(work, base, recipe.experts)?.target === 'private';
}

function writtenOf(work: FilesState['work'], base: string | null, experts: readonly string[]) {
  return work.phase === 'written' && isOfThese(work, base, experts) ? work.written : null;
}

type WrittenWork = Extract<FilesState['work'], { readonly phase: 'written' }>;

/** A merge of other models is not compared with these. */
const isOfThese = ({ asked }: WrittenWork, base: string | null, experts: readonly string[]): boolean =>
  asked.base === base && asked.experts.every((id) => experts.includes(id));
