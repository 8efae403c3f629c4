/** Whether models can be merged tensor by tensor, as their headers say it: plain data, for a table and for the job made of it. */
import type { Dtype } from '../safetensors/dtype.ts';
import type { Architecture } from './architecture.ts';
import type { JobTensor } from './job.ts';

/**
 * Ways in which models differ that somebody has to decide about:
 * vocabulary – embeddings or heads with other numbers of rows; head – layers behind the encoder that belong to a task;
 * lacking – an expert lacks what the base has; extra – an expert has what the base lacks; shape – same name, other sides;
 * tied – the base's output layer is its embedding, an expert has one of its own.
 */
export const MISMATCHES = ['vocabulary', 'head', 'tied', 'shape', 'lacking', 'extra'] as const;
export type Mismatch = (typeof MISMATCHES)[number];

/**
 * What to do about one kind of mismatch. Of vocabularies: the base's rows, or all rows, matched by token where all models have a
 * tokenizer, or the base's rows matched by number although they have; of tied embeddings: an output layer of its own; of shapes and of tensors that an expert lacks: the models that fit are merged without the others; of all: one model's tensors,
 * unmerged. Or the tensors are left out of the merged model.
 */
export type Choice = 'base' | 'union' | 'numbers' | 'untie' | 'without' | 'skip' | `keep:${string}`;

/** Choices that are words; the others name a model. */
export const CHOICES = ['base', 'union', 'numbers', 'untie', 'without', 'skip'] as const satisfies readonly Choice[];

export type Choices = Readonly<Partial<Record<Mismatch, Choice>>>;

export interface ChoiceOption {
  readonly value: Choice;
  /** A few words, such as “keep the base’s”. */
  readonly name: string;
  /** A sentence about what the merged model then holds. */
  readonly effect: string;
}

/** A kind of mismatch that was found. */
export interface Decision {
  readonly mismatch: Mismatch;
  /** What differs, in a sentence with an example. */
  readonly says: string;
  /** Rows of the table that it concerns. */
  readonly tensors: readonly string[];
  readonly options: readonly ChoiceOption[];
  /** Null while it is open: there is no merge before. */
  readonly chosen: Choice | null;
}

/** One model's side of a row. */
export interface FitCell {
  /** What the model itself calls the tensor that is used here, null where it has none. */
  readonly tensor: string | null;
  readonly shape: readonly number[] | null;
  readonly dtype: Dtype | null;
  readonly fits: boolean;
  /** Why not, or what is worth knowing although it fits; '' where there is nothing to say. */
  readonly reason: string;
}

/** What becomes of a tensor as the choices stand. */
export type Fate =
  /** Merged of all experts (and the base); of `without` the base's own weights stand in, so that their change is 0. */
  | { readonly kind: 'merge'; readonly without?: readonly string[] }
  /** Taken from one model as it is. */
  | { readonly kind: 'copy'; readonly model: string; readonly because: string }
  | { readonly kind: 'left out'; readonly because: string }
  | { readonly kind: 'open'; readonly mismatch: Mismatch };

export interface FitRow extends Pick<JobTensor, 'name' | 'depth' | 'role' | 'group'> {
  /** Of the output; of the first model that has it while it is open or left out. */
  readonly shape: readonly number[];
  /** In the order of `Fit.models`. */
  readonly cells: readonly FitCell[];
  /** Ways in which its models differ, the one that decides first. */
  readonly mismatches: readonly Mismatch[];
  /** No training changes it: a count, an index, a mask. */
  readonly buffer: boolean;
  readonly fate: Fate;
  /** Its rows are matched by token, not by their number. */
  readonly byToken: boolean;
}

export interface FitModel {
  readonly id: string;
  readonly name: string;
  readonly part: 'base' | 'expert';
  readonly architecture: Architecture;
  readonly parameters: number;
  /** Tensors that this model shares with the reference, name (or matched name) and shape. */
  readonly shared: number;
  readonly tensors: number;
  /** A prefix that its names have more ('+') or less ('−') than the reference's; '' where they are the same. */
  readonly prefix: string;
  /** In the tokenizer beside it; null where there is none. */
  readonly tokens: number | null;
}

export interface Fit {
  readonly base: string | null;
  /** In the order of their coefficients. */
  readonly experts: readonly string[];
  /** Whose names and shapes the output has: the base or, without one, the first expert. Null when nothing is there. */
  readonly reference: string | null;
  readonly architecture: Architecture;
  /** The base first, where there is one, then the experts. */
  readonly models: readonly FitModel[];
  /** In the order of the reference; then what only others have. */
  readonly rows: readonly FitRow[];
  readonly decisions: readonly Decision[];
  /** Why there can be no merge whatever is chosen, in sentences: an adapter without a base, quantised weights … */
  readonly refusals: readonly string[];
  /** What is done about differences that need no decision (types, prefixes, buffers), in sentences. */
  readonly remarks: readonly string[];
  /** The whole in one sentence. */
  readonly summary: string;
  /** Rows of the merged vocabulary where they are matched by token; null where they are matched by number. */
  readonly tokenRows: number | null;
  /** Parameters of the merged model as the choices stand. */
  readonly parameters: number;
}
