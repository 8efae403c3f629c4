import type { Exploration, ExploreRequest, SearchService } from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

export interface Search {
  /** Fits surrogates and predicts the front of a pair of tasks. */
  explore(request: ExploreRequest): Promise<Exploration>;
  close(): void;
}

export function openSearch(): Search {
  const client = new WorkerClient<SearchService>(
    new Worker(new URL('../../workers/search.worker.ts', import.meta.url), { type: 'module' }),
    'search',
  );
  return { explore: (request) => client.call((api) => api.explore(request)), close: () => client.close() };
}
