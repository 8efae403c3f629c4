/** What the inspect worker serves of the networks on the screen. One call at a time; long work is asked for in many short ones. */
import { type Centred, centred, linearAlignment } from '../../core/stats/kernel-alignment.ts';
import type { Scores } from '../../formats/card.ts';
import { openBackend } from '../backend.ts';
import { createEvaluator, type Evaluator } from '../evaluator.ts';
import { replyTo, StudioError } from '../fault.ts';
import type { DecomposedChange } from '../files/extract-lora.ts';
import type { OpenRequest } from '../merge-service.ts';
import { createMerger, type Merger, type Progress } from '../merger.ts';
import { readerOf } from '../read.ts';
import { openZoo, type Zoo } from '../zoo.ts';
import { differenceIn, differenceMap } from './difference.ts';
import { representation } from './features.ts';
import { flatSource } from './flat-source.ts';
import { mixed, sliceThrough } from './landscape.ts';
import { adapterOf, changeBetween, networkFile, withLora } from './live-lora.ts';
import { createLiveModels, type LiveModels, type LiveSet } from './live-models.ts';
import { type LoraChoice, type LoraSpectra, spectraOf } from './lora-answers.ts';
import { keptMap } from './signs.ts';
import { type InspectSource, tensorNamed } from './source.ts';
import { surveyTensor, type TensorSurvey } from './survey.ts';
import { tensorPage } from './tensor-page.ts';

export interface LiveSurvey {
  /** In the order of the rows and columns of the tensors' scalar products. */
  readonly models: readonly {
    readonly id: string;
    readonly role: 'base' | 'expert' | 'merge';
    readonly task?: string;
  }[];
  readonly without: LiveModels['without'];
  readonly tensors: readonly TensorSurvey[];
}

/** A network between others, and the first so many test images of each task that it is to answer. */
export interface ScoreRequest {
  /** Share by model; a model alone has the share 1. */
  readonly shares: Readonly<Record<string, number>>;
  readonly tasks: readonly string[];
  readonly samples: number;
}

/** A network that is the base and an adapter of a rank. */
export interface LoraScoreRequest extends Omit<ScoreRequest, 'shares'>, LoraChoice {
  readonly model: string;
}

interface Opened {
  readonly zoo: Zoo;
  readonly merger: Merger;
  readonly evaluator: Evaluator;
  readonly load: (set: LiveSet) => Promise<LiveModels>;
}

/** The service without a device of its own: also for programs that have opened one. */
export function createInspection(zoo: Zoo, progress: Progress, now: () => number) {
  const merger = createMerger(zoo, now);
  const load = createLiveModels(zoo, merger);
  const opened: Opened = { zoo, merger, evaluator: createEvaluator(zoo), load: (set) => load(set, progress) };
  let last: Promise<unknown> = Promise.resolve();
  /** Networks are put to use in one call and counted in the same. */
  const inTurn = <T>(work: (models: LiveModels, source: InspectSource) => Promise<T>, set: LiveSet): Promise<T> => {
    const mine = last.then(async () => {
      const models = await opened.load(set);
      return work(models, flatSource(zoo.table, models.models));
    });
    // What fails must not keep the next from being done.
    last = mine.catch(() => {});
    return mine;
  };
  const weightsOf = ({ models }: LiveModels, id: string): Float32Array => {
    const found = models.find((model) => model.id === id);
    if (!found) throw new StudioError('internal', `No network "${id}" is being inspected.`);
    return found.weights;
  };

  let change: { readonly model: string; readonly found: DecomposedChange } | undefined;
  const changeOf = async (models: LiveModels, model: string): Promise<DecomposedChange> => {
    if (change?.model !== model) {
      const found = await changeBetween(
        zoo.table,
        weightsOf(models, model),
        weightsOf(models, 'base'),
        `${zoo.card.family}/base`,
      );
      change = { model, found };
    }
    return change.found;
  };
  const countAll = async (weights: Float32Array, { tasks, samples }: Omit<ScoreRequest, 'shares'>): Promise<Scores> => {
    opened.evaluator.use({ weights });
    const scores: Record<string, Scores[string]> = {};
    for (const task of tasks)
      scores[task] = await opened.evaluator.count({ task, split: 'test', from: 0, to: samples });
    return scores;
  };

  return {
    survey: (set: LiveSet): Promise<LiveSurvey> =>
      inTurn(async ({ models, without }, source) => {
        const tensors: TensorSurvey[] = [];
        for (const tensor of source.tensors) tensors.push(await surveyTensor(source, tensor));
        return {
          models: models.map(({ id, role, task }) => ({ id, role, ...(task !== undefined && { task }) })),
          without,
          tensors,
        };
      }, set),
    page: (set: LiveSet, name: string) => inTurn((_, source) => tensorPage(source, name), set),
    kept: (set: LiveSet, name: string, density: number) =>
      inTurn((_, source) => keptMap(source, tensorNamed(source, name), density), set),
    difference: (set: LiveSet, a: string, b: string) =>
      inTurn(async (_, source) => {
        const all = await Promise.all(source.tensors.map((tensor) => differenceIn(source, tensor, a, b)));
        return all.flatMap((one) => one ?? []);
      }, set),
    differenceMap: (set: LiveSet, name: string, a: string, b: string) =>
      inTurn((_, source) => differenceMap(source, tensorNamed(source, name), a, b), set),
    /** Linear CKA between all networks on the first test images of a task, [models, models]. */
    alignment: (set: LiveSet, task: string, samples: number) =>
      inTurn(async ({ models }) => {
        const all: Centred[] = [];
        for (const { weights } of models) all.push(centred(await representation(zoo, weights, task, samples), samples));
        return all.map((x) => all.map((y) => linearAlignment(x, y)));
      }, set),
    slice: (set: LiveSet, corners: readonly [string, string, string], others: readonly string[]) =>
      inTurn(async (models) => {
        const of = (id: string) => weightsOf(models, id);
        return sliceThrough([of(corners[0]), of(corners[1]), of(corners[2])], others.map(of)) ?? null;
      }, set),
    score: (set: LiveSet, { shares, ...wanted }: ScoreRequest): Promise<Scores> =>
      inTurn(async (models) => {
        const parts = Object.entries(shares).map(([id, share]) => ({ weights: weightsOf(models, id), share }));
        return countAll(mixed(parts), wanted);
      }, set),
    lora: (set: LiveSet, model: string): Promise<LoraSpectra> =>
      inTurn(async (models) => spectraOf(await changeOf(models, model)), set),
    loraScore: (set: LiveSet, { model, rank, rest, ...wanted }: LoraScoreRequest): Promise<Scores> =>
      inTurn(async (models) => {
        const both = { base: weightsOf(models, 'base'), model: weightsOf(models, model) };
        const weights = withLora(zoo.table, both, await changeOf(models, model), { rank, rest });
        return countAll(weights, wanted);
      }, set),
    loraFiles: (set: LiveSet, model: string, chosen: LoraChoice) =>
      inTurn(async (models) => adapterOf(await changeOf(models, model), chosen), set),
    networkFile: (set: LiveSet, model: string, metadata: Readonly<Record<string, string>>) =>
      inTurn(async (models) => networkFile(zoo.table, weightsOf(models, model), metadata), set),
    stop: () => opened.merger.stop(),
    dispose() {
      opened.merger.dispose();
      opened.evaluator.dispose();
    },
  };
}

export type Inspection = ReturnType<typeof createInspection>;

export function createInspectService() {
  let inspection: Inspection | undefined;
  const asked = <T>(work: (ready: Inspection) => Promise<T>) =>
    replyTo(() => {
      if (!inspection) throw new StudioError('internal', 'The inspect worker was used before it was opened.');
      return work(inspection);
    });
  return {
    open: ({ card, wasmPaths, backend: only, ...files }: OpenRequest, onProgress: Progress) =>
      replyTo(async () => {
        // A graphics device belongs to the merge worker.
        const backend = await openBackend({ wasmPaths, among: only === 'cpu' ? ['cpu'] : ['wasm', 'cpu'] });
        inspection = createInspection(
          openZoo(
            card,
            readerOf(files, () => {}),
          ),
          onProgress,
          () => performance.now(),
        );
        return backend;
      }),
    survey: (set: LiveSet) => asked((ready) => ready.survey(set)),
    page: (set: LiveSet, name: string) => asked((ready) => ready.page(set, name)),
    kept: (set: LiveSet, name: string, density: number) => asked((ready) => ready.kept(set, name, density)),
    difference: (set: LiveSet, a: string, b: string) => asked((ready) => ready.difference(set, a, b)),
    differenceMap: (set: LiveSet, name: string, a: string, b: string) =>
      asked((ready) => ready.differenceMap(set, name, a, b)),
    alignment: (set: LiveSet, task: string, samples: number) => asked((ready) => ready.alignment(set, task, samples)),
    slice: (set: LiveSet, corners: readonly [string, string, string], others: readonly string[]) =>
      asked((ready) => ready.slice(set, corners, others)),
    score: (set: LiveSet, request: ScoreRequest) => asked((ready) => ready.score(set, request)),
    lora: (set: LiveSet, model: string) => asked((ready) => ready.lora(set, model)),
    loraScore: (set: LiveSet, request: LoraScoreRequest) => asked((ready) => ready.loraScore(set, request)),
    loraFiles: (set: LiveSet, model: string, chosen: LoraChoice) =>
      asked((ready) => ready.loraFiles(set, model, chosen)),
    networkFile: (set: LiveSet, model: string, metadata: Readonly<Record<string, string>>) =>
      asked((ready) => ready.networkFile(set, model, metadata)),
    stop: () => inspection?.stop(),
  };
}

export type InspectService = ReturnType<typeof createInspectService>;
