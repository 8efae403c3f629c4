/** What an evaluation worker serves: it counts correct answers with the weights that it was given last. */
import { type BackendReport, openBackend } from './backend.ts';
import { createEvaluator, type Evaluator, type Slice } from './evaluator.ts';
import { replyTo, StudioError } from './fault.ts';
import type { OpenRequest } from './merge-service.ts';
import { fetchReader } from './read.ts';
import { openZoo } from './zoo.ts';

export function createEvaluateService() {
  let evaluator: Evaluator | undefined;
  const need = (): Evaluator => {
    if (!evaluator) throw new StudioError('internal', 'The evaluation worker was used before it was opened.');
    return evaluator;
  };
  return {
    open: (request: OpenRequest, onBytes: (file: string, received: number) => void) =>
      replyTo(async (): Promise<BackendReport> => {
        const { card, zooUrl, wasmPaths, backend: only } = request;
        // Only processors evaluate here: a graphics device belongs to the merge worker.
        const backend = await openBackend({ wasmPaths, among: only === 'cpu' ? ['cpu'] : ['wasm', 'cpu'] });
        evaluator = createEvaluator(openZoo(card, fetchReader(zooUrl, onBytes)));
        return backend;
      }),
    setWeights: (weights: Float32Array) => replyTo(() => need().use(weights)),
    count: (slice: Slice) => replyTo(() => need().count(slice)),
  };
}

export type EvaluateService = ReturnType<typeof createEvaluateService>;
