/** The page's view of the workers: one that merges, and either that one or a pool of others that evaluate. */
import { proxy, transfer } from 'comlink';
import type { Recipe } from '../formats/recipe.ts';
import type { Readout } from '../methods/define.ts';
import { type FamilySource, openRequest } from './open-request.ts';
import { createPool, type PoolOptions } from './pool.ts';
import type { BackendReport, EvaluateService, MergeService, PackSize, Slice } from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

/** More evaluation workers than this would cost more memory than they save time. */
const MAX_EVALUATORS = 4;

/** How far a long preparation is. */
type Progress = (done: number, total: number, doing: string) => void;

export interface MergeInfo {
  readonly readout: Readout | null;
  readonly prepareMs: number;
  readonly combineMs: number;
  /** ‖θ − θ₀‖₂ over all weights; of a pack the mean over its experts' networks, null where the depth is not the base's. */
  readonly change: number | null;
  /** Bits that a pack takes beside its base; null for single networks. */
  readonly footprint: PackSize | null;
}

export interface Engine {
  readonly backend: BackendReport;
  /** Number of evaluation workers; 0 when the merge worker evaluates on the GPU. */
  readonly evaluators: number;
  /** Merges and hands the weights to whoever evaluates; counting may be asked for at once. */
  merge(recipe: Recipe, progress: Progress): Promise<MergeInfo>;
  /** Stops a preparation that is under way. */
  stop(): void;
  /** Counts correct answers of the network merged last, slice by slice on all evaluators. */
  count(slices: readonly Slice[], options: PoolOptions): Promise<void>;
  close(): void;
}

export interface EngineOptions extends FamilySource {
  /** Bytes of one zoo file received so far. */
  readonly onBytes: (file: string, received: number) => void;
}

/** @throws WorkerFailure when no backend can be opened or a worker cannot be loaded */
export async function openEngine({ onBytes, ...family }: EngineOptions): Promise<Engine> {
  const { backend } = family;
  const request = openRequest(family);
  const merger = new WorkerClient<MergeService>(
    new Worker(new URL('../../workers/merge.worker.ts', import.meta.url), { type: 'module' }),
    'merge',
  );
  const clients: WorkerClient<EvaluateService>[] = [];
  const close = () => {
    merger.close();
    for (const client of clients) client.close();
  };
  const openPool = async () => {
    const count = Math.max(1, Math.min(MAX_EVALUATORS, navigator.hardwareConcurrency || 2));
    for (let i = 0; i < count; i++) {
      const worker = new Worker(new URL('../../workers/evaluate.worker.ts', import.meta.url), { type: 'module' });
      clients.push(new WorkerClient<EvaluateService>(worker, 'evaluation'));
    }
    await Promise.all(clients.map((client) => client.call((api) => api.open(request, proxy(onBytes)))));
  };
  // One channel for all merges: a callback sent along with each would stay open until the worker's garbage is collected.
  let report: Progress = () => {};
  const onProgress = proxy<Progress>((...progress) => report(...progress));
  const openAll = async () => {
    // Without WebGPU it is clear from the start who evaluates: everything is opened at once.
    const early = !('gpu' in navigator) || backend === 'wasm' || backend === 'cpu' ? openPool() : undefined;
    const opening = merger.call((api) => api.open(request, proxy(onBytes), onProgress));
    const [answer] = await Promise.all([opening, early]);
    if (!answer.evaluates && !early) await openPool();
    return answer;
  };
  const opened = await openAll().catch((error: unknown) => {
    // Half an engine is of no use, and would stay in memory with every new attempt.
    close();
    throw error;
  });
  for (const client of clients) {
    const { port1, port2 } = new MessageChannel();
    merger.tell((api) => api.connect(transfer(port1, [port1])));
    client.tell((api) => api.connect(transfer(port2, [port2])));
  }
  /** Number of the last merge. */
  let current = 0;
  /** Its end: whoever evaluates in the merge worker has to wait for it, the others wait for its weights by themselves. */
  let merged: Promise<unknown> = Promise.resolve();
  const pool = createPool(
    opened.evaluates
      ? [(slice) => merger.call((api) => api.count(slice))]
      : clients.map((client) => (slice) => client.call((api) => api.count(slice, current))),
  );
  /** Every processor has an evaluator: none is left for the page itself. */
  const crowded = clients.length >= (navigator.hardwareConcurrency || 1);

  return {
    backend: opened.backend,
    evaluators: clients.length,
    merge(recipe, progress) {
      report = progress;
      current++;
      const number = current;
      const info = merger.call((api) => api.merge(recipe, number));
      merged = info;
      info.catch(() => {
        for (const client of clients) client.tell((api) => api.giveUp(number));
      });
      return info;
    },
    async count(slices, { makeRoom, ...options }) {
      if (opened.evaluates) await merged;
      await pool(slices, crowded && makeRoom ? { ...options, makeRoom } : options);
    },
    stop: () => merger.tell((api) => api.stop()),
    close,
  };
}
