/**
 * Merged weights go from the merge worker straight to the evaluation workers, without waiting for a page that is busy drawing.
 * Each merge has a number; samples may be asked for before its weights are there.
 */
import { StudioError } from './fault.ts';
import type { Networks } from './networks.ts';

export interface HandedWeights extends Networks<Float32Array> {
  /** Number of the merge. */
  readonly merge: number;
}

export interface Receiver {
  take(handed: HandedWeights): void;
  /** Resolves when the weights of this merge are in use. @throws StudioError when it was given up, or a newer one is in use */
  arrival(merge: number): Promise<void>;
  /** There will be no weights of this merge. */
  giveUp(merge: number): void;
}

/** @param use puts networks to use */
export function createReceiver(use: (networks: Networks<Float32Array>) => void): Receiver {
  let held = 0;
  let givenUp = 0;
  let waiting: { readonly merge: number; settle(error?: StudioError): void }[] = [];
  const settleUpTo = (merge: number, error?: StudioError) => {
    const done = waiting.filter((one) => one.merge <= merge);
    waiting = waiting.filter((one) => one.merge > merge);
    for (const one of done) one.settle(one.merge === merge ? error : gone(one.merge));
  };
  return {
    take({ merge, ...networks }) {
      use(networks);
      held = merge;
      settleUpTo(merge);
    },
    arrival(merge) {
      if (merge === held) return Promise.resolve();
      if (merge < held || merge <= givenUp) return Promise.reject(gone(merge));
      return new Promise((resolve, reject) => {
        waiting.push({ merge, settle: (error) => (error ? reject(error) : resolve()) });
      });
    },
    giveUp(merge) {
      givenUp = Math.max(givenUp, merge);
      settleUpTo(merge, gone(merge));
    },
  };
}

const gone = (merge: number) => new StudioError('internal', `Samples wait for merge ${merge}, which will not come.`);
