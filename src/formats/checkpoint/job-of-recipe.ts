/** A recipe's chain over files that fit, as a job. */
import type { Catalogue } from '../../methods/metadata.ts';
import type { Recipe } from '../recipe.ts';
import type { WeightDtype } from '../safetensors/dtype.ts';
import type { Fit } from './fit-table.ts';
import type { MergeJob } from './job.ts';

export interface JobOptions {
  /** Of the merged weights; 'as-base': each tensor as the base (or the first expert) stores it, what cannot be written as float32. */
  readonly dtype: WeightDtype | 'as-base';
  /** `__metadata__` of the output. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Why this recipe cannot be merged over these files, in sentences: open decisions among them. Empty when it can. */
export function refuseJob(recipe: Pick<Recipe, 'chain'>, fit: Fit, catalogue: Catalogue): readonly string[] {
  throw new Error('to come');
}

/**
 * @param recipe its values per expert are in the order of `fit.experts`
 * @throws JobError when `refuseJob` says why
 */
export function jobOfRecipe(
  recipe: Pick<Recipe, 'chain' | 'seed'>,
  fit: Fit,
  options: JobOptions,
  catalogue: Catalogue,
): MergeJob {
  throw new Error('to come');
}
