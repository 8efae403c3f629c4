/** A mergekit configuration as plain data, with the settings still as they were written: what a tensor gets, values-of-tensor.ts says. */

/** A model as a configuration names it. */
export interface ModelReference {
  /** As it is written in one piece: `path` or `path+adapter`. */
  readonly text: string;
  readonly model: string;
  /** Path of the LoRA that is added to it. */
  readonly lora?: string;
}

export type Scalar = number | boolean | string;

/** One value for all, or values at equally spaced layers of a slice. */
export type Values = Scalar | readonly Scalar[];

/** Values for the tensors whose name contains the filter; for all without one. */
export interface Conditional {
  readonly filter?: string;
  readonly value: Values;
}

export type Setting = Values | readonly Conditional[];

export type Settings = Readonly<Record<string, Setting>>;

/** One input of a slice. */
export interface Source {
  readonly model: ModelReference;
  /** Layers [from, to) of the model; all of them where it is undefined. */
  readonly layers?: readonly [number, number];
  readonly parameters: Settings;
  /** Of the text, from 1. */
  readonly line: number;
}

/** Layers of the output, made of as many layers of every source. */
export interface Slice {
  readonly sources: readonly Source[];
  /** In place of the configuration's own. */
  readonly base?: ModelReference;
  readonly parameters: Settings;
  readonly line: number;
}

/** What is said about one token of the merged model. */
export interface TokenRequest {
  readonly token: string;
  /** Of its row in models that lack it: 0, the same token of a model, or another row of one. */
  readonly source:
    | { readonly kind: 'zero' }
    | { readonly kind: 'model'; readonly model: ModelReference }
    | { readonly kind: 'row'; readonly model: ModelReference; readonly token: string | number }
    | null;
  /** In all models, also in those that have the token. */
  readonly force: boolean;
  readonly line: number;
}

/** The tokenizer of the merged model. */
export interface AskedTokens {
  readonly source: 'union' | 'base' | ModelReference;
  readonly tokens: readonly TokenRequest[];
  /** The rows are made a multiple of this; null where nothing is said. */
  readonly padTo: number | null;
  readonly line: number;
}

/** What `merge_method` makes of models; `models` are one slice of all layers. */
export interface MergekitConfiguration {
  readonly kind: 'config';
  readonly method: string;
  /** Whether it lists slices of layers; one slice without ranges stands for `models`. */
  readonly sliced: boolean;
  readonly slices: readonly Slice[];
  readonly base?: ModelReference;
  readonly parameters: Settings;
  /** Settings of the one module that `modules` names. */
  readonly moduleParameters: Settings;
  /** Data type in which mergekit reads the models, and writes them unless outDtype says otherwise. */
  readonly dtype?: string;
  readonly outDtype?: string;
  /** Undefined where rows of embeddings are matched by their number. */
  readonly tokens?: AskedTokens;
  /** Every model that is named, once each: first those that are merged, in their order, then the base. */
  readonly references: readonly ModelReference[];
  /** What the configuration says beside the merge, a sentence each. */
  readonly remarks: readonly string[];
}

export interface ConfigurationProblem {
  /** Of the text, from 1. */
  readonly line: number;
  readonly message: string;
}

export type MergekitRead =
  | MergekitConfiguration
  | { readonly kind: 'refused'; readonly problems: readonly ConfigurationProblem[] };

/** Collects what is wrong, so that everything is told at once. */
export interface Report {
  problem(at: { readonly line: number }, message: string): void;
  remark(sentence: string): void;
}
