/** How much memory the merge of a group takes at most, and what is refused for it. */
import { StudioError } from '../fault.ts';
import type { Lane } from './lane.ts';
import { MAX_PART_BYTES } from './load-span.ts';
import { type Group, wholeNetworkSteps } from './plan-job.ts';

const BYTES_PER_WEIGHT = 4;
/** Copies of its inputs that a method holds while it merges entry by entry: the largest factor that was measured. */
const COPIES_IN_PARTS = 6;
/** Whole matrices: their inputs, what the method makes of them, and the result, each up to so many times. */
const COPIES_OF_TENSOR = 4;
const COPIES_OF_NETWORK = 6;
/** A survey that keeps task vectors also keeps their magnitudes in order. */
const COPIES_OF_SURVEY = 2;
/** A page's memory of TensorFlow.js ends at 4 GB, the rest of it needs some too. */
const MAX_BYTES = 3_000_000_000;

export interface Peak {
  readonly bytes: number;
  /** The tensor that takes it; null where all of them do. */
  readonly tensor: string | null;
}

/** @param partBytes decoded inputs of one part */
export function peakOf({ span, experts, tensors, chain }: Group, partBytes = MAX_PART_BYTES): Peak {
  const weights = tensors.reduce((sum, { row }) => sum + row.length, 0);
  const inputs = (count: number) => BYTES_PER_WEIGHT * count * (experts + 1);
  const { name, length } = largestOf(tensors);
  if (span === 'network') return { bytes: COPIES_OF_NETWORK * inputs(weights), tensor: null };
  const { survey, surveyor, surveyKeeps } = chain.merge.method;
  const kept =
    survey && !surveyor && surveyKeeps !== 'numbers' ? COPIES_OF_SURVEY * experts * BYTES_PER_WEIGHT * weights : 0;
  const merging =
    span === 'part'
      ? COPIES_IN_PARTS * Math.min(partBytes, inputs(length))
      : COPIES_OF_TENSOR * BYTES_PER_WEIGHT * length * (experts + 2);
  return { bytes: kept + merging, tensor: kept > merging ? null : name };
}

export function lanePeak({ tensors }: Group, lane: Lane): Peak {
  const { name, length } = largestOf(tensors);
  return { bytes: lane.peakBytes(length), tensor: name };
}

const largestOf = (tensors: Group['tensors']) =>
  tensors.map(({ row }) => row).reduce((most, row) => (row.length > most.length ? row : most));

/** @throws StudioError where the group would take more than a page can have */
export function checkMemory(group: Group): void {
  const { bytes, tensor } = peakOf(group);
  if (bytes <= MAX_BYTES) return;
  const [first = group.chain.merge.method] = group.span === 'network' ? wholeNetworkSteps(group.chain) : [];
  const { name, withinTensors } = first;
  const unit =
    group.span === 'network' ? 'the whole network' : tensor === null ? 'all changes' : `the whole of ${tensor}`;
  throw new StudioError(
    'memory',
    `${name} needs ${unit} in memory at once: ${gigabytes(bytes)} GB, and at most ${gigabytes(MAX_BYTES)} GB can be had.`,
    `${withinTensors && group.span === 'network' ? `Let ${name} look at each tensor by itself, merge` : 'Merge'} fewer experts, or choose a method that goes weight by weight, such as a weighted sum or TIES, without steps that see the whole network.`,
  );
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
