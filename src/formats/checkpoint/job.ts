/**
 * A merge of checkpoints, tensor by tensor: what every way in (the page's choices, a mergekit configuration, a recipe on the command
 * line) is translated to, and the only thing that the engine runs over files. Plain data, complete: it can be shown, kept and resumed.
 */
import type { Step } from '../recipe.ts';
import type { Dtype, WeightDtype } from '../safetensors/dtype.ts';

/** A tensor of one of the models. */
export interface Place {
  /** Id of the model, see outline.ts. */
  readonly model: string;
  readonly tensor: string;
  /**
   * Set where the tensor has other rows than the output: rows that an expert lacks are the base's (its change is 0 there), rows that
   * the base lacks are the mean of the experts that have them, rows beyond the output's are left out.
   */
  readonly rows?: 'fit';
}

/** How one tensor of the output is made. */
export type Making =
  | { readonly kind: 'copy'; readonly from: Place; readonly dtype: Dtype }
  | {
      readonly kind: 'merge';
      /** θ₀; null where the job has no base (its method asks for none). */
      readonly base: Place | null;
      /** In the order of the coefficients in `chain`. */
      readonly experts: readonly Place[];
      /** Index into the job's chains: tensors with the same controls share one. */
      readonly chain: number;
      readonly dtype: WeightDtype;
    };

export interface JobTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Position between input and output, 0…1, and what it is: what depth curves, filters and depth methods ask for. */
  readonly depth: number;
  readonly role: 'embedding' | 'linear' | 'bias' | 'norm';
  readonly group: 'embedding' | 'attention' | 'mlp' | 'norm';
  readonly making: Making;
}

export interface JobVocabulary {
  /** Rows of the output's embedding. */
  readonly rows: number;
  /** Other: of a configuration that names another tokenizer, or says more about single tokens. */
  readonly source: 'union' | 'base' | 'other';
  /** Id of the model whose rows fill those that others lack; null where it is their mean. */
  readonly base: string | null;
  /** Checksum of what each row is made of. */
  readonly digest: string;
}

export interface MergeJob {
  /** pre* → merge → post*, with every control stored; see recipe.ts. */
  readonly chains: readonly (readonly Step[])[];
  readonly seed: number;
  /** In the order in which they are written. */
  readonly tensors: readonly JobTensor[];
  /** `__metadata__` of the output. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Set where embeddings and output layers are gathered by token: the vocabulary of the output. */
  readonly vocabulary?: JobVocabulary;
  /** Sentences about what was asked for and is done otherwise, or not at all. */
  readonly remarks: readonly string[];
}
