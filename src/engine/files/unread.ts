/** Models that contribute nothing to a merge: where a weighted sum gives one the factor 0, its weights need not be read. */
import type { MergeJob, Place } from '../../formats/checkpoint/job.ts';
import type { Chain } from '../chain.ts';
import { StudioError } from '../fault.ts';
import type { Checkpoints } from './place-values.ts';
import { type PlannedTensor, planJob } from './plan-job.ts';

/** By place, [θ₀, θ₁ … θ_T], whether its factor is known to be 0 before anything is read; undefined of all other merges. */
function zeroFactors({ pre, merge, post }: Chain): readonly boolean[] | undefined {
  const { weighted } = merge.method;
  const { controls } = merge.step;
  if (pre.length > 0 || post.length > 0 || weighted?.products(controls) !== 'none') return undefined;
  return weighted.factors(controls, new Float64Array()).map((factor) => factor === 0);
}

/** Places of the tensor that are not read; none where its models have other rows, which they fill for each other. */
export function unreadPlaces({ chain, making }: PlannedTensor): ReadonlySet<Place> {
  const places = [making.base, ...making.experts];
  const zero = places.some((place) => place?.rows) ? undefined : zeroFactors(chain);
  // With no factor at all the output is 0, and its models are read as usual.
  if (!zero || zero.every((is, i) => is || !places[i])) return new Set();
  return new Set(places.flatMap((place, i) => (place && zero[i] ? [place] : [])));
}

/**
 * Ids of models whose factor is 0 in every tensor. A job that cannot run has none.
 */
function unreadModels(job: MergeJob, expert: number | undefined): readonly string[] {
  const used = new Set<string>();
  const unread = new Set<string>();
  for (const { making } of job.tensors) if (making.kind === 'copy') used.add(making.from.model);
  for (const tensor of plannedTensors(job, expert)) {
    const without = unreadPlaces(tensor);
    const { base, experts } = tensor.making;
    for (const place of [...(base ? [base] : []), ...experts]) (without.has(place) ? unread : used).add(place.model);
  }
  return [...unread].filter((model) => !used.has(model));
}

function plannedTensors(job: MergeJob, expert: number | undefined): readonly PlannedTensor[] {
  try {
    return planJob(job, expert).flatMap(({ tensors }) => tensors);
  } catch (fault) {
    if (fault instanceof StudioError) return [];
    throw fault;
  }
}

/** The job with a sentence about each of them. */
export function withUnread(job: MergeJob, checkpoints: Checkpoints, expert?: number): MergeJob {
  const remarks = unreadModels(job, expert).map(
    (model) =>
      `${checkpoints.get(model)?.outline.name ?? model} has the factor 0 in every tensor, so it changes nothing: ${job.vocabulary ? 'only rows of its tokens that other models lack are read, and whether its other weights are finite is not checked' : 'its weights are not read, and whether they are finite is not checked'}.`,
  );
  return remarks.length === 0 ? job : { ...job, remarks: [...job.remarks, ...remarks] };
}
