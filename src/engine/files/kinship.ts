/** Whether models share a base, told from their weights. */
import type { Checkpoint } from './checkpoint.ts';

/** One expert against the base, over the tensors that were read. */
export interface ExpertKinship {
  readonly id: string;
  /** ‖τ‖ / ‖θ₀‖ */
  readonly ratio: number;
  /** cos(θ, θ₀) of the weights themselves. */
  readonly likeness: number;
  readonly verdict: 'related' | 'far' | 'unrelated' | 'identical';
}

export interface TensorKinship {
  readonly name: string;
  /** ‖τ‖ / ‖θ₀‖ by expert. */
  readonly ratios: readonly number[];
  /** cos(τ_i, τ_j), row by row, experts × experts. */
  readonly cosines: readonly number[];
}

export interface Kinship {
  readonly experts: readonly ExpertKinship[];
  /** cos(τ_i, τ_j) over all tensors that were read, row by row. */
  readonly cosines: readonly number[];
  readonly tensors: readonly TensorKinship[];
  /** 'sampled': a few tensors were read, and of those a part. */
  readonly basis: 'sampled' | 'exact';
  readonly read: { readonly tensors: number; readonly of: number; readonly bytes: number };
  /** What it means, and what to do instead where they do not share a base. */
  readonly says: string;
}

export interface KinshipOptions {
  readonly mode: 'sampled' | 'exact';
  /** Tensors: the base's name and what each expert calls it (see Fit.rows). */
  readonly rows: readonly { readonly name: string; readonly experts: readonly string[] }[];
  readonly progress?: (done: number, total: number) => void;
  /** Lets messages in; rejects when the work is no longer wanted. */
  readonly breathe?: () => Promise<void>;
}

export async function kinshipOf(
  base: Checkpoint,
  experts: readonly Checkpoint[],
  options: KinshipOptions,
): Promise<Kinship> {
  throw new Error('to come');
}
