/**
 * A faster way for chains of a known kind, straight from the files' bytes. The way through the methods' own code is what it must agree
 * with, and what is taken where there is none.
 */
import type { Dtype, WeightDtype } from '../../formats/safetensors/dtype.ts';
import type { Chain } from '../chain.ts';
import type { TensorPart } from './checkpoint.ts';
import type { Span } from './plan-job.ts';

export interface LaneTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of the output. */
  readonly dtype: WeightDtype;
  /** Place of its first weight among all merged weights of the job. */
  readonly start: number;
  readonly base: TensorPart | null;
  /** Of the output's shape, like the base: tensors with other rows never come here. May be changed by an adapter. */
  readonly experts: readonly TensorPart[];
  /** Its controls may differ from the group's where they are of the stage 'combine'. */
  readonly chain: Chain;
}

/** Tensors whose experts are prepared alike, before any file is looked at. */
export interface LaneKind {
  readonly chain: Chain;
  readonly span: Span;
  readonly seed: number;
  readonly experts: number;
  readonly hasBase: boolean;
  /** All that occur. */
  readonly inputs: readonly Dtype[];
  readonly outputs: readonly WeightDtype[];
}

export interface LaneHooks {
  /** Lets messages in; rejects with a StoppedError when the work is no longer wanted. */
  breathe(): Promise<void>;
  /** Bytes of the input that were read for the survey. */
  surveyed(bytes: number, tensor: string): void;
}

export interface Lane {
  /** How often all inputs are read before the merge. */
  readonly surveys: number;
  /** Most memory while tensors are merged. @param weights of the largest one */
  peakBytes(weights: number): number;
  /** Global statistics of all tensors of the group, also of those that an earlier session wrote. */
  survey(tensors: readonly LaneTensor[], hooks: LaneHooks): Promise<void>;
  /**
   * @param write the output's bytes, in order; a buffer may be used again when it resolves
   * @returns how many values became infinite in the output's data type
   * @throws StudioError naming file, tensor and index of a value that is not finite
   */
  merge(tensor: LaneTensor, write: (bytes: Uint8Array) => Promise<void>, hooks: LaneHooks): Promise<number>;
}

/** @returns undefined where the group has to go through the methods' own code */
export type LaneFor = (kind: LaneKind) => Lane | undefined;
