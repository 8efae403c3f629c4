import * as tf from '@tensorflow/tfjs-core';

/** The networks of a merge: one that runs every task or, of a pack, one for each task of its experts and the base for all others. */
export interface Networks<W> {
  readonly weights: W;
  /** Of a pack, by task. */
  readonly perTask?: Readonly<Record<string, W>>;
  /** Of the network, where it has another depth than its family. */
  readonly blocks?: number;
}

/** Each different network that was merged, without the base of a pack. */
export function mergedNetworks<W>({ weights, perTask }: Networks<W>): readonly W[] {
  return perTask ? Object.values(perTask) : [weights];
}

export function disposeNetworks({ weights, perTask }: Networks<tf.Tensor>): void {
  tf.dispose([weights, ...Object.values(perTask ?? {})]);
}

/** What a pack takes to store: its base, what its tasks share, and what each of its experts adds. */
export interface PackSize {
  readonly baseBits: number;
  readonly sharedBits: number;
  /** Mean over the experts. */
  readonly perExpertBits: number;
  readonly experts: number;
}
