/** Which network a model is, told from the names and shapes of its tensors. */
import type { ModelOutline } from './outline.ts';

export interface Architecture {
  /** A row of architecture-table.ts, or 'generic'. */
  readonly id: string;
  readonly name: string;
  /** Why it is taken for this one, in a sentence; also where config.json says something else. */
  readonly reason: string;
  /** Blocks from input to output; of two towers side by side, of the longer one. 0 where names tell of none. */
  readonly layers: number;
  /** Width of the residual stream, null where it cannot be told. */
  readonly hidden: number | null;
  /** Rows of the token embedding, null where there is none. */
  readonly vocabulary: number | null;
  /** The output layer is the token embedding: the files hold no tensor of its own for it. */
  readonly tied: boolean;
  /** Weights of all tensors but counts, indices and masks. */
  readonly parameters: number;
  /** Blocks by tower, each a row of sections with how many blocks they have. */
  readonly sections: readonly (readonly { readonly pattern: string; readonly blocks: number }[])[];
}

export function recognise(outline: ModelOutline): Architecture {
  throw new Error('to come');
}
