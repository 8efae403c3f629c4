/** What a merge of files will take, before it begins. */
import type { MergeJob, Place } from '../../formats/checkpoint/job.ts';
import type { ModelOutline, TensorOutline } from '../../formats/checkpoint/outline.ts';
import { byteLength } from '../../formats/safetensors/write.ts';
import { asFailure } from '../fault.ts';
import type { LaneFor } from './lane.ts';
import { layoutOf } from './layout.ts';
import { checkMemory, lanePeak, type Peak, peakOf } from './peak-memory.ts';
import { type Group, planJob } from './plan-job.ts';
import { surveyPasses } from './survey-job.ts';
import { placesOf, takeLane } from './take-lane.ts';

export interface Needs {
  /** Of all tensors that the job reads, once. */
  readonly inputBytes: number;
  /** All that is read: input in every pass, and the output to be checked. */
  readonly readBytes: number;
  /** Of the file with its header: so much room is needed where it is written. */
  readonly outputBytes: number;
  /** How often the input is read: 1, and what the survey of a method with global statistics takes. */
  readonly passes: number;
  /** Most memory at once. */
  readonly peakBytes: number;
  /** The tensor that takes it; null where it is the whole network. */
  readonly largest: string | null;
  /** Why the job cannot be run, and what to do instead; null when it can. */
  readonly refusal: { readonly reason: string; readonly todo: string } | null;
}

/** Bytes of a tensor that are copied at once, read and written. */
const COPIED_BYTES = 16_000_000;

interface Ways {
  /** Whose network of a method that gives one for each, counted in the experts' order. */
  readonly expert?: number;
  readonly laneFor?: LaneFor;
}

/** @param outlines by model id */
export function needsOf(job: MergeJob, outlines: ReadonlyMap<string, ModelOutline>, ways: Ways = {}): Needs {
  const tensorAt = lookUp(outlines);
  const bytesOf = (place: Place) => {
    const tensor = tensorAt(place);
    return tensor ? byteLength(tensor) : 0;
  };
  const outputBytes = sum(layoutOf(job).files.map(({ bytes }) => bytes));
  const { groups, refusal } = planned(job, ways.expert);
  const merged = groups.map((group) => {
    const lane = takeLane(group, (place) => tensorAt(place)?.dtype, ways.laneFor);
    const peak = lane ? lanePeak(group, lane) : peakOf(group);
    return {
      bytes: sum(placesOf(group).map(bytesOf)),
      surveys: lane?.surveys ?? surveyPasses(group),
      peak,
      refusal: lane ? null : refusalOf(() => checkMemory(group)),
    };
  });
  const copied = job.tensors.flatMap(({ making }) => (making.kind === 'copy' ? [making.from] : []));
  const inputBytes = sum(copied.map(bytesOf)) + sum(merged.map(({ bytes }) => bytes));
  const none: Peak = { bytes: COPIED_BYTES, tensor: null };
  const highest = merged.reduce((most, { peak }) => (peak.bytes > most.bytes ? peak : most), none);
  return {
    inputBytes,
    readBytes: inputBytes + sum(merged.map(({ bytes, surveys }) => bytes * surveys)) + outputBytes,
    outputBytes,
    passes: 1 + Math.max(0, ...merged.map(({ surveys }) => surveys)),
    peakBytes: highest.bytes,
    largest: highest.tensor,
    refusal: refusal ?? merged.find((one) => one.refusal)?.refusal ?? null,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function planned(job: MergeJob, expert: number | undefined) {
  let groups: readonly Group[] = [];
  const refusal = refusalOf(() => {
    groups = planJob(job, expert);
  });
  return { groups, refusal };
}

function refusalOf(attempt: () => void): Needs['refusal'] {
  try {
    attempt();
    return null;
  } catch (fault) {
    const { message, todo } = asFailure(fault);
    return { reason: message, todo };
  }
}

/** Of places; what a model lacks counts nothing: running the job says so. */
function lookUp(outlines: ReadonlyMap<string, ModelOutline>): (place: Place) => TensorOutline | undefined {
  const tables = new Map(
    [...outlines].map(([id, { tensors }]) => [id, new Map(tensors.map((tensor) => [tensor.name, tensor]))]),
  );
  return ({ model, tensor }) => tables.get(model)?.get(tensor);
}
