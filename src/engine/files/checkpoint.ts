/** Models in files that stay where they are: headers are read at once, tensors when they are asked for. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';
import type { Dtype } from '../../formats/safetensors/dtype.ts';

/** A tensor whose bytes stand in a file. */
export interface StoredPart {
  readonly kind: 'stored';
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly source: ByteSource;
  /** Bytes in the source. */
  readonly begin: number;
  readonly end: number;
}

/** One low-rank product. */
export interface LowRankParts {
  /** [rank, in] and [out, rank]; of convolutions the trailing sides belong to `down`. */
  readonly down: StoredPart;
  readonly up: StoredPart;
}

/** ΔW = scale · up · down of an adapter, on a stored tensor: what the adapted model has there. */
export interface AdaptedPart extends LowRankParts {
  readonly kind: 'adapted';
  /** Of the bytes that reading it gives; the model's own type is that of `on`. */
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly on: StoredPart;
  /** A second product, by which the first is multiplied entry by entry (LoHa). */
  readonly times: LowRankParts | null;
  /** m of DoRA, one value per output: W = m · (W₀ + ΔW) ÷ ‖W₀ + ΔW‖, with the norm of all that leads to the output. */
  readonly magnitude: StoredPart | null;
  readonly scale: number;
  /** The stored tensor is in × out (as in GPT-2), so the change is turned before it is added. */
  readonly turned: boolean;
}

export type TensorPart = StoredPart | AdaptedPart;

export interface Checkpoint {
  readonly outline: ModelOutline;
  /** By name, in the outline's order. */
  readonly parts: ReadonlyMap<string, TensorPart>;
}
