/** What the merge worker serves: models, preparations and the device are owned here. */
import * as tf from '@tensorflow/tfjs-core';
import type { Card } from '../formats/card.ts';
import type { Recipe } from '../formats/recipe.ts';
import { type BackendName, type BackendReport, openBackend, type WasmPaths, watchDevice } from './backend.ts';
import { distance } from './distance.ts';
import { createEvaluator, type Evaluator, type Slice } from './evaluator.ts';
import { replyTo, StudioError } from './fault.ts';
import type { HandedWeights } from './hand-over.ts';
import { createMerger, type Merger, type Progress } from './merger.ts';
import { disposeNetworks, mergedNetworks } from './networks.ts';
import { type Files, readerOf } from './read.ts';
import { openZoo, type Zoo } from './zoo.ts';

export interface OpenRequest extends Files {
  readonly card: Card;
  readonly wasmPaths: WasmPaths;
  /** Forces one backend. */
  readonly backend?: BackendName;
}

interface Opened {
  readonly zoo: Zoo;
  readonly merger: Merger;
  /** Present where the device evaluates too, so that weights never leave it. */
  readonly evaluator: Evaluator | null;
  readonly backend: BackendReport;
}

export function createMergeService() {
  let opened: Opened | undefined;
  let fault: StudioError | undefined;
  const ports: MessagePort[] = [];
  let report: Progress = () => {};
  let fail: (error: StudioError) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Nobody may be waiting when it happens.
  failed.catch(() => {});

  /** Work on a device that may be lost meanwhile: that is told in its place, also when the work would never end. */
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await Promise.race([work(), failed]);
    } catch (error) {
      // What TensorFlow.js makes of a lost device may come before the loss is told.
      await new Promise<void>((resolve) => setTimeout(resolve));
      throw fault ?? error;
    }
  };

  const need = (): Opened => {
    if (fault) throw fault;
    if (!opened) throw new StudioError('internal', 'The merge worker was used before it was opened.');
    return opened;
  };

  return {
    open: (request: OpenRequest, onBytes: (file: string, received: number) => void, onProgress: Progress) =>
      replyTo(async () => {
        const { card, wasmPaths, backend: only } = request;
        report = onProgress;
        const backend = await openBackend(only ? { wasmPaths, among: [only] } : { wasmPaths });
        watchDevice((error) => {
          fault ??= error;
          fail(error);
        });
        const zoo = openZoo(card, readerOf(request, onBytes));
        const evaluator = backend.name === 'webgpu' ? createEvaluator(zoo) : null;
        opened = { zoo, merger: createMerger(zoo, () => performance.now()), evaluator, backend };
        return { backend, evaluates: evaluator !== null };
      }),

    /** A way to an evaluation worker: every merge is handed over on it. */
    connect: (port: MessagePort) => {
      ports.push(port);
    },

    /** @param number of the merge, for those who wait for its weights */
    merge: (recipe: Recipe, number: number) =>
      replyTo(() =>
        guarded(async () => {
          const { merger, evaluator, zoo } = need();
          const { weights, perTask, blocks, ...merged } = await merger.merge(recipe, report);
          const networks = { weights, ...(perTask && { perTask }), ...(blocks !== undefined && { blocks }) };
          try {
            const values = await merger.readAll(networks);
            if (fault) throw fault;
            evaluator?.use(networks);
            for (const port of ports) port.postMessage({ merge: number, ...values } satisfies HandedWeights);
            // The evaluators are at work by now. Of a network with another depth nobody can say how far it is from the base.
            if (blocks !== undefined) return { ...merged, change: null };
            const base = await zoo.model('base');
            const changes = mergedNetworks(values).map((network) => distance(network, base));
            return { ...merged, change: changes.reduce((sum, change) => sum + change, 0) / changes.length };
          } finally {
            disposeNetworks(networks);
          }
        }),
      ),

    stop: () => opened?.merger.stop(),

    count: (slice: Slice) =>
      replyTo(() =>
        guarded(async () => {
          const { evaluator } = need();
          if (!evaluator) throw new StudioError('internal', 'This worker does not evaluate.');
          const score = await evaluator.count(slice);
          if (fault) throw fault;
          return score;
        }),
      ),

    /** Tensors alive, for the test that a thousand merges leave none behind. */
    tensors: () => tf.memory().numTensors,
  };
}

export type MergeService = ReturnType<typeof createMergeService>;
