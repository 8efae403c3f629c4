/** What a method may ask for besides models, and what it then gets. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

export interface Needs {
  readonly base: boolean;
  readonly experts: { readonly min: number; readonly max?: number };
  /** 'inputs': unlabelled calibration inputs; 'labels': labelled ones too. */
  readonly data?: 'inputs' | 'labels';
  /** Runs the network and its gradients on calibration data. */
  readonly gradients?: true;
  /** Draws random numbers: the recipe's seed matters. */
  readonly seed?: true;
  /** Another order of the experts is another merge. */
  readonly order?: true;
}

/** A network whose weights are one flat vector in the order of its parameter table. */
export interface Network {
  /** Tasks of the recipe's experts, in the recipe's order. */
  readonly tasks: readonly string[];
  /** @returns logits [n, classes] of one task's frozen head. The caller tidies. */
  logits(weights: Tensor1D, task: string, images: Tensor2D): Tensor2D;
  /**
   * Value of a scalar loss and its gradient with respect to every weight, by one backward pass.
   * @param batches images by task; they run through the encoder together
   * @param loss of the batches' logits, in their order
   */
  gradient(
    weights: Tensor1D,
    batches: readonly { readonly task: string; readonly images: Tensor2D }[],
    loss: (logits: readonly Tensor2D[]) => Tensor,
  ): Promise<{ readonly value: number; readonly gradient: Float32Array }>;
}

export interface Calibration {
  /**
   * Unlabelled inputs of one task, [n, pixels]; owned by the engine, not to be disposed of.
   * @param split 'calibration' (held out), or 'test' for the transductive setting of some papers
   */
  inputs(task: string, split: 'calibration' | 'test'): Tensor2D;
}

/** Calibration with the right answers. */
export interface LabelledCalibration extends Calibration {
  /** Classes of one task's calibration inputs, in the order of `inputs(task, 'calibration')`. */
  labels(task: string): Uint8Array;
}

export interface BaseContext {
  /** Tells how far a long preparation is; `done` of `total`. */
  progress(done: number, total: number, doing: string): void;
  /** Lets messages in; rejects with a StoppedError when the work is no longer wanted. Call it between the steps of a loop. */
  breathe(): Promise<void>;
  /**
   * A part of the preparation that depends on fewer controls than the whole: made once per key, piece and task vectors, and kept
   * while there is room. All methods share the keys, so that one factorisation serves many: say what is held ('thin SVD of
   * every task vector'), with whatever of the controls it depends on. Typed arrays may be kept in a preparation; tensors are
   * disposed of when the part is dropped, so they are copied.
   */
  cache<T>(key: string, make: () => T | Promise<T>): Promise<T>;
}

export type Context<N extends Needs> = BaseContext &
  (N extends { seed: true } ? { readonly seed: number } : unknown) &
  (N extends { data: 'inputs' } ? { readonly calibration: Calibration } : unknown) &
  (N extends { data: 'labels' } ? { readonly calibration: LabelledCalibration } : unknown) &
  (N extends { gradients: true } ? { readonly network: Network } : unknown);
