/** Models in files that stay where they are: headers are read at once, tensors when they are asked for. */
import type { ByteSource } from '../../formats/byte-source.ts';
import type { ModelOutline } from '../../formats/checkpoint/outline.ts';
import type { Dtype, WeightDtype } from '../../formats/safetensors/dtype.ts';
import type { Tokenizer } from '../../formats/tokenizer/vocabulary.ts';

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

/** A tensor whose values are rounded to a smaller type before anything is done with them. */
export interface RoundedPart {
  readonly kind: 'rounded';
  /** Of the bytes that reading it gives. */
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  readonly on: StoredPart | AdaptedPart;
  readonly to: WeightDtype;
}

/** What a model itself has. */
export type OwnPart = StoredPart | AdaptedPart | RoundedPart;

/** Rows of one or several tensors in another order, by token: what a model has in a vocabulary that it shares with others. */
export interface GatheredPart {
  readonly kind: 'gathered';
  /** Of the bytes that reading it gives. */
  readonly dtype: 'F32';
  readonly shape: readonly number[];
  /** The model's own tensor. */
  readonly on: OwnPart;
  /** By row: its row in `on`, −1 where it is filled from elsewhere. Rows of the shape beyond these are the mean of all of these. */
  readonly rows: Int32Array;
  /** By row, where that is −1: what it is the mean of; nothing makes zeros. */
  readonly filled: ReadonlyMap<number, readonly { readonly part: OwnPart; readonly row: number }[]>;
}

export type TensorPart = OwnPart | GatheredPart;

export interface Checkpoint {
  readonly outline: ModelOutline;
  /** By name, in the outline's order. */
  readonly parts: ReadonlyMap<string, TensorPart>;
  /** Reads the tokenizer that `outline.vocabulary` tells of. */
  readonly readTokenizer?: () => Promise<Tokenizer>;
}
