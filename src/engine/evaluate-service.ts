/** What an evaluation worker serves: it counts correct answers with the weights of merges. */
import { type BackendReport, openBackend } from './backend.ts';
import { createEvaluator, type Evaluator, type Slice } from './evaluator.ts';
import { replyTo, StudioError } from './fault.ts';
import { createReceiver, type HandedWeights } from './hand-over.ts';
import type { OpenRequest } from './merge-service.ts';
import { readerOf } from './read.ts';
import { openZoo } from './zoo.ts';

export function createEvaluateService() {
  let evaluator: Evaluator | undefined;
  const need = (): Evaluator => {
    if (!evaluator) throw new StudioError('internal', 'The evaluation worker was used before it was opened.');
    return evaluator;
  };
  const receiver = createReceiver((networks) => need().use(networks));
  return {
    open: (request: OpenRequest, onBytes: (file: string, received: number) => void) =>
      replyTo(async (): Promise<BackendReport> => {
        const { card, wasmPaths, backend: only } = request;
        // Only processors evaluate here: a graphics device belongs to the merge worker.
        const backend = await openBackend({ wasmPaths, among: only === 'cpu' ? ['cpu'] : ['wasm', 'cpu'] });
        evaluator = createEvaluator(openZoo(card, readerOf(request, onBytes)));
        return backend;
      }),
    /** The way on which the merge worker hands weights over. */
    connect: (port: MessagePort) => {
      port.onmessage = ({ data }: MessageEvent<HandedWeights>) => receiver.take(data);
    },
    /** There will be no weights of this merge. */
    giveUp: (merge: number) => receiver.giveUp(merge),
    /** Counts with the weights of this merge, as soon as they are here. */
    count: (slice: Slice, merge: number) =>
      replyTo(async () => {
        await receiver.arrival(merge);
        return need().count(slice);
      }),
  };
}

export type EvaluateService = ReturnType<typeof createEvaluateService>;
