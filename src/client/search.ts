import { proxy } from 'comlink';
import type {
  Exploration,
  ExploreRequest,
  GenerationStep,
  NestedRequest,
  NestedStatus,
  NextRequest,
  PlanReply,
  PlanRequest,
  SearchService,
} from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

export interface Search {
  /** Fits surrogates and predicts fronts. */
  explore(request: ExploreRequest): Promise<Exploration>;
  /** Chooses what to measure next. */
  next(request: NextRequest): Promise<number[][]>;
  /** Where nested MAP stands with what is measured, and what to measure next. */
  nested(request: NestedRequest): Promise<NestedStatus>;
  /** Plans merges for other machines. */
  plan(request: PlanRequest): Promise<PlanReply>;
  close(): void;
}

/** @param onGeneration told of every generation of an evolving search */
export function openSearch(onGeneration: (step: GenerationStep) => void = () => {}): Search {
  const client = new WorkerClient<SearchService>(
    new Worker(new URL('../../workers/search.worker.ts', import.meta.url), { type: 'module' }),
    'search',
  );
  client.tell((api) => api.watch(proxy(onGeneration)));
  return {
    explore: (request) => client.call((api) => api.explore(request)),
    next: (request) => client.call((api) => api.next(request)),
    nested: (request) => client.call((api) => api.nested(request)),
    plan: (request) => client.call((api) => api.plan(request)),
    close: () => client.close(),
  };
}
