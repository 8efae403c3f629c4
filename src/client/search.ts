import type { Exploration, ExploreRequest, NextRequest, PlanReply, PlanRequest, SearchService } from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

export interface Search {
  /** Fits surrogates and predicts fronts. */
  explore(request: ExploreRequest): Promise<Exploration>;
  /** Chooses what to measure next. */
  next(request: NextRequest): Promise<number[][]>;
  /** Plans merges for other machines. */
  plan(request: PlanRequest): Promise<PlanReply>;
  close(): void;
}

export function openSearch(): Search {
  const client = new WorkerClient<SearchService>(
    new Worker(new URL('../../workers/search.worker.ts', import.meta.url), { type: 'module' }),
    'search',
  );
  return {
    explore: (request) => client.call((api) => api.explore(request)),
    next: (request) => client.call((api) => api.next(request)),
    plan: (request) => client.call((api) => api.plan(request)),
    close: () => client.close(),
  };
}
