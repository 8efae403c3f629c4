/** The page's view of the files worker: the visitor's own models stay in it. */
import { proxy, transfer } from 'comlink';
import { openLanes } from './lanes.ts';
import type {
  Asked,
  ChangeRequest,
  Checked,
  DroppedFile,
  ExportedText,
  ExportKind,
  FileProblem,
  FilesService,
  FilesSet,
  KeptMap,
  Kinship,
  LoraChoice,
  LoraSpectra,
  MergeProgress,
  MergeTarget,
  OpenedModel,
  PixelMap,
  Plan,
  StoredMerge,
  TensorDifference,
  TensorPage,
  TensorSurvey,
  Written,
} from './protocol.ts';
import { wasmPaths } from './wasm-paths.ts';
import { WorkerClient } from './worker-client.ts';

type LoraProgress = (done: number, total: number, doing: string) => void;

export interface FilesEngine {
  open(
    files: readonly DroppedFile[],
  ): Promise<{ readonly models: readonly OpenedModel[]; readonly problems: readonly FileProblem[] }>;
  /** Of the files of these models, in their order. */
  prints(ids: readonly string[]): Promise<readonly (readonly string[])[]>;
  forget(id: string): Promise<void>;
  check(asked: Asked): Promise<Checked>;
  plan(asked: Asked): Promise<Plan>;
  kinship(asked: Asked, mode: 'sampled' | 'exact', progress: (done: number, total: number) => void): Promise<Kinship>;
  /** @param onWait told when the merge has come to rest after `pause` */
  merge(
    asked: Asked,
    target: MergeTarget,
    progress: (state: MergeProgress) => void,
    onWait: () => void,
  ): Promise<Written>;
  pause(): void;
  resume(): void;
  /** Ends a merge or a reading of weights that is under way; its call is rejected. */
  stop(): void;
  /** @param written the file that was made of it, for its checksum */
  exported(kind: ExportKind, asked: Asked, written: Written | null): Promise<ExportedText>;
  /** Reads every weight of the models. @param progress told how many tensors are done */
  survey(set: FilesSet, progress: (done: number, total: number) => void): Promise<readonly TensorSurvey[]>;
  page(set: FilesSet, tensor: string): Promise<TensorPage>;
  kept(set: FilesSet, tensor: string, density: number): Promise<KeptMap | { readonly refused: string } | null>;
  difference(set: FilesSet, a: string, b: string): Promise<readonly TensorDifference[]>;
  differenceMap(set: FilesSet, tensor: string, a: string, b: string): Promise<PixelMap | undefined>;
  /** Decomposes the change between two models. @param progress told how many values are done, of how many, and the tensor */
  lora(request: ChangeRequest, progress: LoraProgress): Promise<LoraSpectra>;
  /** adapter_model.safetensors and adapter_config.json, zipped. */
  loraFile(request: ChangeRequest, chosen: LoraChoice, progress: LoraProgress): Promise<Blob>;
  /** Ends a decomposition that is under way; its call is rejected. */
  stopLora(): void;
  /** Ends whatever is looked at; its call is rejected. */
  stopLooking(): void;
  /** Takes a merge out of the browser's storage. */
  remove(name: string): Promise<void>;
  /** All merges that lie there. */
  stored(): Promise<readonly StoredMerge[]>;
}

export function openFilesEngine(): FilesEngine {
  const worker = new Worker(new URL('../../workers/files.worker.ts', import.meta.url), { type: 'module' });
  const client = new WorkerClient<FilesService>(worker, 'files');
  const ports = openLanes();
  client.tell((api) => api.staff(transfer(ports, [...ports])));
  return {
    open: (files) => client.call((api) => api.open(files)),
    prints: (ids) => client.call((api) => api.prints(ids)),
    forget: (id) => client.call((api) => api.forget(id)),
    check: (asked) => client.call((api) => api.check(asked)),
    plan: (asked) => client.call((api) => api.plan(asked)),
    kinship: (asked, mode, progress) => client.call((api) => api.kinship(asked, mode, proxy(progress))),
    merge: (asked, target, progress, onWait) =>
      client.call((api) => api.merge(asked, { target, wasmPaths: wasmPaths() }, proxy(progress), proxy(onWait))),
    pause: () => client.tell((api) => api.pause()),
    resume: () => client.tell((api) => api.resume()),
    stop: () => client.tell((api) => api.stop()),
    exported: (kind, asked, written) => client.call((api) => api.export(kind, asked, written)),
    survey: (set, progress) => client.call((api) => api.survey(set, proxy(progress))),
    page: (set, tensor) => client.call((api) => api.page(set, tensor)),
    kept: (set, tensor, density) => client.call((api) => api.kept(set, tensor, density)),
    difference: (set, a, b) => client.call((api) => api.difference(set, a, b)),
    differenceMap: (set, tensor, a, b) => client.call((api) => api.differenceMap(set, tensor, a, b)),
    lora: (request, progress) => client.call((api) => api.lora(request, proxy(progress))),
    loraFile: (request, chosen, progress) => client.call((api) => api.loraFile(request, chosen, proxy(progress))),
    stopLora: () => client.tell((api) => api.stopLora()),
    stopLooking: () => client.tell((api) => api.stopLooking()),
    remove: (name) => client.call((api) => api.remove(name)),
    stored: () => client.call((api) => api.stored()),
  };
}
