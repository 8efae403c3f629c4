/** What the headers of a model's files say, before any weight is read: plain data, that the page and its workers exchange. */
import type { Dtype } from '../safetensors/dtype.ts';

export interface TensorOutline {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A model as it was dropped: one file, several shards, or an adapter that stands for a change of another model. */
export interface ModelOutline {
  /** Unique among the models that are open; what jobs call it. */
  readonly id: string;
  /** Of its file or folder, for people. */
  readonly name: string;
  readonly kind: 'weights' | 'adapter';
  /** In the order of the files' bytes, shards in the order of their names. */
  readonly tensors: readonly TensorOutline[];
  /** `__metadata__` of its files, later ones first where two have the same key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** config.json, or adapter_config.json of an adapter, where it lay beside the weights; unchecked. */
  readonly config: unknown;
  /** Of its weights' files. */
  readonly bytes: number;
  /** Of the tokenizer that lay beside the weights; missing where there is none, or where it cannot be read. */
  readonly vocabulary?: VocabularyOutline;
}

export interface VocabularyOutline {
  /** Of the file that tells the tokens. */
  readonly path: string;
  readonly tokens: number;
  /** Equal where the same tokens stand for the same rows. */
  readonly digest: string;
}
