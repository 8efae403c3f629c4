/**
 * What a merging method is. A method is one file whose default export is `defineMethod({…})`; the sliders, the method
 * browser, the share link, the command line, the documentation and the tests are all derived from that object.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/parameter.ts';
import type { BaseContext, Context, Needs } from './context.ts';
import type { Controls, Values } from './control.ts';
import type { MergekitForm, MergekitJoin } from './mergekit.ts';

// ---------------------------------------------------------------- what a method works on

/** A parameter at its place: `start` counts weights from the beginning of the piece. */
export interface PlacedParameter extends Parameter {
  readonly start: number;
  readonly length: number;
}

/** The part of the network that a method's functions see at once. */
export interface Piece {
  /** Index of its first weight in the flattened network: what counter-based random numbers are indexed by. */
  readonly start: number;
  readonly length: number;
  /** The tensors that it covers, in order; exactly one when the method's scope is 'tensor'. */
  readonly tensors: readonly PlacedParameter[];
}

/**
 * Models restricted to one piece. Tensors have the parameter's own shape when the scope is 'tensor' and are flat [length]
 * otherwise. They belong to the engine: methods neither dispose of nor change them.
 */
export interface Input<Globals = undefined> {
  readonly piece: Piece;
  readonly base: Tensor;
  /** θ_t, in the recipe's order. After a pre step: base + changed task vector. */
  readonly experts: readonly Tensor[];
  /** τ_t = θ_t − θ₀, after the pre steps of the chain. Computed when first read. */
  readonly taskVectors: readonly Tensor[];
  /** What `conclude` made of the surveys of all pieces. */
  readonly globals: Globals;
}

/** Anything that holds tensors, stacks, typed arrays and plain data; the engine finds and disposes of the tensors. */
export type Prepared = unknown;

// ---------------------------------------------------------------- the method

export type Family = 'average' | 'geometry' | 'sign' | 'drop' | 'layer' | 'pack' | 'spectral' | 'trained';

/** What a method works with, for whoever looks for one. */
export type Facet = 'svd' | 'optimiser' | 'depth' | 'masks' | 'compression';

/** A law that the tests check as a property over random networks, see testing/laws.testing.ts. */
export type LawName =
  | 'zero-gives-base'
  | 'one-hot-gives-expert'
  | 'order-of-experts-is-irrelevant'
  | 'one-expert-gives-expert'
  | 'copies-give-the-copy'
  | 'scales-with-task-vectors'
  | 'linear-in-coefficients'
  | 'same-seed-same-result';

/** A worked example, checked on every backend. */
export interface Example {
  readonly note?: string;
  readonly base: readonly number[];
  readonly experts: readonly (readonly number[])[];
  /** Shape of the one tensor; flat by default. */
  readonly shape?: readonly number[];
  /** Controls that differ from the defaults. */
  readonly controls?: Readonly<Record<string, number | string | readonly number[]>>;
  readonly seed?: number;
  /** Merged weights; for a pre step the task vectors one after the other, for a pack the experts' networks. */
  readonly result: readonly number[];
  /** Largest difference accepted; 1e-6 by default. */
  readonly tolerance?: number;
}

// ---------------------------------------------------------------- what a method says about itself

/** What every kind of method says about itself. */
export interface Common<N extends Needs, C extends Controls> {
  readonly id: string;
  /** Raised when the same recipe would give other weights than before; part of the merge id. */
  readonly revision: number;
  readonly name: string;
  readonly family: Family;
  /** LaTeX. Control symbols appear in it as letters. */
  readonly formula: string;
  readonly summary: string;
  readonly helps: string;
  readonly hurts: string;
  /** What it reduces to at the ends of its sliders. */
  readonly limits?: string;
  readonly reference: {
    readonly title: string;
    readonly authors?: string;
    readonly year: number;
    readonly url: string;
  };
  readonly aliases?: readonly string[];
  readonly facets?: readonly Facet[];
  /** How sure it is that this is what the authors do, where it is not certain; 'low' is shown as a reconstruction. */
  readonly confidence?: 'medium' | 'low';
  readonly needs: N;
  readonly controls: C;
  /** Where official codes or papers differ, what was reconstructed, what is approximate. */
  readonly notes?: readonly string[];
  readonly laws: readonly LawName[];
  readonly examples: readonly Example[];
  /**
   * 'entry': every weight is treated alike, so any run of weights may be given at once (the engine gives all).
   * 'tensor': one tensor at a time. 'model': everything at once.
   */
  readonly scope: 'entry' | 'tensor' | 'model';
  /**
   * Of scope 'entry': whether a run of weights within a tensor may be given as if it were a tensor, so that tensors of any size can be
   * merged; absent where weights are ranked or summed up within their tensor.
   */
  readonly inParts?: (controls: Values<C>) => boolean;
  /** Of methods with scope 'model': whether what they do to a tensor depends on that tensor alone, as the controls stand. */
  readonly withinTensors?: (controls: Values<C>) => boolean;
}

/** What a method lets the user read besides the merged network, for example coefficients that it learned. */
export interface Readout {
  /** One coefficient per expert, offered to be copied to Task Arithmetic. */
  readonly coefficients?: readonly number[];
  /** Of methods that mask weights: what the experts' masks keep. */
  readonly masks?: {
    /** Share of the weights that each expert's mask keeps, 0…1. */
    readonly kept: readonly number[];
    /** Number of weights that 0, 1, 2 … of the masks keep. */
    readonly agreement: readonly number[];
  };
  /** Curves over the method's own steps, or over the weight matrices from input to output. */
  readonly curves?: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly along?: 'matrices';
  }[];
  /** Numbers about the piece. */
  readonly numbers?: readonly { readonly name: string; readonly value: number }[];
}

/** What a piece of a result costs to store beside the base, in bits. */
export interface Footprint {
  /** Stored once for all tasks. */
  readonly shared: number;
  /** Stored for each expert; where experts differ, the mean. */
  readonly perExpert: number;
}

/**
 * Global statistics of networks that are seen in parts only, in bounded memory. Pieces come in the order of the weights, each within
 * one tensor.
 */
export interface Surveyor<Globals> {
  /** How often all pieces have to be shown. */
  readonly passes: number;
  add(input: Input): void | Promise<void>;
  /** After the last piece of a tensor: whether that tensor has to be shown again before the next one. */
  endTensor(): boolean;
  endPass(): void;
  conclude(): Globals;
}

/**
 * A merge that is a weighted sum of whole tensors, Σ f_t · θ_t, with factors that know the tensors by their inner products at most:
 * from files it is computed straight from the stored bytes.
 */
export interface WeightedForm<V> {
  /** Of which vectors inner products are wanted; undefined where the controls ask for more than a weighted sum. */
  readonly products: (controls: V) => 'none' | 'experts' | 'taskVectors' | undefined;
  /**
   * @param products [T, T], row-major, of float64; empty where none are wanted
   * @returns factors of [θ₀, θ₁ … θ_T]; where there is no base its factor is 0
   */
  readonly factors: (controls: V, products: Float64Array) => readonly number[];
}

/**
 * A merge that trims changes by magnitude, elects a sign for each weight and joins what agrees with it, θ = θ₀ + λ·m: from files it is
 * computed straight from the stored bytes. See `Election` of parts/elect.ts.
 */
export interface ElectedForm {
  /** Absent where all changes stay. */
  readonly trim?: {
    /** Over which changes the largest are looked for. */
    readonly scope: 'network' | 'tensor';
    /** How many of so many changes stay, the largest ones; all where there are no more. */
    readonly kept: (total: number) => number;
    /** Which of the changes that equal the smallest one that stays do so too: all, or as many as are wanted, the first ones. */
    readonly ties: 'all' | 'first';
  };
  /** Of each expert's change. */
  readonly weights: readonly number[];
  readonly joining: 'mean' | 'sum' | 'max';
  /** Elected where changes cancel: + or, where experts have the same say, what most weights of the network elect. */
  readonly zeroSign: 'majority' | 1;
  readonly lambda: number;
}

export interface MergeMethod<N extends Needs, C extends Controls, Partial, Globals, P> extends Common<N, C> {
  readonly kind: 'merge';
  /** What mergekit calls it; the first form whose choices fit is written. */
  readonly mergekit?: readonly MergekitForm[];
  /** One network; one for each expert's task made of shared weights and masks; or one for each. */
  readonly result: 'single' | 'masked' | 'routed' | 'set';
  /** Global statistics, first pass: one partial result per piece; depends on models only. Async where it reads from a GPU. */
  readonly survey?: (input: Input) => Partial | Promise<Partial>;
  /** Second pass: what every piece needs to know of all others. */
  readonly conclude?: (partials: readonly Partial[], controls: Values<C>) => Globals;
  /** What its survey keeps: a few numbers per piece or, where this is absent, as much as the task vectors. */
  readonly surveyKeeps?: 'numbers';
  /** The same statistics for networks that are too large to be kept. */
  readonly surveyor?: (controls: Values<C>, experts: number) => Surveyor<Globals>;
  /** The expensive part; kept until a control with stage 'prepare', the experts or an earlier step change. */
  readonly prepare: (input: Input<Globals>, controls: Values<C>, context: Context<N>) => P | Promise<P>;
  /**
   * The cheap part, run on every drag.
   * @param expert whose task's network is wanted, counted in the recipe's order; only 'masked' and 'set' results differ by it
   * @returns merged weights of the piece, same shape as the base's
   */
  readonly combine: (prepared: P, controls: Values<C>, expert: number) => Tensor;
  /** The same merge as `prepare` and `combine` make, where it is a weighted sum. */
  readonly weighted?: WeightedForm<Values<C>>;
  /** The same merge, where it is an election; up to the rounding of one float32. What the trimming says depends on 'prepare' controls only. */
  readonly elected?: (controls: Values<C>, experts: number) => ElectedForm;
  /** Of 'masked' and 'set' results. */
  readonly footprint?: (prepared: P, controls: Values<C>) => Footprint;
  /**
   * Blocks of the merged network, for methods that change the depth; `combine` then returns the weights of that network.
   * @param blocks of the base
   */
  readonly blocks?: (controls: Values<C>, blocks: number, experts: number) => number;
  /** Of one piece. Of methods with scope 'tensor' the engine puts the pieces' numbers in a row, as curves over the tensors. */
  readonly readout?: (prepared: P, controls: Values<C>) => Readout;
  /** Reasons in words why these controls cannot be combined (Σ = 0 of a normalised average, for example). */
  readonly check?: (controls: Values<C>, experts: number) => string | undefined;
}

export interface PreMethod<N extends Needs, C extends Controls> extends Common<N, C> {
  readonly kind: 'pre';
  readonly mergekit?: readonly MergekitJoin[];
  /** Maps task vectors to task vectors, same shapes and order. All its controls have stage 'prepare'. */
  readonly transform: (
    input: Input,
    controls: Values<C>,
    context: Context<N>,
  ) => readonly Tensor[] | Promise<readonly Tensor[]>;
}

export interface PostMethod<N extends Needs, C extends Controls> extends Common<N, C> {
  readonly kind: 'post';
  /**
   * Edits the merged change θ − θ₀ of one piece; sees the base and the task vectors after the pre steps. What it keeps in the
   * context's cache stays while nothing before this step moves. It may give the change back as it is.
   */
  readonly edit: (change: Tensor, input: Input, controls: Values<C>, context: BaseContext) => Tensor | Promise<Tensor>;
}

/** A method whose own types no longer matter: what the registry holds and the engine runs. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds methods of many types; each file was checked by defineMethod.
export type Method = MergeMethod<Needs, any, any, any, any> | PreMethod<Needs, any> | PostMethod<Needs, any>;

/** Declares a method; only types happen here. */
export function defineMethod<const N extends Needs, const C extends Controls, Partial, Globals, P>(
  method: MergeMethod<N, C, Partial, Globals, P>,
): MergeMethod<N, C, Partial, Globals, P>;
export function defineMethod<const N extends Needs, const C extends Controls>(method: PreMethod<N, C>): PreMethod<N, C>;
export function defineMethod<const N extends Needs, const C extends Controls>(
  method: PostMethod<N, C>,
): PostMethod<N, C>;
export function defineMethod(method: unknown): unknown {
  return method;
}
