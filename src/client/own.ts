import { proxy } from 'comlink';
import type { Choice, Found, OnScore, OwnFile, OwnResult, OwnService, Report } from './protocol.ts';
import { wasmPaths } from './wasm-paths.ts';
import { WorkerClient } from './worker-client.ts';

/** The worker that reads own models and data, makes a family of them and measures it. */
export interface Own {
  add(files: readonly OwnFile[]): Promise<Found>;
  check(choice: Choice): Promise<Report>;
  build(choice: Choice, onScore: OnScore): Promise<OwnResult>;
  close(): void;
}

export function openOwn(): Own {
  const client = new WorkerClient<OwnService>(
    new Worker(new URL('../../workers/own.worker.ts', import.meta.url), { type: 'module' }),
    'own models',
  );
  return {
    add: (files) => client.call((api) => api.add(files)),
    check: (choice) => client.call((api) => api.check(choice)),
    build: (choice, onScore) => client.call((api) => api.build(choice, wasmPaths(), proxy(onScore))),
    close: () => client.close(),
  };
}
