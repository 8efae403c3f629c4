/** Finds the faster way of a group, where there is one. */
import type { Place } from '../../formats/checkpoint/job.ts';
import type { Dtype } from '../../formats/safetensors/dtype.ts';
import type { Lane, LaneFor } from './lane.ts';
import type { Group } from './plan-job.ts';

export const placesOf = ({ tensors }: Group): readonly Place[] =>
  tensors.flatMap(({ making }) => [...(making.base ? [making.base] : []), ...making.experts]);

/** @param dtypeOf undefined where the place is missing */
export function takeLane(
  group: Group,
  dtypeOf: (place: Place) => Dtype | undefined,
  laneFor: LaneFor | undefined,
): Lane | undefined {
  const { chain, span, seed, experts, tensors } = group;
  const places = placesOf(group);
  if (!laneFor || places.some(({ rows }) => rows)) return undefined;
  const inputs = new Set(places.map(dtypeOf));
  return laneFor({
    chain,
    span,
    seed,
    experts,
    hasBase: tensors[0]?.making.base !== null,
    inputs: [...inputs].flatMap((dtype) => dtype ?? []),
    outputs: [...new Set(tensors.map(({ making }) => making.dtype))],
  });
}
