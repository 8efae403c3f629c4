/** The page's view of the worker that looks into networks. It has its own copies, so that no drag ever waits for it. */
import { proxy } from 'comlink';
import type { Scores } from '../formats/card.ts';
import { type FamilySource, openRequest } from './open-request.ts';
import type {
  InspectService,
  KeptMap,
  LiveSet,
  LiveSurvey,
  LoraChoice,
  LoraScoreRequest,
  LoraSpectra,
  PixelMap,
  ScoreRequest,
  Slice2D,
  TensorDifference,
  TensorPage,
} from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

type Progress = (done: number, total: number, doing: string) => void;

export interface LiveInspector {
  survey(set: LiveSet): Promise<LiveSurvey>;
  page(set: LiveSet, tensor: string): Promise<TensorPage>;
  kept(set: LiveSet, tensor: string, density: number): Promise<KeptMap | { readonly refused: string } | null>;
  difference(set: LiveSet, a: string, b: string): Promise<readonly TensorDifference[]>;
  differenceMap(set: LiveSet, tensor: string, a: string, b: string): Promise<PixelMap | undefined>;
  alignment(set: LiveSet, task: string, samples: number): Promise<readonly (readonly number[])[]>;
  slice(set: LiveSet, corners: readonly [string, string, string], others: readonly string[]): Promise<Slice2D | null>;
  score(set: LiveSet, request: ScoreRequest): Promise<Scores>;
  lora(set: LiveSet, model: string): Promise<LoraSpectra>;
  loraScore(set: LiveSet, request: LoraScoreRequest): Promise<Scores>;
  /** adapter_model.safetensors and adapter_config.json, zipped. */
  loraFiles(set: LiveSet, model: string, chosen: LoraChoice): Promise<Blob>;
  /** A safetensors file in float32. */
  networkFile(set: LiveSet, model: string, metadata: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** Stops the preparation of a merge that is under way. */
  stop(): void;
  close(): void;
}

/** @param onProgress told of merges that take long to prepare */
export function openInspector(family: FamilySource, onProgress: Progress): LiveInspector {
  const client = new WorkerClient<InspectService>(
    new Worker(new URL('../../workers/inspect.worker.ts', import.meta.url), { type: 'module' }),
    'inspect',
  );
  const opened = client.call((api) => api.open(openRequest(family), proxy(onProgress)));
  // Told to whoever asks first.
  opened.catch(() => {});
  const ready = async <T>(work: () => Promise<T>): Promise<T> => {
    await opened;
    return work();
  };
  return {
    survey: (set) => ready(() => client.call((api) => api.survey(set))),
    page: (set, tensor) => ready(() => client.call((api) => api.page(set, tensor))),
    kept: (set, tensor, density) => ready(() => client.call((api) => api.kept(set, tensor, density))),
    difference: (set, a, b) => ready(() => client.call((api) => api.difference(set, a, b))),
    differenceMap: (set, tensor, a, b) => ready(() => client.call((api) => api.differenceMap(set, tensor, a, b))),
    alignment: (set, task, samples) => ready(() => client.call((api) => api.alignment(set, task, samples))),
    slice: (set, corners, others) => ready(() => client.call((api) => api.slice(set, corners, others))),
    score: (set, request) => ready(() => client.call((api) => api.score(set, request))),
    lora: (set, model) => ready(() => client.call((api) => api.lora(set, model))),
    loraScore: (set, request) => ready(() => client.call((api) => api.loraScore(set, request))),
    loraFiles: (set, model, chosen) => ready(() => client.call((api) => api.loraFiles(set, model, chosen))),
    networkFile: (set, model, metadata) => ready(() => client.call((api) => api.networkFile(set, model, metadata))),
    stop: () => client.tell((api) => api.stop()),
    close: () => client.close(),
  };
}
