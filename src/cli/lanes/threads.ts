/** Who merges files on the command line: this thread, or threads that scripts/node.mjs bundles beside the program. */
import { Worker } from 'node:worker_threads';
import { alone, type Crew, crewOf } from '../../engine/files/lanes/crew.ts';
import { openKernels } from '../../engine/files/lanes/kernels.ts';
import { diskReader } from './disk-reader.ts';
import { lineOf } from './line.ts';

export interface Threads {
  readonly crew: Crew;
  close(): Promise<void>;
}

export async function openThreads(count: number): Promise<Threads> {
  if (count <= 1) return { crew: alone(await openKernels(), diskReader()), close: async () => {} };
  const workers = Array.from({ length: count }, () => new Worker(new URL('./worker.mjs', import.meta.url)));
  return {
    crew: crewOf(workers.map(lineOf)),
    async close() {
      for (const worker of workers) await worker.terminate();
    },
  };
}
